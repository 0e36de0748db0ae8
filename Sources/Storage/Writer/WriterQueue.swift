internal import Assignment
internal import DequeModule

/// Which waiting messages go together when a connection gets free: the writer without threads, sockets or clocks.
///
/// A batch is what waits at that moment, never what might still come: a lone message goes alone and at once. Messages of
/// one chat go in the order in which they came. A chat that is in a batch under way waits for its end, so that two
/// connections never meet in a row.
struct WriterQueue<Ticket: Sendable>: Sendable {
    typealias Instant = ContinuousClock.Instant

    struct Limits: Sendable {
        /// How many messages may wait, and how many bytes of them.
        var messages = 10_000
        var bytes = 32 << 20
        /// How much one batch holds at most; a single message always fits.
        var batchMessages = 500
        var batchBytes = 1 << 20
        /// How long a message may wait before its batch begins.
        var patience: Duration = .seconds(1)
        /// Batches that may be under way at a time: the writer's connections.
        var connections = 2
    }

    struct Entry: Sendable {
        var message: PlainMessage
        var ticket: Ticket
        var deadline: Instant
    }

    enum Admission: Equatable {
        /// One more connection shall look for a batch.
        case start
        case waits
        case full
    }

    private let limits: Limits
    private var waiting: Deque<Entry> = []
    private(set) var bytes = 0
    private var underWay = 0
    private var busyChats: Set<PlainMessage.ChatID> = []

    init(limits: Limits = Limits()) {
        self.limits = limits
    }

    var count: Int { self.waiting.count }

    mutating func append(_ message: PlainMessage, ticket: Ticket, now: Instant) -> Admission {
        guard self.waiting.count < self.limits.messages, self.bytes + message.size <= self.limits.bytes else {
            return .full
        }
        self.waiting.append(Entry(message: message, ticket: ticket, deadline: now + self.limits.patience))
        self.bytes += message.size
        guard self.underWay < self.limits.connections, !self.busyChats.contains(message.chat) else { return .waits }
        self.underWay += 1
        return .start
    }

    /// A connection is free: the batch that it takes, empty when there is nothing for it to do, and whoever has waited
    /// for too long. The caller says ``finished(_:)`` in the end, also of an empty batch.
    mutating func next(now: Instant) -> (batch: [Entry], expired: [Entry]) {
        var taken = Taken(limits: self.limits)
        var expired: [Entry] = []
        var left: [Entry] = []
        while !taken.isFull, left.count < self.limits.batchMessages, let entry = self.waiting.popFirst() {
            if entry.deadline <= now {
                self.bytes -= entry.message.size
                expired.append(entry)
            } else if !self.busyChats.contains(entry.message.chat), taken.take(entry) {
                self.bytes -= entry.message.size
            } else {
                left.append(entry)
            }
        }
        for entry in left.reversed() { self.waiting.prepend(entry) }
        for entry in taken.entries { self.busyChats.insert(entry.message.chat) }
        return (taken.entries, expired)
    }

    /// A batch is over, whatever came of it.
    ///
    /// - Returns: Whether its connection shall look for another one.
    mutating func finished(_ batch: [Entry]) -> Bool {
        for entry in batch { self.busyChats.remove(entry.message.chat) }
        // What waits now and was left by an empty batch is for whoever holds its chats.
        let goesOn = !batch.isEmpty && !self.waiting.isEmpty
        if !goesOn { self.underWay -= 1 }
        return goesOn
    }

    /// No connection came.
    ///
    /// - Returns: Everything that waits, where no other connection is at work that would take it.
    mutating func refused() -> [Entry] {
        self.underWay -= 1
        guard self.underWay == 0 else { return [] }
        defer {
            self.waiting = []
            self.bytes = 0
        }
        return Array(self.waiting)
    }

    /// A batch while it is put together.
    private struct Taken: Sendable {
        let limits: Limits
        var entries: [Entry] = []
        private var bytes = 0
        private var clientIDs: Set<PlainMessage.ClientID> = []
        /// How the chats of this batch stand: whether more of theirs may join.
        private var chats: [PlainMessage.ChatID: Bool] = [:]

        init(limits: Limits) {
            self.limits = limits
        }

        var isFull: Bool { self.entries.count >= self.limits.batchMessages || self.bytes >= self.limits.batchBytes }

        /// Whether the message is in. Where it is not, nothing more of its chat gets in.
        mutating func take(_ entry: Entry) -> Bool {
            let message = entry.message
            let isOpen = self.chats[message.chat]
            // How much a bot may say depends on what was said before: it goes alone in its chat.
            let isAlone = message.message.sender.role == .ai
            guard isOpen ?? true, !isAlone || isOpen == nil,
                message.clientID.map({ self.clientIDs.insert($0).inserted }) ?? true
            else {
                self.chats[message.chat] = false
                return false
            }
            self.chats[message.chat] = !isAlone
            self.bytes += message.size
            self.entries.append(entry)
            return true
        }
    }
}
