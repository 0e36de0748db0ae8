internal import Assignment
internal import SocketIO
internal import Synchronization

/// The answers that bots are writing piece by piece, on this node. Nothing of a stream is stored but the message that ends it.
///
/// Whether a bot may stream is judged once, with its first piece; from then on the stream stands until the chat changes
/// hands, which every event of the chat says on its way out (``end(in:before:)``). Pieces leave under the board's lock, so that
/// after a stream's end no piece of it can.
final class StreamBoard: Sendable {
    /// A stream of a chat: there is one at a time.
    struct Stream: Sendable, Hashable {
        var id: String
        var bot: Participant
        var socket: String
    }

    /// Why a stream came to an end before its message.
    enum End: String, Sendable {
        case cancelled
        /// Somebody else has the chat.
        case takenOver = "taken_over"
        /// The bot began another one.
        case superseded
        /// The bot's connection is gone.
        case gone
    }

    /// What is to become of a piece.
    enum Piece: Sendable, Hashable {
        case relayed
        /// It was relayed before.
        case known
    }

    /// Pieces and scalars of one stream.
    static let maximumPieces: Int64 = 2000
    /// Pieces a second that one stream may have in the long run, and at once.
    static let rate = EventRate(30, burst: 60)
    /// After so long without a piece a stream is forgotten.
    static let memory: Duration = .seconds(120)

    private enum State {
        /// The right to stream is being judged. A change of hands meanwhile leaves the epoch below which it is void.
        case opening(voidBelow: Int64)
        case open(epoch: Int64)
        /// Complete; the message is about to be stored.
        case done(epoch: Int64)
        case ended
    }

    private struct Entry {
        var stream: Stream
        var state: State
        var next: Int64 = 0
        var scalars = 0
        var tokens = StreamBoard.rate.burst
        var at: ContinuousClock.Instant

        var isLive: Bool {
            switch self.state {
            case .opening, .open, .done: true
            case .ended: false
            }
        }
    }

    private let chats = Mutex<[ChatKey: Entry]>([:])
    private static let sweepAt = 1000

    // MARK: The bot's side

    /// A bot's first piece comes: its right is about to be judged.
    ///
    /// - Returns: The bot's former stream in this chat, which ends here; `known` where the stream runs already.
    func begin(
        _ stream: Stream, in chat: ChatKey, now: ContinuousClock.Instant = .now
    ) throws(EventError) -> (former: Stream?, isKnown: Bool) {
        let outcome: Result<(former: Stream?, isKnown: Bool), EventError> = self.chats.withLock { chats in
            if chats.count >= Self.sweepAt { chats = chats.filter { now - $0.value.at < Self.memory } }
            guard let entry = chats[chat], now - entry.at < Self.memory else {
                chats[chat] = Entry(stream: stream, state: .opening(voidBelow: 0), at: now)
                return .success((nil, false))
            }
            if entry.stream.id == stream.id, entry.stream.bot == stream.bot {
                guard entry.isLive else { return .failure(Self.over) }
                return .success((nil, true))
            }
            // Somebody who has no right to the chat must not end the stream of who has.
            guard !entry.isLive || entry.stream.bot == stream.bot else {
                return .failure(EventError(.notOwner, "Somebody else has this chat."))
            }
            chats[chat] = Entry(stream: stream, state: .opening(voidBelow: 0), at: now)
            return .success((entry.isLive ? entry.stream : nil, false))
        }
        return try outcome.get()
    }

    /// The bot has the chat in `epoch`.
    ///
    /// - Throws: `stale_epoch` where it lost it meanwhile.
    func confirm(_ stream: Stream, in chat: ChatKey, epoch: Int64) throws(EventError) {
        let stands = self.chats.withLock { chats in
            guard let entry = chats[chat], entry.stream == stream, case .opening(let voidBelow) = entry.state,
                epoch >= voidBelow
            else { return false }
            chats[chat]?.state = .open(epoch: epoch)
            return true
        }
        guard stands else { throw EventError(.staleEpoch, "The chat has changed hands.") }
    }

    /// The bot may not stream here.
    func abandon(_ stream: Stream, in chat: ChatKey) {
        self.chats.withLock { chats in
            guard let entry = chats[chat], entry.stream == stream, case .opening = entry.state else { return }
            chats[chat] = nil
        }
    }

    /// One piece.
    ///
    /// - Parameter relay: Sends it on; called under the board's lock, so it may do nothing but enqueue.
    func deliver(
        _ stream: Stream, in chat: ChatKey, index: Int64, scalars: Int, isDone: Bool,
        now: ContinuousClock.Instant = .now, relay: () -> Void
    ) throws(EventError) -> Piece {
        let outcome: Result<Piece, EventError> = self.chats.withLock { chats in
            guard var entry = chats[chat], entry.stream.id == stream.id, entry.stream.bot == stream.bot else {
                return .failure(EventError(.conflict, "There is no such stream.", details: ["expected": 0]))
            }
            guard case .open(let epoch) = entry.state else { return .failure(Self.over) }
            guard index >= entry.next else { return .success(.known) }
            guard index == entry.next else {
                return .failure(
                    EventError(.conflict, "A piece is missing.", details: ["expected": .int(entry.next)]))
            }
            let elapsed = max(0, (now - entry.at) / .seconds(1))
            entry.tokens = min(Self.rate.burst, entry.tokens + elapsed * Self.rate.perSecond)
            entry.at = now
            guard entry.tokens >= 1 else {
                chats[chat] = entry
                return .failure(
                    EventError(
                        .rateLimited, "Too many pieces at once.",
                        retryAfterMs: max(1, Int64(((1 - entry.tokens) / Self.rate.perSecond * 1000).rounded(.up)))))
            }
            guard entry.scalars + scalars <= Limits.contentScalars, index < Self.maximumPieces else {
                return .failure(.tooLarge(field: "text", "A stream has at most \(Limits.contentScalars) characters."))
            }
            entry.tokens -= 1
            entry.next += 1
            entry.scalars += scalars
            if isDone { entry.state = .done(epoch: epoch) }
            chats[chat] = entry
            relay()
            return .success(.relayed)
        }
        return try outcome.get()
    }

    // MARK: The end

    /// The chat has changed hands: what began in an earlier epoch ends.
    func end(in chat: ChatKey, before epoch: Int64) -> Stream? {
        self.chats.withLock { chats in
            guard let entry = chats[chat] else { return nil }
            switch entry.state {
            case .opening(let voidBelow):
                chats[chat]?.state = .opening(voidBelow: max(voidBelow, epoch))
                return nil
            case .open(let began) where began < epoch, .done(let began) where began < epoch:
                chats[chat]?.state = .ended
                return entry.stream
            case .open, .done, .ended:
                return nil
            }
        }
    }

    /// Its message is stored: there is nothing more to come, and nothing to be told.
    func finish(_ id: String, in chat: ChatKey) {
        self.chats.withLock { chats in
            guard let entry = chats[chat], entry.stream.id == id, entry.isLive else { return }
            chats[chat]?.state = .ended
        }
    }

    /// Somebody wants no more of it.
    ///
    /// - Returns: The stream; nil where it does not run.
    func cancel(_ id: String, in chat: ChatKey) -> Stream? {
        self.chats.withLock { chats in
            guard let entry = chats[chat], entry.stream.id == id, entry.isLive else { return nil }
            chats[chat]?.state = .ended
            return entry.stream
        }
    }

    /// What a socket that ends was writing.
    func endAll(socket: String) -> [(chat: ChatKey, stream: Stream)] {
        self.chats.withLock { chats in
            var ended: [(chat: ChatKey, stream: Stream)] = []
            for (chat, entry) in chats where entry.stream.socket == socket && entry.isLive {
                chats[chat]?.state = .ended
                ended.append((chat, entry.stream))
            }
            return ended
        }
    }

    private static let over = EventError(.badState, "This stream is over.")
}
