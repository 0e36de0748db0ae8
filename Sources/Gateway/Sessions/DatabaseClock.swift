internal import Assignment
internal import Storage
internal import Synchronization

/// The database's time without a query for each look: the last reading, carried on by the monotonic clock.
///
/// For what is told and not decided: `serverTime`, the end of a typing indicator. A node whose clock is set wrong still says
/// the right time, and while PostgreSQL is away the last reading goes on.
final class DatabaseClock: Sendable {
    private struct Reading {
        var time: Timestamp
        var at: ContinuousClock.Instant
    }

    /// After so long the drift of the monotonic clock is corrected.
    private static let validity: Duration = .seconds(300)

    private let database: Database
    private let reading = Mutex<Reading?>(nil)

    init(database: Database) {
        self.database = database
    }

    func now() async throws -> Timestamp {
        let instant = ContinuousClock.now
        let last = self.reading.withLock { $0 }
        if let last, instant - last.at < Self.validity { return Self.carry(last, to: instant) }
        do {
            let time = try await self.database.transaction(.none) { try Workspaces.now($0) }
            self.reading.withLock { $0 = Reading(time: time, at: .now) }
            return time
        } catch {
            guard let last else { throw error }
            return Self.carry(last, to: instant)
        }
    }

    /// The time as far as this node knows it: nil before the first reading.
    var estimate: Timestamp? {
        self.reading.withLock { $0 }.map { Self.carry($0, to: .now) }
    }

    /// Somebody has just asked the database for the time.
    func note(_ time: Timestamp) {
        let instant = ContinuousClock.now
        self.reading.withLock { last in
            if let known = last, instant - known.at < Self.validity { return }
            last = Reading(time: time, at: instant)
        }
    }

    private static func carry(_ reading: Reading, to instant: ContinuousClock.Instant) -> Timestamp {
        reading.time.advanced(byMilliseconds: (instant - reading.at).inMilliseconds)
    }
}
