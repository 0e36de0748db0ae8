/// How frustrated a visitor is over several messages: each new one counts for 0.6, all before it for 0.4.
/// Before the first there is none, so that one message alone never escalates by this.
package enum FrustrationEstimate {
    /// From which a chat goes from its bot to a person.
    package static let escalationThreshold = 0.65
    /// Messages after which an earlier one weighs less than a thousandth.
    package static let memory = 8

    private static let weight = 0.6

    /// - Parameter readings: The frustration of each message, from 0 to 1, oldest first.
    package static func over(_ readings: [Double]) -> Double {
        readings.reduce(0) { before, reading in self.weight * reading + (1 - self.weight) * before }
    }

    /// Whether a message can take the estimate over the threshold, whatever came before it: only then is it worth looking.
    package static func mayEscalate(_ reading: Double) -> Bool {
        self.weight * reading + (1 - self.weight) >= self.escalationThreshold
    }
}
