/// How often a bot may speak, and how long it may keep a visitor waiting.
package struct BotTurn: Sendable, Hashable {
    /// Public messages that a bot may post between two messages of the visitor.
    package static let maximumPosts = 5
    /// Notes that bots write, all together, until somebody who is none says something: two that answer each other's end here.
    package static let maximumNotes = 20
    /// How often a chat goes from bot to bot until the visitor writes again, and altogether.
    package static let maximumHandovers = (sinceVisitor: 3, altogether: 10)

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

    /// Judges one more note of a bot's.
    ///
    /// - Parameter before: Bots' notes since somebody who is none said something.
    package static func note(after before: Int) throws(DomainRefusal) {
        guard before < Self.maximumNotes else {
            throw DomainRefusal(
                .rateLimited, "Bots write at most \(Self.maximumNotes) notes until a person says something.")
        }
    }

    /// Whether a bot may give a chat to another one; else it goes to people, so that no two bots pass it to and fro.
    package static func mayHandOver(sinceVisitor: Int, altogether: Int) -> Bool {
        sinceVisitor < Self.maximumHandovers.sinceVisitor && altogether < Self.maximumHandovers.altogether
    }
}
