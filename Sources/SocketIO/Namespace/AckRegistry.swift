/// The acks that one socket owes us: id -> whoever waits.
package struct AckRegistry<Waiter> {
    /// Nil while nothing is awaited: most sockets never are.
    private var waiters: [UInt64: Waiter]?

    package init() {}

    package var count: Int { self.waiters?.count ?? 0 }

    package mutating func register(_ id: UInt64, _ waiter: Waiter) {
        self.waiters = self.waiters ?? [:]
        self.waiters?[id] = waiter
    }

    /// The waiter of an ack that came, or of one that is given up; nil for an id that nobody waits for, also the second
    /// time.
    package mutating func resolve(_ id: UInt64) -> Waiter? {
        let waiter = self.waiters?.removeValue(forKey: id)
        if self.waiters?.isEmpty == true { self.waiters = nil }
        return waiter
    }

    /// All waiters, in the order of their ids: the socket is gone.
    package mutating func removeAll() -> [Waiter] {
        defer { self.waiters = nil }
        return (self.waiters ?? [:]).sorted { $0.key < $1.key }.map(\.value)
    }
}
