internal import Assignment

/// One line for all where people are asked and visitors come back: offers with a deadline, rounds and rests, and whoever
/// had the visitor first.
///
/// ``RoutingPolicy`` and ``OfferRound`` decide, as in the dispatcher; where it writes a row, this changes a value.
/// ``CentralLine`` is the same without all that, and faster.
struct AskingLine: DispatchRule {
    private struct Waiting {
        var fact: SimulatedChat
        var chat: QueuedChat
        /// Who had the visitor before.
        var sticky: Int?
        /// How often it was offered.
        var attempts = 0
        var round = 1
        var restsUntil: Timestamp?
    }

    private struct Offer {
        var waiting: Waiting
        var agent: Int
        var answer: Asking.Answer
    }

    private let policy: RoutingPolicy
    private let kinds: [ChatKind]
    /// `nil` where chats are given without asking.
    private let settings: Asking?
    private let holdMicroseconds: Int64
    private let seed: UInt64
    private let warmUp: Int
    private let tracksWaiting: Bool

    private var roster: Roster
    /// Offers missed in a row, by agent.
    private var misses: [Int]
    /// In their order.
    private var line: ContiguousArray<Waiting> = []
    /// How many in the line somebody has let go by in this round.
    private var tried = 0
    private var offers: [Int: Offer] = [:]
    private var lastOffer = 0
    /// Those in the line or offered, where visitors leave, with their offer; 0 in the line.
    private var unanswered: [Int: Int] = [:]
    /// Who began each chat; -1 where nobody has.
    private var takers: ContiguousArray<Int32> = []
    private var alarms: [(alarm: Alarm, instant: Int64)] = []
    private var outcome = AskingOutcome()

    init(_ simulation: Simulation, _ policy: RoutingPolicy, visitorsLeave: Bool) {
        self.policy = policy
        self.kinds = simulation.kinds
        self.settings = simulation.asking
        self.holdMicroseconds = Workload.microseconds(simulation.stickyHold)
        self.seed = simulation.seed
        self.warmUp = simulation.warmUp
        self.tracksWaiting = visitorsLeave
        self.roster = Roster(simulation.team)
        self.misses = Array(repeating: 0, count: simulation.team.count)
    }

    var asking: AskingOutcome? { self.outcome }

    mutating func takeAlarms(into heap: inout EventHeap) {
        for (alarm, instant) in self.alarms { heap.schedule(.alarm(alarm), at: instant) }
        self.alarms.removeAll(keepingCapacity: true)
    }

    // MARK: What happens

    mutating func arrive(_ chat: SimulatedChat, starts: inout [Start]) {
        while self.takers.count <= chat.number { self.takers.append(-1) }
        var waiting = Waiting(fact: chat, chat: QueuedChat(chat, self.kinds[chat.kind]))
        if let earlier = chat.follows, self.takers.indices.contains(earlier), self.takers[earlier] >= 0 {
            let agent = Int(self.takers[earlier])
            waiting.sticky = agent
            waiting.chat.stickyID = self.roster[agent].id
        }
        if self.tracksWaiting { self.unanswered[chat.number] = 0 }
        self.insert(waiting)
        self.look(chat.arrival, &starts)
        guard waiting.sticky != nil, self.holdMicroseconds > 0, self.takers[chat.number] < 0 else { return }
        self.alarms.append((.look, chat.arrival.microseconds + self.holdMicroseconds))
    }

    mutating func finish(agent: Int, now: Timestamp, starts: inout [Start]) {
        self.roster.release(agent, weight: 1, now: now)
        self.look(now, &starts)
    }

    mutating func leave(number: Int, now: Timestamp, starts: inout [Start]) -> Bool {
        guard let id = self.unanswered.removeValue(forKey: number) else { return false }
        if let offer = self.offers.removeValue(forKey: id) {
            self.roster.release(offer.agent, weight: 1, now: now)
            self.look(now, &starts)
        } else if let index = self.line.firstIndex(where: { $0.fact.number == number }) {
            _ = self.remove(at: index)
        }
        return true
    }

    mutating func ring(_ alarm: Alarm, now: Timestamp, starts: inout [Start]) {
        switch alarm {
        case .answer(let id):
            // The visitor of one that is not there any more has left.
            guard let offer = self.offers.removeValue(forKey: id) else { return }
            self.settle(offer, now, &starts)
        case .look:
            break
        case .back(let agent):
            self.roster.declare(agent, .available)
        }
        self.look(now, &starts)
    }

    func position(of chat: SimulatedChat) -> Int {
        self.place(of: QueuedChat(chat, self.kinds[chat.kind])) + 1
    }

    // MARK: The line

    /// How many stand before a chat.
    private func place(of chat: QueuedChat) -> Int {
        var (low, high) = (0, self.line.count)
        while low < high {
            let middle = (low + high) / 2
            if self.line[middle].chat.precedes(chat) { low = middle + 1 } else { high = middle }
        }
        return low
    }

    private mutating func insert(_ waiting: Waiting) {
        if !waiting.chat.tried.isEmpty { self.tried += 1 }
        self.line.insert(waiting, at: self.place(of: waiting.chat))
    }

    private mutating func remove(at index: Int) -> Waiting {
        let waiting = self.line.remove(at: index)
        if !waiting.chat.tried.isEmpty { self.tried -= 1 }
        return waiting
    }

    /// Matches until nothing can be matched, and takes the steps of rounds between.
    private mutating func look(_ now: Timestamp, _ starts: inout [Start]) {
        repeat {
            while let (index, agent) = self.match(now) {
                self.give(self.remove(at: index), to: agent, now, &starts)
            }
        } while self.takeStep(now)
    }

    /// Where the chat stands that is matched next, and its agent.
    private mutating func match(_ now: Timestamp) -> (index: Int, agent: Int)? {
        guard !self.roster.free.isEmpty else { return nil }
        // Of chats of one kind that nobody has let go by and that are not held, one is like the other.
        var hopeless: Set<Int> = []
        for index in self.line.indices {
            self.line[index].chat.heldUntil = self.hold(of: self.line[index], at: now)
            let isPlain = self.line[index].chat.tried.isEmpty && self.line[index].chat.heldUntil == nil
            if isPlain, hopeless.contains(self.line[index].fact.kind) { continue }
            if let place = self.policy.best(of: self.roster.free, for: self.line[index].chat, at: now) {
                return self.roster.index(of: self.roster.free[place].id).map { (index, $0) }
            }
            if isPlain { hopeless.insert(self.line[index].fact.kind) }
        }
        return nil
    }

    /// Until when a chat is kept for the one who had its visitor; nobody waits for somebody who is not there.
    private func hold(of waiting: Waiting, at now: Timestamp) -> Timestamp? {
        guard self.holdMicroseconds > 0, let sticky = waiting.sticky else { return nil }
        let until = Timestamp(microseconds: waiting.fact.arrival.microseconds + self.holdMicroseconds)
        guard now < until, self.roster[sticky].declared == .available,
            !waiting.chat.tried.contains(self.roster[sticky].id)
        else { return nil }
        return until
    }

    /// The first chat that somebody has let go by and that nobody may take now rests, or is offered to all once more.
    private mutating func takeStep(_ now: Timestamp) -> Bool {
        guard self.tried > 0 else { return false }
        for index in self.line.indices where !self.line[index].chat.tried.isEmpty {
            let round = OfferRound(
                number: self.line[index].round, hasTried: true, restsUntil: self.line[index].restsUntil)
            switch round.verdict(at: now, canOverflow: false) {
            case .wait, .overflow:
                continue
            case .rest(let milliseconds):
                let until = now.advanced(byMilliseconds: milliseconds)
                self.line[index].restsUntil = until
                self.alarms.append((.look, until.microseconds))
            case .begin(let number):
                self.line[index].round = number
                self.line[index].restsUntil = nil
                self.line[index].chat.tried = []
                self.tried -= 1
            }
            return true
        }
        return false
    }

    // MARK: Offers

    private mutating func give(_ waiting: Waiting, to agent: Int, _ now: Timestamp, _ starts: inout [Start]) {
        self.roster.take(agent, weight: waiting.chat.weight, now: now)
        guard let settings else { return self.begin(waiting, by: agent, &starts) }
        var waiting = waiting
        waiting.attempts += 1
        if waiting.fact.number >= self.warmUp { self.outcome.offers += 1 }
        let (answer, after) = settings.answer(
            to: waiting.fact.number, attempt: waiting.attempts, seed: self.seed)
        let offer = Offer(waiting: waiting, agent: agent, answer: answer)
        guard after > 0 else { return self.settle(offer, now, &starts) }
        self.lastOffer += 1
        self.offers[self.lastOffer] = offer
        if self.tracksWaiting { self.unanswered[waiting.fact.number] = self.lastOffer }
        self.alarms.append((.answer(offer: self.lastOffer), now.microseconds + after))
    }

    private mutating func settle(_ offer: Offer, _ now: Timestamp, _ starts: inout [Start]) {
        guard offer.answer != .accepted else {
            self.misses[offer.agent] = 0
            return self.begin(offer.waiting, by: offer.agent, &starts)
        }
        let counts = offer.waiting.fact.number >= self.warmUp ? 1 : 0
        self.roster.release(offer.agent, weight: offer.waiting.chat.weight, now: now)
        if offer.answer == .refused {
            self.outcome.refused += counts
        } else {
            self.outcome.missed += counts
            self.miss(offer.agent, now)
        }
        var waiting = offer.waiting
        waiting.chat.tried.insert(self.roster[offer.agent].id)
        if self.tracksWaiting { self.unanswered[waiting.fact.number] = 0 }
        self.insert(waiting)
    }

    private mutating func miss(_ agent: Int, _ now: Timestamp) {
        self.misses[agent] += 1
        guard let settings, self.misses[agent] >= OfferRound.missesUntilAway else { return }
        self.misses[agent] = 0
        // With several places two offers can be out at once: whoever is away already comes back when they would have.
        guard self.roster[agent].declared == .available else { return }
        self.roster.declare(agent, .away)
        self.alarms.append((.back(agent: agent), now.microseconds + Workload.microseconds(settings.awayTime)))
    }

    private mutating func begin(_ waiting: Waiting, by agent: Int, _ starts: inout [Start]) {
        self.takers[waiting.fact.number] = Int32(truncatingIfNeeded: agent)
        self.unanswered[waiting.fact.number] = nil
        if waiting.fact.number >= self.warmUp {
            self.outcome.begun += 1
            if let sticky = waiting.sticky {
                self.outcome.returned += 1
                if sticky == agent { self.outcome.hits += 1 }
            }
        }
        starts.append(Start(chat: waiting.fact, agent: agent))
    }
}
