/// Where a chat stands in being offered: in a round everybody is asked once; between rounds it rests.
package struct OfferRound: Sendable, Hashable {
    /// After this many rounds that came to nothing the chat takes its next step of overflow.
    package static let last = 3
    /// The rest after the first round, in milliseconds; doubled by each further one.
    package static let firstRestMilliseconds: Int64 = 10_000
    package static let longestRestMilliseconds: Int64 = 60_000
    /// Offers missed in a row after which somebody is set to `away`.
    package static let missesUntilAway = 2

    /// 1 is the first.
    package var number: Int
    /// Whether anybody has let it go by in this round.
    package var hasTried: Bool
    /// Until when the chat rests; `nil` while it does not.
    package var restsUntil: Timestamp?

    package init(number: Int, hasTried: Bool, restsUntil: Timestamp?) {
        self.number = number
        self.hasTried = hasTried
        self.restsUntil = restsUntil
    }

    /// What becomes of a chat that nobody may take now.
    package enum Verdict: Sendable, Hashable {
        /// Nothing: it waits for somebody to come or to be free, or its rest is not over.
        case wait
        /// Everybody there has let it go by.
        case rest(untilAfter: Int64)
        /// Everybody is asked once more.
        case begin(round: Int)
        /// Everybody was asked often enough: a wider circle, from the first round on.
        case overflow
    }

    /// - Parameter canOverflow: Whether there is a further step.
    package func verdict(at now: Timestamp, canOverflow: Bool) -> Verdict {
        guard self.hasTried else { return .wait }
        guard let restsUntil else { return .rest(untilAfter: Self.restMilliseconds(after: self.number)) }
        guard restsUntil <= now else { return .wait }
        return self.number >= Self.last && canOverflow ? .overflow : .begin(round: self.number + 1)
    }

    /// 10 s, 20 s, 40 s, and 60 s from then on.
    package static func restMilliseconds(after round: Int) -> Int64 {
        let doublings = min(max(round - 1, 0), 8)
        return min(Self.firstRestMilliseconds << Int64(doublings), Self.longestRestMilliseconds)
    }
}
