/// By when the owning bot must have spoken; one durable deadline per chat.
package enum BotDeadline {
    /// After a visitor's message: the deadline of the oldest unanswered message stands.
    package static func afterVisitorMessage(
        at instant: Timestamp, pending: Timestamp?, answerTimeoutMilliseconds: Int64
    ) -> Timestamp {
        pending ?? instant.advanced(byMilliseconds: answerTimeoutMilliseconds)
    }
}
