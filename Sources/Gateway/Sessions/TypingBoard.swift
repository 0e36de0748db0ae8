internal import Assignment
internal import Synchronization

/// Who is typing where, on this node. Never stored, at most once, and coalesced: somebody who says so many times a second is
/// relayed once in ``renewal``.
final class TypingBoard: Sendable {
    /// How long one `typing:start` stands.
    static let timeToLive: Duration = .seconds(8)
    /// Within this time after a relayed `typing:start` another one adds nothing.
    static let renewal: Duration = .seconds(2)
    /// The same for one that shows what is being typed.
    static let previewRenewal: Duration = .milliseconds(500)

    struct Typist: Sendable, Hashable {
        var participant: Participant
        /// The same instant on the wire, by the database's clock.
        var expiresAt: Timestamp
        /// Whether the visitor sees it: only of who may post publicly.
        var isPublic: Bool
        /// The chat's epoch in which it began: a change of hands ends it.
        var epoch: Int64
    }

    private struct Entry {
        var typist: Typist
        var socket: String
        var relayedAt: ContinuousClock.Instant
    }

    private struct Key: Hashable {
        var role: Role
        var id: String
    }

    private let chats = Mutex<[ChatKey: [Key: Entry]]>([:])

    /// Whether a `typing:start` by this participant would tell nobody anything new.
    ///
    /// - Parameter hasPreview: Whether it shows what is being typed, which is worth telling more often.
    func isFresh(
        _ participant: Participant, in chat: ChatKey, hasPreview: Bool = false, now: ContinuousClock.Instant = .now
    ) -> Bool {
        self.chats.withLock { chats in
            guard let entry = chats[chat]?[Key(role: participant.role, id: participant.id)] else { return false }
            return now - entry.relayedAt < (hasPreview ? Self.previewRenewal : Self.renewal)
        }
    }

    func start(_ typist: Typist, in chat: ChatKey, socket: String, now: ContinuousClock.Instant = .now) {
        self.chats.withLock { chats in
            chats[chat, default: [:]][Key(role: typist.participant.role, id: typist.participant.id)] = Entry(
                typist: typist, socket: socket, relayedAt: now)
        }
    }

    /// - Returns: What the others were told and have to be told the end of; nil where the participant was not typing.
    func stop(_ participant: Participant, in chat: ChatKey, now: ContinuousClock.Instant = .now) -> Typist? {
        self.chats.withLock { chats in
            let entry = chats[chat]?.removeValue(forKey: Key(role: participant.role, id: participant.id))
            if chats[chat]?.isEmpty ?? false { chats[chat] = nil }
            return entry.flatMap { now - $0.relayedAt < Self.timeToLive ? $0.typist : nil }
        }
    }

    /// The chat has changed hands: what began in an earlier epoch ends.
    func stop(in chat: ChatKey, before epoch: Int64, now: ContinuousClock.Instant = .now) -> [Typist] {
        self.chats.withLock { chats in
            guard let entries = chats[chat] else { return [] }
            var stopped: [Typist] = []
            for (key, entry) in entries where entry.typist.epoch < epoch {
                chats[chat]?[key] = nil
                if now - entry.relayedAt < Self.timeToLive { stopped.append(entry.typist) }
            }
            if chats[chat]?.isEmpty ?? false { chats[chat] = nil }
            return stopped
        }
    }

    /// Where a socket that ends was typing.
    func stopAll(socket: String) -> [(chat: ChatKey, typist: Typist)] {
        self.chats.withLock { chats in
            var stopped: [(chat: ChatKey, typist: Typist)] = []
            for (chat, entries) in chats {
                for (key, entry) in entries where entry.socket == socket {
                    chats[chat]?[key] = nil
                    stopped.append((chat, entry.typist))
                }
                if chats[chat]?.isEmpty ?? false { chats[chat] = nil }
            }
            return stopped
        }
    }

    func typists(in chat: ChatKey, now: ContinuousClock.Instant = .now) -> [Typist] {
        self.chats.withLock { chats in
            (chats[chat] ?? [:]).values.filter { now - $0.relayedAt < Self.timeToLive }.map(\.typist)
                .sorted {
                    ($0.participant.role.rawValue, $0.participant.id) < (
                        $1.participant.role.rawValue, $1.participant.id
                    )
                }
        }
    }
}
