/// One chat's way out of the gateway, as a value: events leave in the order of their numbers, acks in their place
/// among them, and a socket that joins gets everything above its snapshot exactly once.
///
/// Transactions of one chat commit in the order of `event_no`, but the tasks that ran them hand their events in as
/// they happen to be scheduled; and what another node or a command-line tool wrote comes from the outbox. An event
/// therefore waits here until all lower numbers are out. See docs/decisions for why the order is restored here and not
/// by serialising the transactions.
///
/// **Baseline.** The first number that is seen of a chat says nothing about lower ones that may be about to come, so
/// nothing is released before the stream knows where to begin: number 1 is its own beginning, for anything else the
/// shell reads the chat's recent outbox rows and calls ``adopt(_:)``.
///
/// **Joins.** Between ``begin(socket:isMember:)`` and ``complete(socket:snapshot:receipt:)`` the socket's share of the
/// stream is kept for it alone; nobody else waits. A snapshot may be ahead of what was released here: the socket then
/// skips every number up to it.
struct ChatStream<Event: Sendable, Receipt: Sendable>: Sendable {
    typealias SocketID = String

    /// What the shell does next, in this order.
    enum Step {
        /// To the rooms of the event's audience, but for these sockets.
        case broadcast(Event, number: Int64, skipping: [SocketID])
        /// To this one socket, as far as it belongs to the event's audience.
        case send(Event, number: Int64, to: SocketID)
        case acknowledge(Receipt, socket: SocketID)
        /// Put the socket into the rooms that it asked for.
        case admit(SocketID)
    }

    private struct Gated {
        var gate: Int64
        var socket: SocketID
        var receipt: Receipt
    }

    private enum Kept {
        case event(Event, number: Int64)
        case receipt(Receipt)
    }

    private struct Joining {
        var isMember: Bool
        var kept: [Kept] = []
    }

    /// The highest number that is out; nil while the baseline is unknown.
    private(set) var released: Int64?
    private var pending: [Int64: Event] = [:]
    private var gated: [Gated] = []
    private var joining: [SocketID: Joining] = [:]
    private var floors: [SocketID: Int64] = [:]

    init(released: Int64? = nil) {
        self.released = released
    }

    // MARK: Questions

    /// Whether events wait only because nobody knows where the stream begins.
    var needsBaseline: Bool { self.released == nil && !self.pending.isEmpty }

    /// The numbers that are missing before the lowest one that waits.
    var gap: ClosedRange<Int64>? {
        guard let released, let lowest = self.pending.keys.min(), lowest > released + 1 else { return nil }
        return (released + 1)...(lowest - 1)
    }

    /// The lowest number that waits.
    var lowestPending: Int64? { self.pending.keys.min() }

    /// Whether an event is out or waits here.
    func has(_ number: Int64) -> Bool { number <= self.released ?? 0 || self.pending[number] != nil }

    /// Whether something is kept for single sockets.
    var keepsForSockets: Bool { !(self.joining.isEmpty && self.floors.isEmpty && self.gated.isEmpty) }

    /// Whether forgetting everything but ``released`` would change nothing.
    var isIdle: Bool { self.pending.isEmpty && self.gated.isEmpty && self.joining.isEmpty }

    // MARK: Inputs

    /// Takes in events that were committed, and the ack that goes out right after `place`, before any higher number.
    ///
    /// What is out already, or waits already, is a duplicate and is dropped. An ack whose place is out goes at once; so
    /// does one for which no event waits while the baseline is unknown, because nothing is known of what would come before.
    mutating func accept(
        _ events: [(number: Int64, event: Event)], receipt: (value: Receipt, socket: SocketID, place: Int64)? = nil
    ) -> [Step] {
        for (number, event) in events where number > self.released ?? 0 && self.pending[number] == nil {
            self.pending[number] = event
        }
        if self.released == nil, self.pending[1] != nil { self.released = 0 }
        // The ack is registered before anything is released: what waited for these events may be the next number.
        var steps: [Step] = []
        if let receipt {
            let isDue =
                self.released.map { receipt.place <= $0 }
                ?? (self.pending.keys.max().map { $0 < receipt.place } ?? true)
            if isDue {
                steps = self.acknowledge(receipt.value, receipt.socket)
            } else {
                self.gated.append(Gated(gate: receipt.place, socket: receipt.socket, receipt: receipt.value))
            }
        }
        return steps + self.release()
    }

    /// Sets the baseline from what the outbox still held of the chat's latest numbers.
    mutating func adopt(_ recent: [(number: Int64, event: Event)]) -> [Step] {
        guard self.released == nil else { return self.accept(recent) }
        for (number, event) in recent where self.pending[number] == nil { self.pending[number] = event }
        guard let lowest = self.pending.keys.min() else { return [] }
        self.released = lowest - 1
        return self.release()
    }

    /// Gives up on numbers that the outbox does not hold (rows removed by retention or by hand).
    mutating func abandonGap() -> [Step] {
        guard let gap = self.gap else { return [] }
        self.released = gap.upperBound
        return self.release()
    }

    /// A socket wants in; from now on its share of the stream is kept for it.
    ///
    /// One join per socket at a time: the session handles a socket's events one after the other.
    mutating func begin(socket: SocketID, isMember: Bool) {
        self.joining[socket] = Joining(isMember: isMember)
    }

    /// The snapshot was read when the chat's `event_no` was `snapshot`: the receipt, then the rooms, then what was kept.
    mutating func complete(socket: SocketID, snapshot: Int64, receipt: Receipt?) -> [Step] {
        guard let join = self.joining.removeValue(forKey: socket) else { return [] }
        var steps: [Step] = []
        if let receipt { steps.append(.acknowledge(receipt, socket: socket)) }
        steps.append(.admit(socket))
        if snapshot > self.released ?? 0 { self.floors[socket] = snapshot }
        for kept in join.kept {
            switch kept {
            case .event(let event, let number) where number > snapshot:
                steps.append(.send(event, number: number, to: socket))
            case .event:
                break
            case .receipt(let receipt):
                steps.append(.acknowledge(receipt, socket: socket))
            }
        }
        return steps
    }

    /// The join came to nothing. A socket that was in the room before gets what was kept; another only its acks.
    mutating func cancel(socket: SocketID) -> [Step] {
        guard let join = self.joining.removeValue(forKey: socket) else { return [] }
        return join.kept.compactMap { kept in
            switch kept {
            case .event(let event, let number):
                join.isMember ? .send(event, number: number, to: socket) : nil
            case .receipt(let receipt):
                .acknowledge(receipt, socket: socket)
            }
        }
    }

    /// These sockets are gone.
    mutating func forget(sockets: Set<SocketID>) {
        self.joining = self.joining.filter { !sockets.contains($0.key) }
        self.floors = self.floors.filter { !sockets.contains($0.key) }
        self.gated.removeAll { sockets.contains($0.socket) }
    }

    // MARK: Release

    private mutating func release() -> [Step] {
        guard var released = self.released else { return [] }
        var steps: [Step] = []
        while let event = self.pending.removeValue(forKey: released + 1) {
            released += 1
            steps.append(.broadcast(event, number: released, skipping: self.skipping(released)))
            for socket in self.joining.keys { self.joining[socket]?.kept.append(.event(event, number: released)) }
            self.released = released
            steps.append(contentsOf: self.openGates(upTo: released))
        }
        // Acks that waited for numbers which were out before a baseline was known.
        steps.append(contentsOf: self.openGates(upTo: released))
        if !self.floors.isEmpty { self.floors = self.floors.filter { $0.value > released } }
        return steps
    }

    private func skipping(_ number: Int64) -> [SocketID] {
        Array(self.joining.keys) + self.floors.filter { $0.value >= number && self.joining[$0.key] == nil }.map(\.key)
    }

    private mutating func openGates(upTo number: Int64) -> [Step] {
        guard !self.gated.isEmpty else { return [] }
        let due = self.gated.filter { $0.gate <= number }.sorted { $0.gate < $1.gate }
        self.gated.removeAll { $0.gate <= number }
        return due.flatMap { self.acknowledge($0.receipt, $0.socket) }
    }

    private mutating func acknowledge(_ receipt: Receipt, _ socket: SocketID) -> [Step] {
        guard self.joining[socket] != nil else { return [.acknowledge(receipt, socket: socket)] }
        self.joining[socket]?.kept.append(.receipt(receipt))
        return []
    }
}
