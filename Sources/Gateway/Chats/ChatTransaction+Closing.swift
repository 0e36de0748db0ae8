internal import Assignment
internal import Storage

extension ChatTransaction {
    /// Ends the locked chat: frees the slot and tells so, in this transaction.
    ///
    /// A chat that is being wrapped up ends as the visitor was told that it did: with the first reason, by whom it was.
    func close(_ open: ChatRow, reason: ChatCloseReason, by: Participant) throws -> ChatRow {
        let wasWrappedUp = open.status == .wrapup
        let reason = wasWrappedUp ? open.closeReason ?? reason : reason
        let by = wasWrappedUp ? open.closedBy ?? by : by
        var before = open
        if let released = try self.release(open, reason: "closed") {
            try self.rescind(released, in: &before, reason: "closed")
        }
        var chat = try Chats.close(self.sql, before, reason: reason, by: by)
        let question = wasWrappedUp ? nil : try self.question(about: chat, ended: reason)
        let times = try ChatTimes.read(self.sql, chat)
        try self.record(
            .chatClosed(
                ChatClosed(
                    closedBy: by, reason: reason, closedAt: chat.closedAt ?? chat.readAt, visitorID: chat.visitorID,
                    queue: chat.queue, epoch: chat.epoch, version: chat.version, lastOwner: open.owner,
                    durationSeconds: times.duration / 1000,
                    firstResponseSeconds: times.humanResponse.map { $0 / 1000 },
                    waitSeconds: times.wait / 1000, handleSeconds: times.handle / 1000, messages: chat.seq,
                    priority: chat.priority, wasWrappedUp: wasWrappedUp, csatURL: question?.url)),
            in: &chat)
        return try self.ask(question, about: chat, with: open.owner)
    }

    /// The chat is over for its visitor; the one who has it keeps the slot for so many milliseconds, or until they close
    /// it once more.
    func wrapUp(
        _ open: ChatRow, reason: ChatCloseReason, by: Participant, milliseconds: Int64
    ) throws -> (chat: ChatRow, until: Timestamp) {
        guard let live = try Assignments.live(self.sql, of: open) else {
            throw StorageError.unexpected("an active chat without an assignment")
        }
        var chat = try Chats.wrapUp(self.sql, open, reason: reason, by: by)
        let wrapped = try Assignments.wrapUp(self.sql, live, milliseconds: milliseconds)
        let until = wrapped.deadline ?? chat.readAt
        let question = try self.question(about: chat, ended: reason)
        try self.record(
            .chatWrappedUp(
                ChatWrappedUp(
                    chat, closedBy: by, reason: reason, closedAt: chat.readAt, wrapUpUntil: until,
                    csatURL: question?.url)),
            in: &chat)
        return (try self.ask(question, about: chat, with: open.owner), until)
    }

    /// A chat that is being wrapped up is over for its visitor: whoever acts for them ends it first.
    func endWrapUp(of chat: ChatRow) throws -> ChatRow {
        chat.status == .wrapup ? try self.close(chat, reason: .resolved, by: .system) : chat
    }
}
