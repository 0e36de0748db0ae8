internal import Assignment
internal import SocketIO
internal import Storage

/// An anonymous visitor turns out to be somebody for whom the company vouches: what was theirs is that somebody's from now
/// on. The anonymous identity ends; its chats keep their ids, and its id says into whom it went.
struct IdentifyVisitor: Sendable {
    let anonymous: Principal
    let verified: Principal

    /// What came of it: how many chats changed hands.
    func run(_ transaction: ChatTransaction) throws -> Int {
        let (sql, workspace) = (transaction.sql, transaction.workspace)
        let (old, new) = (self.anonymous.subject, self.verified.subject)
        for (id, isVerified) in [(old, false), (new, true)] {
            try Visitors.upsert(
                sql, workspace, id, isVerified: isVerified, name: isVerified ? self.verified.name : nil)
        }
        try Visitors.lock(sql, workspace, old, new)
        let survivor = try self.endOneOfTwo(transaction)
        let moved = try Visitors.merge(sql, workspace, old, into: new)
        try Trust.revoke(sql, workspace, subject: old, role: .visitor)
        try Audit.append(
            sql, workspace, actor: self.verified.participant, action: "visitor.merged",
            chatID: survivor.flatMap { moved.contains($0) ? $0 : nil },
            detail: JSONText(["from": .string(old), "to": .string(new), "chats": .int(Int64(moved.count))]))
        let told = DomainEvent.Body.visitorIdentified(
            VisitorIdentified(visitorID: new, previousVisitorID: old, name: self.verified.name, chats: moved.count))
        if let survivor, moved.contains(survivor) {
            var chat = try transaction.lock(survivor)
            try transaction.record(told, in: &chat)
        } else {
            try transaction.record(told)
        }
        return moved.count
    }

    /// Where both have a chat open, one of them ends.
    ///
    /// - Returns: The open chat that goes on.
    private func endOneOfTwo(_ transaction: ChatTransaction) throws -> String? {
        var open: [ChatRow] = []
        for subject in [self.anonymous.subject, self.verified.subject].sorted() {
            if let chat = try Chats.lockOpen(transaction.sql, transaction.workspace, visitor: subject) {
                open.append(chat)
            }
        }
        guard open.count == 2 else { return open.first?.id }
        let ids = VisitorMerge.keep(.init(open[0]), .init(open[1]))
        for chat in open where chat.id == ids.ends {
            _ = try transaction.close(chat, reason: .merged, by: .system)
        }
        return ids.stays
    }
}

extension VisitorMerge.OpenChat {
    fileprivate init(_ chat: ChatRow) {
        self.init(
            id: chat.id, status: chat.status, lastVisitorAt: chat.lastVisitorAt, createdAt: chat.createdAt)
    }
}
