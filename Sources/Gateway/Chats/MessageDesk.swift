internal import Logging
internal import ServiceLifecycle
internal import SocketIO
internal import Storage
internal import Synchronization

/// Where plain messages are handed in: many are stored with one commit, and their acks and events go to the relay
/// together.
///
/// The sender's turn ends when its ack is on its way, so that the next event of the same socket comes after it.
final class MessageDesk: Service {
    private let writer: MessageWriter
    private let logger: Logger
    private let counts: Counts

    init(database: Database, relay: Relay, typing: TypingBoard, broadcaster: any Broadcaster, logger: Logger) {
        self.logger = logger
        let counts = Counts()
        self.counts = counts
        self.writer = MessageWriter(database, logger: logger) { written in
            counts.batches.add(1, ordering: .relaxed)
            // One task per batch: the connection's thread has the next batch to store.
            Task {
                await Self.deliver(written, relay: relay, typing: typing, broadcaster: broadcaster, counts: counts)
            }
        }
    }

    /// How many messages wait for a connection.
    var waiting: Int { self.writer.waiting }

    /// How many messages were stored in batches since the start, or found to be stored before, and in how many batches.
    var stored: Int { self.counts.messages.load(ordering: .relaxed) }
    var batches: Int { self.counts.batches.load(ordering: .relaxed) }

    private final class Counts: Sendable {
        let messages = Atomic(0)
        let batches = Atomic(0)
    }

    /// Opens the writer's connections. Messages that come before that, or while PostgreSQL is away, go their own way.
    func start() async {
        do {
            try await self.writer.start()
        } catch {
            self.logger.warning("messages are not batched yet", error: error)
        }
    }

    func run() async throws {
        await self.start()
        // Whoever still sends has until the last handler is done; then this is stopped.
        try? await gracefulShutdown()
        await self.writer.shutDown()
    }

    /// Stores a message that is plain as far as its sender and words tell, and acknowledges it.
    ///
    /// - Returns: Whether that was it; else nothing happened, and the message goes its own way.
    /// - Throws: `conflict`, or `StorageError`: then nobody may know whether it was stored.
    func send(_ message: PlainMessage, origin: String?, ack: Ack?) async throws -> Bool {
        try await withCheckedThrowingContinuation { continuation in
            self.writer.write(
                message, ticket: Ticket(message: message, origin: origin, ack: ack, continuation: continuation))
        }
    }

    /// A message on its way, with whoever waits for it.
    private final class Ticket: WriterTicket {
        let message: PlainMessage
        let origin: String?
        let ack: Ack?
        let continuation: CheckedContinuation<Bool, any Error>

        init(message: PlainMessage, origin: String?, ack: Ack?, continuation: CheckedContinuation<Bool, any Error>) {
            self.message = message
            self.origin = origin
            self.ack = ack
            self.continuation = continuation
        }

        var chat: ChatKey { ChatKey(workspace: self.message.workspaceID, chat: self.message.chatID) }

        func publication(_ events: [DomainEvent], after eventNo: Int64) -> Publication {
            Publication(events: events, origin: self.origin, place: .init(chat: self.chat, eventNo: eventNo))
        }

        func receipt(_ body: @autoclosure () -> JSONObject) -> Receipt? {
            #if DEBUG
                if self.isRefused { return nil }
            #endif
            return self.ack.map { Receipt(ack: $0, body: EventDispatcher.success(body())) }
        }

        #if DEBUG
            /// One in sixteen, by its name.
            var isRefused: Bool {
                Mutation.falseRefusal.isActive && self.message.message.clientMessageID?.last == "a"
            }
        #endif
    }

    private static func deliver(
        _ written: [MessageWriter.Written], relay: Relay, typing: TypingBoard, broadcaster: any Broadcaster,
        counts: Counts
    ) async {
        let batch = written.compactMap { ticket, outcome in (ticket as? Ticket).map { (ticket: $0, outcome: outcome) } }
        var published: [(publication: Publication, receipt: Receipt?)] = []
        published.reserveCapacity(batch.count)
        for (ticket, outcome) in batch {
            switch outcome {
            case .stored(let event):
                guard case .messagePosted(let posted) = event.body, let number = event.eventNo else { continue }
                if let typist = typing.stop(ticket.message.message.sender, in: ticket.chat) {
                    Typing.tellStop(of: typist, in: ticket.chat, by: ticket.origin, broadcaster)
                }
                published.append(
                    (ticket.publication([event], after: number), ticket.receipt(MessageReceipt.stored(posted.message))))
            case .duplicate(let id, let seq, let at, let number):
                published.append(
                    (
                        ticket.publication([], after: number),
                        ticket.receipt(
                            MessageReceipt.fields(
                                id: id, seq: seq, chat: ticket.message.chatID, at: at, isDuplicate: true))
                    ))
            case .conflict, .notPlain, .failed:
                break
            }
        }
        counts.messages.add(published.count, ordering: .relaxed)
        await relay.publish(published)
        for (ticket, outcome) in batch {
            #if DEBUG
                if case .stored = outcome, ticket.isRefused {
                    ticket.continuation.resume(throwing: EventError.forbidden("This is a mutation."))
                    continue
                }
            #endif
            switch outcome {
            case .stored, .duplicate: ticket.continuation.resume(returning: true)
            case .conflict: ticket.continuation.resume(throwing: EventError.usedClientID)
            case .notPlain: ticket.continuation.resume(returning: false)
            case .failed(let error): ticket.continuation.resume(throwing: error)
            }
        }
    }
}
