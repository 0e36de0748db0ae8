internal import Assignment
internal import SocketIO
internal import Storage

extension ChatTransaction {
    /// Nobody comes before the queue opens: the chat leaves the line, keeps its place in it, and takes messages. The
    /// visitor is told when it opens; the sweeper puts the chat back then.
    ///
    /// - Parameters:
    ///   - nextOpenAt: nil where nobody knows.
    ///   - previous: The person who had it until now.
    func setOffline(
        _ waiting: ChatRow, nextOpenAt: Timestamp?, by: Participant = .system, reason: String,
        previous: String? = nil
    ) throws -> ChatRow {
        var chat = try Chats.setOffline(self.sql, waiting, nextOpenAt: nextOpenAt, by: by, reason: reason)
        let changes: JSONObject = [
            "status": .word(chat.status), "assignedTo": .null, "epoch": .int(chat.epoch),
            "nextOpenAt": nextOpenAt.map(JSONValue.time) ?? .null, "reason": .string(reason),
        ]
        try self.record(
            .chatUpdated(
                ChatUpdated(changes: JSONText(changes), chat: chat, by: by, previousCommercialID: previous)),
            in: &chat)
        return chat
    }

    /// The time at which an offline chat's queue should open has come: it is queued at its old place, or waits for the
    /// next opening, where the hours have changed.
    func open(_ offline: ChatRow) throws -> ChatRow {
        guard let closure = try Queues.closure(self.sql, self.workspace, offline.queue) else {
            return try self.enqueue(offline, by: .system, reason: "opened")
        }
        guard closure.nextOpenAt != offline.nextOpenAt else {
            return try Chats.setLook(self.sql, offline, at: closure.nextOpenAt ?? offline.readAt.inAnHour)
        }
        return try self.setOffline(offline, nextOpenAt: closure.nextOpenAt, reason: "closed")
    }
}

extension Timestamp {
    /// When to ask again what nobody can say now.
    fileprivate var inAnHour: Timestamp { self.advanced(byMilliseconds: 3_600_000) }
}
