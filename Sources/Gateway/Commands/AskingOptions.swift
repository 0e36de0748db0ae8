internal import ArgumentParser
internal import Simulation

/// What `gateway simulate` knows of visitors who come back, of people who are asked, and of how they are used.
struct AskingOptions: ParsableArguments {
    @Option(help: ArgumentHelp("The share of visitors who come back to who had them before.", valueName: "share"))
    var returning = 0.0

    @Option(help: ArgumentHelp("How long their chat is kept for that person.", valueName: "times"))
    var stickyHold: Double?

    @Flag(help: "Ask people, instead of giving them chats at once.")
    var offers = false

    @Option(help: ArgumentHelp("How long they have to answer; 0.1 by default.", valueName: "times"))
    var offerTimeout: Double?

    @Option(help: ArgumentHelp("How long they take to, on average; 0 by default.", valueName: "times"))
    var answerTime: Double?

    @Option(help: ArgumentHelp("The share of offers that are refused.", valueName: "share"))
    var refused: Double?

    @Option(help: ArgumentHelp("The share of offers that nobody answers.", valueName: "share"))
    var missed: Double?

    @Option(help: ArgumentHelp("How long who misses two in a row is away; 1 by default.", valueName: "times"))
    var away: Double?

    @Flag(help: "Measure how differently people are used.")
    var spread = false

    /// Most offers may come to nothing, but not all: some chats would never begin.
    private static let leastAccepted = 0.1

    var rules: [(isBroken: Bool, text: String)] {
        let ofOffers: [(name: String, value: Double?)] = [
            ("offer-timeout", self.offerTimeout), ("answer-time", self.answerTime), ("refused", self.refused),
            ("missed", self.missed), ("away", self.away),
        ]
        let alone = self.offers ? nil : ofOffers.first { $0.value != nil }
        return [
            (!(0...1).contains(self.returning), "--returning must be between 0 and 1."),
            (!Self.isTime(self.stickyHold, orNone: true), "--sticky-hold must be between 0 and 1000."),
            (
                self.stickyHold != nil && self.returning == 0,
                "--sticky-hold is about visitors who come back: say how many are --returning."
            ),
            (alone != nil, "--\(alone?.name ?? "") is about offers: add --offers."),
            (!(0.001...1000).contains(self.offerTimeout ?? 1), "--offer-timeout must be between 0.001 and 1000."),
            (!Self.isTime(self.answerTime, orNone: true), "--answer-time must be between 0 and 1000."),
            (!(0...1).contains(self.refused ?? 0), "--refused must be between 0 and 1."),
            (!(0...1).contains(self.missed ?? 0), "--missed must be between 0 and 1."),
            (!Self.isTime(self.away), "--away must be above 0, and at most 1000."),
            (
                (self.asking?.acceptedShare ?? 1) < Self.leastAccepted,
                "At least a tenth of the --offers has to be accepted: fewer --refused, --missed, or a longer --offer-timeout."
            ),
        ]
    }

    private static func isTime(_ value: Double?, orNone: Bool = false) -> Bool {
        guard let value else { return true }
        return value > 0 && value <= 1000 || orNone && value == 0
    }

    /// Whether the line has to know people and visitors, and not only their number.
    var needsOneLine: Bool { self.offers || self.returning > 0 }

    var asking: Asking? {
        guard self.offers else { return nil }
        var asking = Asking()
        asking.timeout = self.offerTimeout ?? asking.timeout
        asking.answerTime = self.answerTime ?? asking.answerTime
        asking.refusedShare = self.refused ?? asking.refusedShare
        asking.missedShare = self.missed ?? asking.missedShare
        asking.awayTime = self.away ?? asking.awayTime
        return asking
    }
}
