internal import Assignment

/// A desk over simulated time: arrivals, beginnings, ends and departures, one after the other, in microseconds.
///
/// The same input gives the same outcome, on every machine.
package struct Simulation: Sendable {
    package var policy: SimulatedPolicy
    package var binding: Binding
    package var team: [SimulatedAgent]
    package var kinds: [ChatKind]
    /// Chats before this number fill the desk and are not counted.
    package var warmUp = 0
    /// Decides what is left to chance in the policies for comparison.
    package var seed: UInt64 = 1
    /// Whether visitors who wait are told when their turn comes, to compare it with when it does.
    package var forecasts = false
    /// How people answer when they are asked; `nil` gives them chats without asking.
    package var asking: Asking?
    /// Whether chats follow earlier ones of their visitors, and are offered to who had those first.
    package var visitorsReturn = false
    /// How long a chat is kept for who had its visitor before, in mean handle times.
    package var stickyHold = 0.0
    /// Whether it is measured how differently people are used.
    package var measuresSpread = false

    package init(_ policy: SimulatedPolicy, team: [SimulatedAgent], kinds: [ChatKind] = [ChatKind()]) {
        self.policy = policy
        self.binding = policy.binding
        self.team = team
        self.kinds = kinds
    }

    /// The places of the whole team.
    package var slots: Int { self.team.reduce(0) { $0 + $1.cap } }

    /// Runs to the last chat.
    ///
    /// - Parameters:
    ///   - chats: In the order of arrival, numbered from 0.
    ///   - visitorsLeave: Whether any of them has a patience.
    package func run(_ chats: some Sequence<SimulatedChat>, visitorsLeave: Bool = false) -> Outcome {
        if self.binding == .free, let routing = self.policy.routing {
            if self.asking != nil || self.visitorsReturn {
                return self.run(chats, AskingLine(self, routing, visitorsLeave: visitorsLeave))
            }
            let line = CentralLine(routing, team: self.team, kinds: self.kinds, visitorsLeave: visitorsLeave)
            return self.run(chats, line)
        }
        let backlogs = PrivateBacklogs(self.policy, team: self.team, seed: self.seed, visitorsLeave: visitorsLeave)
        return self.run(chats, backlogs)
    }

    private func run(_ chats: some Sequence<SimulatedChat>, _ rule: some DispatchRule) -> Outcome {
        var loop = EventLoop(rule: rule, outcome: Outcome(agents: self.team.count, slots: self.slots), of: self)
        for chat in chats { loop.arrive(chat) }
        return loop.drain()
    }
}

/// The loop itself, one for each kind of rule so that nothing in it is looked up.
private struct EventLoop<Rule: DispatchRule> {
    private var rule: Rule
    private var outcome: Outcome
    private var heap = EventHeap()
    private var starts: [Start] = []
    private var forecast: ForecastBook?
    private var meter: UtilisationMeter?
    private let warmUp: Int
    private let slots: Int
    /// Places in use, and since when.
    private var busy = 0
    private var since: Int64?

    init(rule: Rule, outcome: Outcome, of simulation: Simulation) {
        self.rule = rule
        self.outcome = outcome
        self.warmUp = simulation.warmUp
        self.slots = simulation.slots
        self.forecast = simulation.forecasts ? ForecastBook() : nil
        self.meter = simulation.measuresSpread ? UtilisationMeter(caps: simulation.team.map(\.cap)) : nil
    }

    mutating func arrive(_ chat: SimulatedChat) {
        self.happen(until: chat.arrival.microseconds)
        self.pass(to: chat.arrival.microseconds)
        if chat.number == self.warmUp {
            self.since = chat.arrival.microseconds
            self.meter?.begin(at: chat.arrival.microseconds)
        }
        self.rule.arrive(chat, starts: &self.starts)
        self.rule.takeAlarms(into: &self.heap)
        let begins = self.starts.contains { $0.chat.number == chat.number }
        self.begin(at: chat.arrival.microseconds)
        guard !begins else { return }
        if let patience = chat.patienceMicroseconds {
            self.heap.schedule(
                .leave(number: chat.number, after: patience), at: chat.arrival.microseconds + patience)
        }
        guard self.forecast != nil, chat.number >= self.warmUp else { return }
        let (position, slots) = (self.rule.position(of: chat), self.slots)
        self.forecast?.tell(chat, position: position, slots: slots)
    }

    /// Lets everybody finish, uncounted but for the waits that end.
    mutating func drain() -> Outcome {
        if let since { self.outcome.spread = self.meter?.end(at: since) }
        (self.since, self.meter) = (nil, nil)
        self.happen(until: .max)
        self.outcome.asking = self.rule.asking
        if let forecast = self.forecast { self.outcome.calibration = forecast.calibration }
        return self.outcome
    }

    private mutating func happen(until instant: Int64) {
        while let first = self.heap.first, first.instant <= instant {
            let event = self.heap.removeFirst()
            self.pass(to: event.instant)
            switch event.what {
            case .finish(let agent, let handled):
                self.busy -= 1
                self.meter?.change(agent, by: -1, at: event.instant)
                self.forecast?.ended(afterMicroseconds: handled)
                self.rule.finish(agent: agent, now: Timestamp(microseconds: event.instant), starts: &self.starts)
            case .leave(let number, let patience):
                let now = Timestamp(microseconds: event.instant)
                if self.rule.leave(number: number, now: now, starts: &self.starts), number >= self.warmUp {
                    self.outcome.left(number - self.warmUp, afterMicroseconds: patience)
                }
            case .alarm(let alarm):
                self.rule.ring(alarm, now: Timestamp(microseconds: event.instant), starts: &self.starts)
            }
            self.rule.takeAlarms(into: &self.heap)
            self.begin(at: event.instant)
        }
    }

    /// Adds up the places in use over time.
    private mutating func pass(to instant: Int64) {
        guard let since = self.since else { return }
        self.outcome.busyMicroseconds += Double(self.busy) * Double(instant - since)
        self.outcome.measuredMicroseconds += Double(instant - since)
        self.meter?.pass(to: instant)
        self.since = instant
    }

    private mutating func begin(at instant: Int64) {
        guard !self.starts.isEmpty else { return }
        for start in self.starts {
            self.busy += 1
            self.meter?.change(start.agent, by: 1, at: instant)
            let handled = start.chat.handleMicroseconds
            self.heap.schedule(.finish(agent: start.agent, after: handled), at: instant + handled)
            guard start.chat.number >= self.warmUp else { continue }
            let wait = instant - start.chat.arrival.microseconds
            self.outcome.began(start.chat.number - self.warmUp, by: start.agent, afterMicroseconds: wait)
            self.forecast?.began(start.chat, afterMicroseconds: wait)
        }
        self.starts.removeAll(keepingCapacity: true)
    }
}
