internal import Assignment
internal import Storage

extension SendMessage {
    /// The message as one that changes nothing but its chat's numbers, as far as sender and words tell; nil where they
    /// call for more, or where that takes more than them. What else it takes is looked at when it is stored.
    ///
    /// - Parameter usualChat: The chat to which this visitor's messages went that named none.
    func plain(_ configuration: GatewayConfiguration, usualChat: String?) -> PlainMessage? {
        guard !self.isPrivate, self.message.replyTo == nil, self.message.streamID == nil,
            self.epoch.map({ $0 >= 1 }) ?? true
        else { return nil }
        var needsHistory = false
        var polarity = 0.0
        var language: SentimentLanguage?
        var chat = self.chatID
        switch self.principal.role {
        case .visitor:
            chat = chat ?? usualChat
            // Not before it is known that there is a chat: who opens one goes the other way anyhow.
            guard chat != nil else { return nil }
            switch EscalationJudge.prospect(of: self.message.content, configuration.escalation.thresholds) {
            case .nothing(let value, let certain): (polarity, language) = (value, certain)
            case .nothingFromPeople(let value, let certain): (polarity, language, needsHistory) = (value, certain, true)
            case .something: return nil
            }
        case .ai:
            let turn = ConversationTurn(.ai, self.message.content, self.message.metadata)
            guard self.principal.scopes.contains(.messaging),
                turn?.isUnsure(configuration.escalation.thresholds) == false
            else { return nil }
        case .commercial, .supervisor, .admin:
            break
        case .system:
            return nil
        }
        guard let chat else { return nil }
        return PlainMessage(
            workspaceID: self.principal.workspace, chatID: chat, message: self.message, epoch: self.epoch,
            polarity: polarity, language: language, needsHistory: needsHistory, namesChat: self.chatID != nil,
            answerTimeoutMilliseconds: configuration.bot.answerTimeout.inMilliseconds)
    }
}
