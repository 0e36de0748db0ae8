internal import Assignment
internal import SocketIO
internal import Storage

extension ChatTransaction {
    /// The chat sleeps with the one who has it, and counts a part of its weight; of a sleeping chat the time moves. Tells
    /// it.
    func pause(_ awake: ChatRow, until: Timestamp, by: Participant, reason: String) throws -> ChatRow {
        if awake.status == .active {
            guard let live = try Assignments.live(self.sql, of: awake) else {
                throw StorageError.unexpected("an active chat without an assignment")
            }
            let asleep = try Assignments.reweigh(
                self.sql, live, .paused, weight: ChatWeight.effective(awake.weight, in: .paused))
            let freed = try Commercials.release(
                self.sql, self.workspace, live.commercialID, weight: live.weight - asleep.weight)
            if let freed { try self.record(.commercialStatusChanged(CommercialStatusChanged(freed))) }
        }
        var chat = try Chats.pause(self.sql, awake, until: until, by: by, reason: reason)
        let changes: JSONObject = ["status": .word(chat.status), "snoozeUntil": .time(until)]
        try self.record(.chatUpdated(ChatUpdated(changes: JSONText(changes), chat: chat, by: by)), in: &chat)
        return chat
    }

    /// A sleeping chat goes on: with the one who had it if they can take it, else at its old place in the line. Tells it.
    ///
    /// - Throws: `capacity_full` where the one who has it asks and has no room.
    func wake(_ asleep: ChatRow, _ cause: Snooze.Cause, by: Participant, reason: String) throws -> ChatRow {
        guard let live = try Assignments.live(self.sql, of: asleep),
            let owner = try Commercials.lock(self.sql, self.workspace, live.commercialID)
        else { throw StorageError.unexpected("a sleeping chat without an assignment") }
        if Snooze.staysWithOwner(cause, isConnected: owner.isConnected, declared: owner.declared) {
            let carried = try Commercials.carry(
                self.sql, self.workspace, owner.id, weight: asleep.weight - live.weight,
                aboveCap: owner.role != .commercial)
            if let carried {
                _ = try Assignments.reweigh(self.sql, live, .active, weight: asleep.weight)
                var chat = try Chats.activate(
                    self.sql, asleep, owner: carried.participant, by: by, reason: reason)
                let changes: JSONObject = [
                    "status": .word(chat.status), "snoozeUntil": .null, "reason": .string(reason),
                ]
                try self.record(
                    .chatUpdated(ChatUpdated(changes: JSONText(changes), chat: chat, by: by)), in: &chat)
                try self.record(.commercialStatusChanged(CommercialStatusChanged(carried)))
                return chat
            }
            guard cause == .byItself else {
                throw DomainRefusal(
                    .capacityFull, "There is no free slot.",
                    details: [.load(current: owner.load, cap: owner.cap)])
            }
        }
        return try self.handBack(asleep, by: by, reason: reason)
    }
}
