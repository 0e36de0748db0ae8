internal import Assignment
internal import Storage

/// What the use cases of chats ask of Gateway/Assignment. The first three run inside the caller's transaction, with the
/// chat locked, and record their own events.
protocol ChatRouting: Sendable {
    /// A person's public message takes a `bot`, `waiting` or `offline` chat over.
    ///
    /// - Throws: `capacity_full`.
    func takeOver(_ chat: ChatRow, by person: Participant, in transaction: ChatTransaction) throws -> ChatRow

    /// Whom the chat is offered to accepts it, here by answering.
    ///
    /// - Throws: `offer_expired`.
    func acceptOffer(of chat: ChatRow, by person: Participant, in transaction: ChatTransaction) throws -> ChatRow

    /// What a visitor's words call for, before they are stored: those that call a person begin no turn of a bot's.
    ///
    /// - Parameter reading: What was made of them.
    func judge(
        _ text: String, as reading: SentimentReading, in chat: ChatRow, transaction: ChatTransaction
    ) throws -> EscalationDecision

    /// What a bot says of its own answer may call for a person too: marks or escalates the chat where the rules say so.
    func read(answer message: MessageRow, in chat: ChatRow, transaction: ChatTransaction) throws -> ChatRow

    /// After COMMIT: a chat may wait in this queue, or a slot may have become free.
    func wake(workspace: String, queue: String)

    /// After COMMIT: matches what can be matched in this queue before it returns, so that an ack can say what came of
    /// it. Where that fails the queue has been woken instead.
    func dispatch(workspace: String, queue: String) async
}

extension ChatRow {
    /// What a visitor's words in this chat say of their mood.
    func reading(of text: String) -> SentimentReading {
        Sentiment.read(text, fallback: self.language.flatMap { SentimentLanguage(rawValue: String($0.prefix(2))) })
    }

    /// The language that these words of the visitor settle: the first that tell one beyond doubt, while it was only
    /// assumed. Where a language is assumed that nobody here can read, what looks like another one proves nothing.
    func learns(from reading: SentimentReading) -> SentimentLanguage? {
        guard self.isLanguageAssumed, self.language.map({ SentimentLanguage(rawValue: $0) != nil }) ?? true else {
            return nil
        }
        return reading.certainLanguage
    }

    /// Whether neither the visitor's words nor staff have told in which language the chat is held.
    var isLanguageAssumed: Bool { self.language == self.assumedLanguage }
}
