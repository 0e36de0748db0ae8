/// What happened to the chats that were counted, and to those who answered them.
package struct Outcome: Sendable {
    /// How long each chat waited, in microseconds, in the order of arrival: to its begin, or until its visitor left.
    package private(set) var waits: ContiguousArray<Int64> = []
    /// How many visitors left before their turn.
    package private(set) var abandoned = 0
    /// How many chats each of the team began.
    package private(set) var begun: [Int]
    package internal(set) var calibration: Calibration?
    package internal(set) var asking: AskingOutcome?
    package internal(set) var spread: UtilisationSpread?
    let slots: Int
    /// Places in use, added up over the time that was measured.
    var busyMicroseconds = 0.0
    var measuredMicroseconds = 0.0

    init(agents: Int, slots: Int) {
        self.begun = Array(repeating: 0, count: agents)
        self.slots = slots
    }

    mutating func began(_ index: Int, by agent: Int, afterMicroseconds wait: Int64) {
        self.begun[agent] += 1
        self.record(index, wait)
    }

    mutating func left(_ index: Int, afterMicroseconds wait: Int64) {
        self.abandoned += 1
        self.record(index, wait)
    }

    private mutating func record(_ index: Int, _ wait: Int64) {
        while self.waits.count <= index { self.waits.append(0) }
        self.waits[index] = wait
    }

    /// The share of all places that was in use.
    package var utilisation: Double {
        self.measuredMicroseconds > 0
            ? self.busyMicroseconds / (self.measuredMicroseconds * Double(self.slots)) : 0
    }

    /// Jain's index of fairness over assignments for each place: 1 where all have the same share, 1/n where one has
    /// everything (Jain, Chiu and Hawe, 1984).
    package func jain(caps: [Int]) -> Double {
        let shares = zip(self.begun, caps).map { Double($0) / Double(max($1, 1)) }
        let sum = shares.reduce(0, +)
        let squares = shares.reduce(0) { $0 + $1 * $1 }
        return squares > 0 ? sum * sum / (Double(shares.count) * squares) : 1
    }
}
