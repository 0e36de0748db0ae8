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
    ])
    func whatMakesNoSenseIsRefused(arguments: [String]) async throws {
        var all = Self.base + arguments
        // The last of two values would win: only the one under test is given.
        if let first = Self.base.firstIndex(of: arguments[0]) { all.removeSubrange(first...(first + 1)) }
        let outcome = try await GatewayProgram(all).end()
        #expect(outcome.status == 64)
        #expect(outcome.errors.contains("Error:"))
    }

    @Test func everyOptionReachesTheScenario() throws {
        let command = try SimulateCommand.parse([
            "--agents", "12", "--load", "0.8", "--policy", "round-robin", "--binding", "free", "--chats", "1000",
            "--seed", "7", "--handle-time", "lognormal", "--caps", "1,2", "--skills", "4", "--skills-per-agent", "3",
            "--urgent", "0.1", "--patience", "2", "--swing", "0.3", "--period", "50", "--forecast",
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
    }
}
