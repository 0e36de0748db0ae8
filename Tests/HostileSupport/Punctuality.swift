/// How long well-behaved clients waited while others attacked.
///
/// The bound is 250 ms, and 99 of 100 round trips must keep it. Two things are no fault of the server's and are measured. What
/// its loops waited for a processor (``RunQueue``) while a round lasted is taken off it: others had it, and an attack that
/// takes 50 ms to handle takes a second where twenty others want to run. And each round is followed by one with a
/// ``Metronome``, which no attack concerns: what its worst round took, three times, is added to the bound, for whatever else a
/// busy machine does to a client. A server whose loop an attack holds is late beside both. Fewer than a hundred rounds may
/// have one late one, as any hundred may.
package struct Punctuality: Sendable, CustomStringConvertible {
    package static let bound = Duration.milliseconds(250)

    /// Round trips with the server under attack, less what its loops waited for a processor.
    package private(set) var rounds: [Duration] = []
    /// Round trips with the metronome, one behind each of them.
    package private(set) var calm: [Duration] = []

    package init() {}

    package mutating func add(_ round: Duration, waited: Duration = .zero, calm: Duration) {
        self.rounds.append(max(round - waited, .zero))
        self.calm.append(calm)
    }

    /// What no more than one in a hundred may exceed.
    package var limit: Duration { Self.bound + (self.calm.max() ?? .zero) * 3 }

    package var late: [Duration] {
        let limit = self.limit
        return self.rounds.filter { $0 > limit }
    }

    package var isKept: Bool { self.late.count <= 1 + self.rounds.count / 100 }

    package var description: String {
        "\(self.late.count) of \(self.rounds.count) rounds took longer than \(self.limit): \(self.late.sorted().suffix(5))"
    }
}
