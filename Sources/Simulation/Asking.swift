internal import Glibc

/// How people answer when they are asked instead of having a chat at once; times are in mean handle times.
package struct Asking: Sendable, Hashable {
    /// How long they have to answer.
    package var timeout = 0.1
    /// How long they take to, on average (exponential); 0 answers at once.
    package var answerTime = 0.0
    /// The share of offers that are refused.
    package var refusedShare = 0.0
    /// The share of offers that nobody answers.
    package var missedShare = 0.0
    /// How long somebody is away who has missed as many in a row as make `away`.
    package var awayTime = 1.0

    package init() {}

    /// The share of offers that are accepted in time.
    package var acceptedShare: Double {
        let inTime = self.answerTime > 0 ? 1 - exp(-self.timeout / self.answerTime) : 1
        return (1 - self.refusedShare - self.missedShare) * inTime
    }

    /// What becomes of an offer.
    enum Answer: Hashable {
        case accepted
        case refused
        case missed
    }

    /// The answer to an offer, and after how many microseconds it comes.
    ///
    /// It hangs on the chat and on how often it was offered, and on nothing else: whoever refuses more refuses what was
    /// refused before, too.
    func answer(to number: Int, attempt: Int, seed: UInt64) -> (answer: Answer, after: Int64) {
        let place = UInt64(truncatingIfNeeded: number) &* 0x9e37_79b9_7f4a_7c15 &+ UInt64(truncatingIfNeeded: attempt)
        var stream = RandomStream(seed: seed ^ place, .answers)
        let deadline = Workload.microseconds(self.timeout)
        let kind = stream.unit()
        let after = self.answerTime > 0 ? Workload.microseconds(self.answerTime * stream.exponential()) : 0
        let isMissed = kind >= self.refusedShare && kind < self.refusedShare + self.missedShare
        guard !isMissed, after < deadline else { return (.missed, deadline) }
        return (kind < self.refusedShare ? .refused : .accepted, after)
    }
}

/// What came of offers, and of visitors who came back, for the chats that were counted.
package struct AskingOutcome: Sendable, Hashable {
    /// Offers made; 0 where chats are given without asking.
    package internal(set) var offers = 0
    package internal(set) var refused = 0
    package internal(set) var missed = 0
    /// Chats that began.
    package internal(set) var begun = 0
    /// Those of them whose visitor had somebody before, and those that went to that same person.
    package internal(set) var returned = 0
    package internal(set) var hits = 0

    package var offersPerChat: Double { Double(self.offers) / Double(max(self.begun, 1)) }
    package var refusedShare: Double { Double(self.refused) / Double(max(self.offers, 1)) }
    package var missedShare: Double { Double(self.missed) / Double(max(self.offers, 1)) }
    package var stickyHitRate: Double { Double(self.hits) / Double(max(self.returned, 1)) }
}
