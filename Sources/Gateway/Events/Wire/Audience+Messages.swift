internal import Assignment
internal import SocketIO
internal import Storage

extension Audience {
    /// Visitor, staff in the room and every bot get the same form, so that it is encoded once.
    func message(_ posted: MessagePosted) -> [Outgoing] {
        [
            Outgoing(
                event: "message:new",
                body: self.numbered(MessageForm.message(posted.message, chat: posted.chat)),
                rooms: [self.publicRoom, self.staffRoom, self.bots],
                except: self.ownEcho(of: posted.message.sender), exceptSocket: self.origin)
        ]
    }

    func note(_ posted: NotePosted) -> [Outgoing] {
        [
            Outgoing(
                event: "message:new",
                body: self.numbered(MessageForm.note(posted.note, chat: posted.chat)),
                rooms: [self.staffRoom, self.bots],
                except: self.ownEcho(of: posted.note.sender), exceptSocket: self.origin)
        ]
    }

    func receipt(_ read: Storage.MessageRead) -> [Outgoing] {
        var body = self.base()
        body["actor"] = .participant(read.reader)
        body["readSeq"] = .int(read.readSeq)
        body["at"] = .time(read.at)
        let staff = [self.staffRoom, self.bots]
        return [
            Outgoing(
                event: "message:receipt", body: body,
                rooms: read.isForStaff ?? false ? staff : [self.publicRoom] + staff,
                except: self.ownEcho(of: read.reader), exceptSocket: self.origin)
        ]
    }

    private func numbered(_ form: JSONObject) -> JSONObject {
        JSONObject([.init(key: "eventId", value: .string(String(self.event.outboxID)))] + form.members)
    }

    /// A bot never hears itself on any socket: one that runs in several processes would answer itself.
    private func ownEcho(of sender: Participant) -> [Room] {
        sender.role == .ai ? [.bot(self.workspace, sender.id)] : []
    }
}
