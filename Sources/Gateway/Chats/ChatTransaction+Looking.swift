internal import Assignment
internal import Storage

extension ChatTransaction {
    /// Notes that somebody of the staff looks into a chat that is not theirs: once per chat and connection.
    func noteLook(into chat: ChatRow, of session: Session) throws {
        let principal = session.principal
        switch principal.role {
        case .commercial, .supervisor, .admin: break
        case .visitor, .ai, .system: return
        }
        guard chat.owner?.id != principal.subject, !session.hasLooked(into: chat.id) else { return }
        try Audit.append(
            self.sql, self.workspace, actor: principal.participant, action: "chat.read", chatID: chat.id)
    }
}
