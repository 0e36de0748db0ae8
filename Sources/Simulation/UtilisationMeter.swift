/// How differently people are used, added up over time.
struct UtilisationMeter {
    private let caps: [Double]
    private var busy: [Double]
    /// Busy microseconds by agent, up to the instant of their last change.
    private var used: [Double]
    private var changed: [Int64]
    /// The sum of everybody's share of their cap in use, and of its squares.
    private var sum = 0.0
    private var squares = 0.0
    private var spread = 0.0
    private var began: Int64?
    private var until: Int64 = 0

    init(caps: [Int]) {
        self.caps = caps.map { Double($0) }
        self.busy = Array(repeating: 0, count: caps.count)
        self.used = self.busy
        self.changed = Array(repeating: 0, count: caps.count)
    }

    mutating func begin(at instant: Int64) {
        self.began = instant
        self.until = instant
        for agent in self.changed.indices { self.changed[agent] = instant }
    }

    /// Time goes by with everybody as busy as they are.
    mutating func pass(to instant: Int64) {
        guard self.began != nil else { return }
        let people = Double(self.caps.count)
        let mean = self.sum / people
        let variance = max(self.squares / people - mean * mean, 0)
        self.spread += variance.squareRoot() * Double(instant - self.until)
        self.until = instant
    }

    /// An agent has `difference` chats more now.
    mutating func change(_ agent: Int, by difference: Double, at instant: Int64) {
        let before = self.busy[agent] / self.caps[agent]
        if self.began != nil {
            self.used[agent] += self.busy[agent] * Double(instant - self.changed[agent])
            self.changed[agent] = instant
        }
        self.busy[agent] += difference
        let after = self.busy[agent] / self.caps[agent]
        self.sum += after - before
        self.squares += after * after - before * before
    }

    /// What was measured up to `instant`.
    mutating func end(at instant: Int64) -> UtilisationSpread? {
        guard let began, instant > began else { return nil }
        self.pass(to: instant)
        let lasted = Double(instant - began)
        let shares = self.caps.indices.map { agent in
            (self.used[agent] + self.busy[agent] * Double(instant - self.changed[agent])) / (lasted * self.caps[agent])
        }
        self.began = nil
        return UtilisationSpread(
            deviation: self.spread / lasted, lowest: shares.min() ?? 0, highest: shares.max() ?? 0)
    }
}

/// How differently people were used.
package struct UtilisationSpread: Sendable, Hashable {
    /// The standard deviation between people of the share of their cap in use at a moment, averaged over time.
    package var deviation: Double
    /// The least used person's share over the whole run.
    package var lowest: Double
    /// The most used person's.
    package var highest: Double
}
