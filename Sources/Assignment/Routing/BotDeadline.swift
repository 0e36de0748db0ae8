/// By when the owning bot must have spoken; one durable deadline per chat.
package enum BotDeadline {
    /// After a visitor's message: the deadline of the oldest unanswered message stands.
    package static func afterVisitorMessage(
        at instant: Timestamp, pending: Timestamp?, answerTimeoutMilliseconds: Int64
    ) -> Timestamp {
        pending ?? instant.advanced(byMilliseconds: answerTimeoutMilliseconds)
    }

    /// After the bot's first typing: once, to three timeouts after the visitor's message.
    ///
    /// - Returns: `nil` where nothing is to be written: nothing pending, or extended before.
    package static func afterTyping(
        pending: Timestamp?, isExtended: Bool, answerTimeoutMilliseconds: Int64
    ) -> Timestamp? {
        guard let pending, !isExtended else { return nil }
        let (extra, overflow) = answerTimeoutMilliseconds.multipliedReportingOverflow(by: 2)
        return pending.advanced(byMilliseconds: overflow ? .max : extra)
    }
}
