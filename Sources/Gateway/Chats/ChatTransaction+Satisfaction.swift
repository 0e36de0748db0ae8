internal import Assignment
internal import Storage

extension ChatTransaction {
    /// Whether the visitor of a chat that ends is asked how it was: where the workspace wants to know, the matter was
    /// done, a person took part, and the visitor has not said yet.
    func question(about chat: ChatRow, ended reason: ChatCloseReason) throws -> Satisfaction.Settings? {
        guard reason == .resolved, chat.firstHumanAt != nil, chat.csatAt == nil,
            var settings = try Satisfaction.settings(self.sql, self.workspace)
        else { return nil }
        settings.url = settings.url?.replacing("{chatId}", with: chat.id)
        return settings
    }

    /// Asks the visitor of a locked chat.
    func ask(_ question: Satisfaction.Settings?, about chat: ChatRow, with person: Participant?) throws -> ChatRow {
        guard let question else { return chat }
        var asked = try Satisfaction.ask(
            self.sql, chat, windowMilliseconds: question.windowMilliseconds)
        try self.record(
            .satisfactionRequested(
                SatisfactionRequested(
                    expiresAt: asked.csatUntil ?? asked.readAt,
                    commercialName: person.flatMap { $0.role == .ai ? nil : $0.name }, url: question.url)),
            in: &asked)
        return asked
    }
}
