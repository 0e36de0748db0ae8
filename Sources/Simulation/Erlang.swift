internal import Glibc

/// What theory says about one line before `slots` places that are served alike (Erlang 1917, Palm 1957).
///
/// Times are in mean handle times; `offered` is the offered load a = λ/μ in Erlang.
package enum Erlang {
    /// The share of chats that find every place taken where nobody waits (Erlang B), by its recursion.
    package static func blocking(slots: Int, offered: Double) -> Double {
        (1...max(slots, 1)).reduce(1) { blocking, slot in
            offered * blocking / (Double(slot) + offered * blocking)
        }
    }

    /// The share of chats that have to wait (Erlang C); 1 where the load cannot be carried.
    package static func waiting(slots: Int, offered: Double) -> Double {
        let load = offered / Double(slots)
        guard load < 1 else { return 1 }
        let blocking = Self.blocking(slots: slots, offered: offered)
        return blocking / (1 - load * (1 - blocking))
    }

    /// The mean wait over all chats, also those that do not wait.
    ///
    /// - Returns: `nil` where the line grows without end.
    package static func meanWait(slots: Int, offered: Double) -> Double? {
        guard offered < Double(slots) else { return nil }
        return Self.waiting(slots: slots, offered: offered) / (Double(slots) - offered)
    }

    /// The share of chats that wait for longer than `time`.
    package static func longer(than time: Double, slots: Int, offered: Double) -> Double {
        guard offered < Double(slots) else { return 1 }
        return Self.waiting(slots: slots, offered: offered) * exp(-(Double(slots) - offered) * time)
    }

    /// The same line where visitors leave after an exponential patience (Erlang A, M/M/c+M).
    ///
    /// - Parameter patience: The mean patience.
    /// - Returns: The mean time in line of all chats, and the share that leaves unanswered.
    package static func withImpatience(
        slots: Int, offered: Double, patience: Double
    ) -> (meanWait: Double, abandoned: Double) {
        // Chances of n chats in the house, relative to that of all places taken, both ways from there: no term is
        // larger than the mode, and none is a factorial.
        var sum = 1.0
        var term = 1.0
        for count in stride(from: slots, to: 0, by: -1) {
            term *= Double(count) / offered
            sum += term
            if term > 1e290 { return (0, 0) }
        }
        var queue = 0.0
        term = 1
        var waiting = 0
        while waiting < 10_000_000 {
            waiting += 1
            term *= offered / (Double(slots) + Double(waiting) / patience)
            sum += term
            queue += Double(waiting) * term
            if term < sum * 1e-16, offered < Double(slots) + Double(waiting) / patience { break }
        }
        let length = queue / sum
        // Little: the mean wait is the length over the arrivals; each of those in line leaves at the rate 1/patience.
        return (length / offered, length / patience / offered)
    }

    /// The fewest places with which the mean wait is at most `wait`: how large a team has to be.
    package static func slots(offered: Double, meanWait wait: Double) -> Int {
        var slots = Int(offered.rounded(.down)) + 1
        while let expected = Self.meanWait(slots: slots, offered: offered), expected > wait { slots += 1 }
        return slots
    }
}
