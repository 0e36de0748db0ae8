internal import Storage
internal import Transport

/// What the process turns away because it has enough of it.
enum Shedding: String, Sendable, CaseIterable {
    /// File descriptors are used up: nobody is accepted until somebody leaves.
    case connections
    /// A queue before the database is full: what comes next is answered `unavailable`.
    case database
    /// Memory: no new sessions, and nobody may be slow.
    case memory
    /// Everything takes too long: no new sessions, then more.
    case delay

    static func now(
        _ statistics: PoolStatistics, connections: Int, capacity: Int, limits: [Lane: LaneLimits] = LaneLimits.defaults,
        load: LoadLevel = LoadLevel()
    ) -> [Shedding] {
        var shedding: [Shedding] = []
        if connections >= capacity { shedding.append(.connections) }
        if statistics.waiting.contains(where: { $0.value >= limits[$0.key]?.capacity ?? .max }) {
            shedding.append(.database)
        }
        if load.isShortOfMemory {
            shedding.append(.memory)
        } else if load.level > .everything {
            shedding.append(.delay)
        }
        return shedding
    }
}
