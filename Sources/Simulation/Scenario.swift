internal import Assignment

/// A run as somebody asks for it: a team, its work and a policy.
package struct Scenario: Sendable {
    package var policy = SimulatedPolicy.central
    /// `nil` takes the policy's own.
    package var binding: Binding?
    package var agents: Int
    /// The caps of the agents, in turn; longer than one where people differ.
    package var caps = [1]
    /// How many skills there are; 0 where nobody asks for any.
    package var skills = 0
    /// How many of them each agent has, one after the other around the circle, the first one best.
    package var skillsPerAgent = 2
    /// The share of chats that are urgent.
    package var urgentShare = 0.0
    package var work: Workload.Settings
    /// How many chats are counted.
    package var chats = 2_000_000
    package var seed: UInt64 = 1
    package var forecasts = false
    /// How people answer when they are asked; `nil` gives them chats without asking.
    package var asking: Asking?
    /// How long a chat is kept for who had its visitor before, in mean handle times.
    package var stickyHold = 0.0
    /// Whether it is measured how differently people are used.
    package var measuresSpread = false

    package init(agents: Int, load: Double) {
        self.agents = agents
        self.work = Workload.Settings(load: load)
    }

    package var team: [SimulatedAgent] {
        (0..<self.agents).map { index in
            var skills: [String: Int] = [:]
            for step in 0..<min(self.skillsPerAgent, self.skills) {
                skills[Self.skill((index + step) % self.skills)] = step == 0 ? 2 : 1
            }
            return SimulatedAgent(id: "agent-\(index)", cap: self.caps[index % self.caps.count], skills: skills)
        }
    }

    /// Each skill is asked for as often as the others, and urgency strikes all alike.
    private var kinds: [Workload.Share] {
        let asked: [[String: Int]] = self.skills == 0 ? [[:]] : (0..<self.skills).map { [Self.skill($0): 1] }
        let urgency: [(Priority, Double)] =
            self.urgentShare > 0 ? [(.normal, 1 - self.urgentShare), (.urgent, self.urgentShare)] : [(.normal, 1)]
        return asked.flatMap { skills in
            urgency.map { priority, share in
                Workload.Share(
                    kind: ChatKind(priority: priority, skills: skills), share: share / Double(asked.count))
            }
        }
    }

    private static func skill(_ number: Int) -> String { "skill-\(number)" }

    /// Chats that fill the desk before any is counted: a twentieth, and at least two thousand.
    private var warmUp: Int { max(2000, self.chats / 20) }

    /// The simulation that will run it.
    package var simulation: Simulation {
        var simulation = Simulation(self.policy, team: self.team, kinds: self.kinds.map(\.kind))
        simulation.binding = self.binding ?? self.policy.binding
        simulation.warmUp = self.warmUp
        simulation.seed = self.seed
        simulation.forecasts = self.forecasts
        simulation.asking = self.asking
        simulation.visitorsReturn = self.work.returning > 0
        simulation.stickyHold = self.stickyHold
        simulation.measuresSpread = self.measuresSpread
        return simulation
    }

    /// What Erlang A says where visitors leave; `nil` where they do not.
    package var withImpatience: (meanWait: Double, abandoned: Double)? {
        let slots = self.simulation.slots
        return self.work.patience.map {
            Erlang.withImpatience(slots: slots, offered: self.work.load * Double(slots), patience: $0)
        }
    }

    package func outcome() -> Outcome {
        let simulation = self.simulation
        var work = self.work
        work.kinds = self.kinds
        let chats = Workload(work, slots: simulation.slots, count: self.chats + self.warmUp, seed: self.seed)
        return simulation.run(chats, visitorsLeave: work.patience != nil)
    }

    package func report() -> SimulationReport {
        SimulationReport(self.outcome(), of: self.simulation, load: self.work.load)
    }
}
