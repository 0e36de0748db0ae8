internal import Assignment
internal import SocketIO
internal import Storage

/// Promises: when they are due, and who hears that they run out.
extension Sweeper {
    func keepPromise(_ due: (workspace: String, chatID: String, id: String)) async throws {
        try await self.changes(in: due.workspace) { transaction in
            var chat = try transaction.lock(due.chatID)
            guard let clock = try SLAClocks.lockDue(transaction.sql, due.workspace, due.id) else { return }
            guard let promise = clock.promise else {
                let dueAt = try SLAClocks.dueTime(transaction.sql, due.workspace, clock, queue: chat.queue)
                return try SLAClocks.setDue(transaction.sql, due.workspace, clock, dueAt)
            }
            switch promise.next(now: chat.readAt) {
            case .warn:
                try SLAClocks.mark(
                    transaction.sql, due.workspace, clock, warned: true, lookAgain: promise.dueAt)
                try transaction.report(clock, isBreach: false, dueAt: promise.dueAt, in: &chat)
            case .reportBreach:
                try SLAClocks.mark(transaction.sql, due.workspace, clock, breached: true, lookAgain: nil)
                try transaction.report(clock, isBreach: true, dueAt: promise.dueAt, in: &chat)
            case .lookAgain(let instant):
                try SLAClocks.mark(transaction.sql, due.workspace, clock, lookAgain: instant)
            case .rest:
                try SLAClocks.mark(transaction.sql, due.workspace, clock, lookAgain: nil)
            }
        }
    }
}

extension ChatTransaction {
    fileprivate func report(
        _ clock: SLAClockRow, isBreach: Bool, dueAt: Timestamp, in chat: inout ChatRow
    ) throws {
        try Audit.append(
            self.sql, self.workspace, actor: .system, action: isBreach ? "sla.breached" : "sla.warned",
            chatID: chat.id,
            detail: JSONText([
                "policy": .string(clock.policy), "kind": .word(clock.kind), "dueAt": .time(dueAt),
            ]))
        try self.record(
            .promiseReported(PromiseReported(clock, isBreach: isBreach, dueAt: dueAt, chat: chat)), in: &chat)
    }
}
