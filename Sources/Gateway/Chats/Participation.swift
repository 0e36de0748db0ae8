internal import Assignment
internal import SocketIO
internal import Storage

/// Somebody came into a chat or left it: told to the staff in the room, and not stored.
struct Participation: Sendable {
    let chat: ChatKey
    let participant: Participant
    let mode: JoinMode
    let change: ParticipantChanged.Change

    func tell(_ broadcaster: any Broadcaster, except socket: String) {
        let room = Room.chatStaff(self.chat.workspace, self.chat.chat)
        guard self.mode != .monitor, broadcaster.hasMembers(room) else { return }
        let body: JSONObject = [
            "chatId": .string(self.chat.chat),
            "participant": .participant(self.participant, named: true),
            "action": .word(self.change),
            "mode": .word(self.mode),
        ]
        broadcaster.tell("chat:participant", body, to: [room], exceptSockets: [socket], isDispensable: true)
    }
}
