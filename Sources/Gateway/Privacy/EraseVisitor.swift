internal import Assignment
internal import SocketIO
internal import Storage

/// Forgets a visitor: closes what is open, so that nobody waits for them, and takes every text out, in one transaction. For
/// the command line and, one day, for REST.
struct EraseVisitor: Sendable {
    let visitor: String
    let by: Participant

    /// - Returns: what was done, as JSON; nil where there is no such visitor.
    func callAsFunction(_ changes: Changes, in workspace: String) async throws -> JSONText? {
        let pseudonym = "erased-" + Hexadecimal.encode(SecureRandom.bytes(count: 12))
        return try await changes(in: workspace) { transaction in
            guard let held = try Privacy.hold(transaction.sql, workspace, self.visitor) else { return nil }
            for id in held.openChats {
                let chat = try transaction.lock(id)
                _ = try transaction.close(chat, reason: .abandoned, by: self.by)
            }
            guard let done = try Privacy.erase(transaction.sql, workspace, held.subject, pseudonym: pseudonym) else {
                return nil
            }
            try Audit.append(
                transaction.sql, workspace, actor: self.by, action: "visitor.erased", detail: done)
            return done
        }
    }
}

/// Hands out what is known of a visitor, and notes who asked.
struct ExportVisitor: Sendable {
    let visitor: String
    let by: Participant

    /// - Returns: one JSON object; nil where there is no such visitor.
    func callAsFunction(_ database: Database, in workspace: String) async throws -> JSONText? {
        try await database.transaction(.workspace(workspace)) { sql in
            guard let subject = try Privacy.subject(sql, workspace, self.visitor),
                let export = try Privacy.export(sql, workspace, subject)
            else { return nil }
            try Audit.append(
                sql, workspace, actor: self.by, action: "visitor.exported",
                detail: JSONText(["visitor": .string(subject)]))
            return export
        }
    }
}
