/// How often a bot may speak, and how long it may keep a visitor waiting.
package struct BotTurn: Sendable, Hashable {
    /// Public messages that a bot may post between two messages of the visitor.
    package static let maximumPosts = 5

    /// How many public messages the bot has posted since the visitor's last one.
    package var postsSinceVisitor: Int
    /// The number of the chat's last public message.
    package var lastSeq: Int64

    package init(postsSinceVisitor: Int, lastSeq: Int64) {
        self.postsSinceVisitor = postsSinceVisitor
        self.lastSeq = lastSeq
    }

    /// Judges one more automated public message.
    ///
    /// - Parameters:
    ///   - inReplyToSeq: The message that it answers, where the bot says so.
    ///   - isAnswered: Whether this bot has posted an answer to that message before.
    /// - Throws: `conflict` for a second answer, `bad_payload` for an answer to what is not there, `rate_limited`
    ///   for one post too many without `inReplyToSeq`.
    package func post(inReplyToSeq: Int64?, isAnswered: Bool) throws(DomainRefusal) {
        if let inReplyToSeq {
            guard inReplyToSeq >= 1, inReplyToSeq <= self.lastSeq else {
                throw DomainRefusal(
                    .badPayload, "There is no message with that number to answer.",
                    details: [.field("inReplyToSeq")])
            }
            guard !isAnswered else {
                throw DomainRefusal(.conflict, "This bot has answered message \(inReplyToSeq) already.")
            }
            return
        }
        guard self.postsSinceVisitor < Self.maximumPosts else {
            throw DomainRefusal(
                .rateLimited, "A bot posts at most \(Self.maximumPosts) messages until the visitor writes again.")
        }
    }
}
