import ArgumentParser
import Simulation
import SocketIO
import Testing

@testable import Gateway

/// `gateway simulate`, as a program and by its answers.
@Suite struct SimulateCommandTests {
    private static let base = ["simulate", "--agents", "5", "--load", "0.7", "--chats", "5000"]

    @Test func oneObjectARun() async throws {
        let outcome = try await GatewayProgram(Self.base + ["--json"]).end()
        #expect(outcome.status == 0)
        #expect(outcome.errors.isEmpty)
        guard case .object(let fields) = try JSONReader.decode(outcome.output) else {
            throw JSONError(.malformed, at: 0)
        }
        #expect(fields.members.map(\.key) == ["policy", "meanWait", "p50", "p95", "utilisation", "jain", "erlangC"])
        #expect(fields["policy"] == "central")
        #expect(fields["erlangC"] == .number(JSONNumber(0.251892)))
    }

    @Test func peopleReadATable() async throws {
        let outcome = try await GatewayProgram(Self.base + ["--patience", "2", "--forecast"]).end()
        #expect(outcome.status == 0)
        for name in ["mean wait", "Erlang C", "Erlang A", "told p50 and p90 held"] {
            #expect(outcome.output.contains(name))
        }
    }

    @Test(arguments: [
        ["--agents", "0"], ["--load", "1"], ["--load", "nan"], ["--chats", "1"], ["--policy", "best"],
        ["--caps", "1,,2"], ["--caps", "0"], ["--swing", "2"], ["--patience", "0"], ["--skills", "6"],
        ["--policy", "jsq", "--binding", "free"], ["--policy", "random", "--forecast"],
        ["--returning", "1.5"], ["--returning", "nan"], ["--sticky-hold", "0.1"],
        ["--returning", "0.5", "--sticky-hold", "-1"], ["--offer-timeout", "0.1"], ["--answer-time", "1"],
        ["--refused", "0.1"], ["--missed", "0.1"], ["--away", "1"], ["--offers", "--offer-timeout", "0"],
        ["--offers", "--answer-time", "inf"], ["--offers", "--refused", "2"], ["--offers", "--missed", "nan"],
        ["--offers", "--refused", "0.5", "--missed", "0.5"], ["--offers", "--answer-time", "9"],
        ["--offers", "--away", "0"], ["--offers", "--forecast"],
        ["--policy", "jiq", "--offers"], ["--policy", "round-robin", "--returning", "0.5"],
    ])
    func whatMakesNoSenseIsRefused(arguments: [String]) async throws {
        var all = Self.base + arguments
        // The last of two values would win: only the one under test is given.
        if let first = Self.base.firstIndex(of: arguments[0]) { all.removeSubrange(first...(first + 1)) }
        let outcome = try await GatewayProgram(all).end()
        #expect(outcome.status == 64)
        #expect(outcome.errors.contains("Error:"))
    }

    /// Which flag is meant, and what it wants.
    @Test(arguments: [
        (["--refused", "0.1"], "--refused is about offers: add --offers."),
        (
            ["--offers", "--refused", "0.5", "--missed", "0.5"],
            "At least a tenth of the --offers has to be accepted: fewer --refused, --missed, or a longer --offer-timeout."
        ),
        (["--sticky-hold", "1"], "--sticky-hold is about visitors who come back: say how many are --returning."),
        (["--policy", "jsq", "--offers"], "--offers and --returning are about one line, not about private ones."),
    ])
    func whatIsRefusedSaysWhy(arguments: [String], reason: String) {
        let error = #expect(throws: (any Error).self) {
            try SimulateCommand.parse(Array(Self.base.dropFirst()) + arguments)
        }
        #expect(error.map { SimulateCommand.message(for: $0) } == reason)
    }

    @Test func whatIsAskedForStandsBehindTheRest() async throws {
        let outcome = try await GatewayProgram(
            Self.base + [
                "--json", "--returning", "0.5", "--sticky-hold", "0.2", "--offers", "--refused", "0.2", "--missed",
                "0.1",
                "--spread",
            ]
        ).end()
        #expect(outcome.status == 0)
        guard case .object(let fields) = try JSONReader.decode(outcome.output) else {
            throw JSONError(.malformed, at: 0)
        }
        #expect(
            fields.members.map(\.key) == [
                "policy", "meanWait", "p50", "p95", "utilisation", "jain", "erlangC", "stickyHitRate", "offersPerChat",
                "refused", "missed", "utilisationSpread", "utilisationLowest", "utilisationHighest",
            ])
    }

    @Test func everyOptionReachesTheScenario() throws {
        let command = try SimulateCommand.parse([
            "--agents", "12", "--load", "0.8", "--policy", "round-robin", "--binding", "free", "--chats", "1000",
            "--seed", "7", "--handle-time", "lognormal", "--caps", "1,2", "--skills", "4", "--skills-per-agent", "3",
            "--urgent", "0.1", "--patience", "2", "--swing", "0.3", "--period", "50", "--forecast", "--returning",
            "0.4",
            "--sticky-hold", "0.2", "--spread",
        ])
        let scenario = command.scenario
        #expect(scenario.agents == 12)
        #expect(scenario.policy == .roundRobin)
        #expect(scenario.binding == .free)
        #expect(scenario.chats == 1000)
        #expect(scenario.seed == 7)
        #expect(scenario.caps == [1, 2])
        #expect(scenario.skills == 4)
        #expect(scenario.skillsPerAgent == 3)
        #expect(scenario.urgentShare == 0.1)
        #expect(scenario.forecasts)
        #expect(scenario.work.load == 0.8)
        #expect(scenario.work.handleTime == .lognormal)
        #expect(scenario.work.patience == 2)
        #expect(scenario.work.swing == 0.3)
        #expect(scenario.work.period == 50)
        #expect(scenario.work.returning == 0.4)
        #expect(scenario.stickyHold == 0.2)
        #expect(scenario.measuresSpread)
        #expect(scenario.asking == nil)
    }

    @Test func everyOptionOfOffersReachesTheScenario() throws {
        let plain = try SimulateCommand.parse(["--agents", "2", "--load", "0.5", "--offers"])
        #expect(plain.scenario.asking == Asking())
        let command = try SimulateCommand.parse([
            "--agents", "2", "--load", "0.5", "--offers", "--offer-timeout", "0.2", "--answer-time", "0.05",
            "--refused",
            "0.3", "--missed", "0.4", "--away", "5",
        ])
        var expected = Asking()
        expected.timeout = 0.2
        expected.answerTime = 0.05
        expected.refusedShare = 0.3
        expected.missedShare = 0.4
        expected.awayTime = 5
        #expect(command.scenario.asking == expected)
    }
}
