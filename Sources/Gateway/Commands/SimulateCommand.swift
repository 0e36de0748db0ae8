internal import ArgumentParser
internal import NIOCore
internal import Simulation
internal import SocketIO

/// `gateway simulate`
struct SimulateCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "simulate",
        abstract: "How long visitors would wait: a team, its load and a policy, over simulated time.",
        discussion: """
            Runs the code that routes chats in the gateway against a fake clock, beside what Erlang's formulas say. Times \
            are in mean handle times: a wait of 0.5 is two and a half minutes where a chat takes five. No database is \
            opened. docs/routing.md says how to read it.

            The policies random, power-of-two, jsq and jiq are no part of the product: they bind a chat to somebody when \
            it comes, as round-robin does unless --binding says otherwise.
            """
    )

    @Option(help: "How many people answer.")
    var agents: Int

    @Option(help: "Arrivals as a share of what all of them can handle.")
    var load: Double

    @Option(help: "Who gets a chat.")
    var policy = SimulatedPolicy.central

    @Option(help: "How many chats are counted.")
    var chats = 2_000_000

    @Option(help: "The same seed gives the same chats, for every policy.")
    var seed: UInt64 = 1

    @Flag(help: "Print one JSON object.")
    var json = false

    @Option(help: ArgumentHelp("When a chat gets its person; the policy's own by default.", valueName: "moment"))
    var binding: Binding?

    @Option(help: ArgumentHelp("How handle times are spread; lognormal has a heavy tail (cv 1.5).", valueName: "form"))
    var handleTime = HandleTime.exponential

    @Option(help: ArgumentHelp("How many chats at once, for one person after the other: 1,2,4.", valueName: "list"))
    var caps = Caps(values: [1])

    @Option(help: ArgumentHelp("How many skills there are; each chat needs one of them.", valueName: "count"))
    var skills = 0

    @Option(help: ArgumentHelp("How many skills each person has, around the circle.", valueName: "count"))
    var skillsPerAgent = 2

    @Option(help: ArgumentHelp("The share of chats that are urgent.", valueName: "share"))
    var urgent = 0.0

    @Option(help: ArgumentHelp("How long visitors wait before they leave, on average.", valueName: "times"))
    var patience: Double?

    @Option(help: ArgumentHelp("By which share the rate of arrivals swings around its mean.", valueName: "share"))
    var swing = 0.0

    @Option(help: ArgumentHelp("How long a swing takes.", valueName: "times"))
    var period = 100.0

    @Flag(help: "Compare what waiting visitors are told with what comes of it.")
    var forecast = false

    @OptionGroup var asking: AskingOptions

    /// Caps, separated by commas.
    struct Caps: ExpressibleByArgument {
        var values: [Int]

        var defaultValueDescription: String { self.values.map(String.init).joined(separator: ",") }

        init(values: [Int]) {
            self.values = values
        }

        init?(argument: String) {
            let parts = argument.split(separator: ",", omittingEmptySubsequences: false)
            self.values = parts.compactMap { Int($0) }
            guard self.values.count == parts.count, self.values.allSatisfy({ (1...1000).contains($0) }) else {
                return nil
            }
        }
    }

    func validate() throws {
        let rules: [(isBroken: Bool, text: String)] = [
            (!(1...10_000).contains(self.agents), "--agents must be between 1 and 10000."),
            (!(self.load > 0 && self.load <= 100), "--load must be above 0, and at most 100."),
            (
                self.load >= 1 && self.patience == nil,
                "With a --load of 1 or more the line has no end: give visitors a --patience."
            ),
            (!(100...50_000_000).contains(self.chats), "--chats must be between 100 and 50000000."),
            (!(0...100).contains(self.skills), "--skills must be between 0 and 100."),
            (self.skills > self.agents, "There must be somebody for each of the --skills."),
            (self.skillsPerAgent < 1, "--skills-per-agent must be at least 1."),
            (!(0...1).contains(self.urgent), "--urgent must be between 0 and 1."),
            (self.patience.map { !($0 > 0 && $0 <= 1e6) } ?? false, "--patience must be above 0."),
            (!(0...1).contains(self.swing), "--swing must be between 0 and 1."),
            (!(self.period > 0 && self.period <= 1e6), "--period must be above 0."),
            (
                !self.policy.bindings.contains(self.binding ?? self.policy.binding),
                "\(self.policy.rawValue) is not defined with that --binding."
            ),
            (
                self.forecast && (self.binding ?? self.policy.binding) == .arrival,
                "--forecast is about one line, not about private ones."
            ),
            (
                self.asking.needsOneLine && (self.binding ?? self.policy.binding) == .arrival,
                "--offers and --returning are about one line, not about private ones."
            ),
            (self.forecast && self.asking.offers, "--forecast knows nothing of --offers."),
        ]
        if let broken = (rules + self.asking.rules).first(where: \.isBroken) { throw ValidationError(broken.text) }
    }

    func run() async throws {
        let scenario = self.scenario
        let report = scenario.report()
        StandardOutput.line(self.json ? Self.json(report, scenario) : SimulationTable(report, scenario).text)
    }

    var scenario: Scenario {
        var scenario = Scenario(agents: self.agents, load: self.load)
        scenario.policy = self.policy
        scenario.binding = self.binding
        scenario.caps = self.caps.values
        scenario.skills = self.skills
        scenario.skillsPerAgent = self.skillsPerAgent
        scenario.urgentShare = self.urgent
        scenario.work.handleTime = self.handleTime
        scenario.work.patience = self.patience
        scenario.work.swing = self.swing
        scenario.work.period = self.period
        scenario.chats = self.chats
        scenario.seed = self.seed
        scenario.forecasts = self.forecast
        scenario.work.returning = self.asking.returning
        scenario.stickyHold = self.asking.stickyHold ?? 0
        scenario.asking = self.asking.asking
        scenario.measuresSpread = self.asking.spread
        return scenario
    }

    /// What every run says, and behind it what was asked for besides.
    static func json(_ report: SimulationReport, _ scenario: Scenario) -> String {
        func number(_ value: Double?) -> JSONValue {
            value.map { .number(JSONNumber(($0 * 1e6).rounded() / 1e6)) } ?? .null
        }
        var fields: JSONObject = [
            "policy": .string(report.policy.rawValue), "meanWait": number(report.meanWait), "p50": number(report.p50),
            "p95": number(report.p95), "utilisation": number(report.utilisation), "jain": number(report.jain),
            "erlangC": number(report.erlangC),
        ]
        if let theory = scenario.withImpatience {
            fields["abandoned"] = number(report.abandoned)
            fields["erlangA"] = .object([
                "meanWait": number(theory.meanWait), "abandoned": number(theory.abandoned),
            ])
        }
        if let calibration = report.calibration {
            fields["told"] = .number(JSONNumber(Double(calibration.told)))
            fields["withinP50"] = number(calibration.shareWithinMedian)
            fields["withinP90"] = number(calibration.shareWithinNinetieth)
        }
        if let asking = report.asking {
            if scenario.work.returning > 0 { fields["stickyHitRate"] = number(asking.stickyHitRate) }
            if scenario.asking != nil {
                fields["offersPerChat"] = number(asking.offersPerChat)
                fields["refused"] = number(asking.refusedShare)
                fields["missed"] = number(asking.missedShare)
            }
        }
        if let spread = report.spread {
            fields["utilisationSpread"] = number(spread.deviation)
            fields["utilisationLowest"] = number(spread.lowest)
            fields["utilisationHighest"] = number(spread.highest)
        }
        var writer = JSONWriter()
        writer.write(.object(fields))
        return String(buffer: writer.buffer)
    }
}

extension SimulatedPolicy: ExpressibleByArgument {}
extension Binding: ExpressibleByArgument {}
extension HandleTime: ExpressibleByArgument {}
