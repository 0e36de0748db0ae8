internal import Assignment

/// Every chat is bound to an agent when it comes, and waits in a backlog of theirs: what the product never does, to see
/// what it would cost.
struct PrivateBacklogs: DispatchRule {
    private struct Desk {
        var cap: Int
        var busy = 0
        var backlog: ContiguousArray<SimulatedChat> = []
        var first = 0
        /// Those in the backlog whose visitors have not left.
        var waiting = 0

        var inHouse: Int { self.busy + self.waiting }
    }

    private let policy: SimulatedPolicy
    private var desks: [Desk]
    private var choices: RandomStream
    private var turn = 0
    private var homes: [Int: Int] = [:]
    private var left: Set<Int> = []
    private let tracksWaiting: Bool

    init(_ policy: SimulatedPolicy, team: [SimulatedAgent], seed: UInt64, visitorsLeave: Bool) {
        self.policy = policy
        self.desks = team.map { Desk(cap: $0.cap) }
        self.choices = RandomStream(seed: seed, .choices)
        self.tracksWaiting = visitorsLeave
    }

    mutating func arrive(_ chat: SimulatedChat, starts: inout [Start]) {
        let agent = self.choose()
        guard self.desks[agent].busy >= self.desks[agent].cap else {
            self.desks[agent].busy += 1
            starts.append(Start(chat: chat, agent: agent))
            return
        }
        self.desks[agent].backlog.append(chat)
        self.desks[agent].waiting += 1
        if self.tracksWaiting { self.homes[chat.number] = agent }
    }

    mutating func finish(agent: Int, now: Timestamp, starts: inout [Start]) {
        self.desks[agent].busy -= 1
        while self.desks[agent].first < self.desks[agent].backlog.count {
            let chat = self.desks[agent].backlog[self.desks[agent].first]
            self.desks[agent].first += 1
            if self.desks[agent].first > 256, self.desks[agent].first * 2 > self.desks[agent].backlog.count {
                self.desks[agent].backlog.removeFirst(self.desks[agent].first)
                self.desks[agent].first = 0
            }
            if !self.left.isEmpty, self.left.remove(chat.number) != nil { continue }
            self.homes[chat.number] = nil
            self.desks[agent].waiting -= 1
            self.desks[agent].busy += 1
            starts.append(Start(chat: chat, agent: agent))
            return
        }
    }

    mutating func leave(number: Int, now: Timestamp, starts: inout [Start]) -> Bool {
        guard let agent = self.homes.removeValue(forKey: number) else { return false }
        self.desks[agent].waiting -= 1
        self.left.insert(number)
        return true
    }

    func position(of chat: SimulatedChat) -> Int {
        self.homes[chat.number].map { self.desks[$0].waiting } ?? 1
    }

    private mutating func choose() -> Int {
        switch self.policy {
        case .random:
            return self.choices.index(below: self.desks.count)
        case .powerOfTwo:
            let one = self.choices.index(below: self.desks.count)
            guard self.desks.count > 1 else { return one }
            let other = (one + 1 + self.choices.index(below: self.desks.count - 1)) % self.desks.count
            return self.isShorter(other, than: one) ? other : one
        case .jiq:
            let idle = self.draw { $0.busy < $0.cap }
            return idle ?? self.choices.index(below: self.desks.count)
        case .jsq:
            return self.shortest()
        case .central, .roundRobin, .leastLoaded, .longestIdle:
            defer { self.turn = (self.turn + 1) % self.desks.count }
            return self.turn
        }
    }

    /// Fewer chats for each place.
    private func isShorter(_ lhs: Int, than rhs: Int) -> Bool {
        self.desks[lhs].inHouse * self.desks[rhs].cap < self.desks[rhs].inHouse * self.desks[lhs].cap
    }

    /// The shortest backlog; one of several at random.
    private mutating func shortest() -> Int {
        var best = 0
        var ties = 1
        for index in self.desks.indices.dropFirst() {
            if self.isShorter(index, than: best) {
                best = index
                ties = 1
            } else if !self.isShorter(best, than: index) {
                ties += 1
                if self.choices.index(below: ties) == 0 { best = index }
            }
        }
        return best
    }

    /// One of the desks for which something holds, at random.
    private mutating func draw(where holds: (Desk) -> Bool) -> Int? {
        var drawn: Int?
        var found = 0
        for index in self.desks.indices where holds(self.desks[index]) {
            found += 1
            if self.choices.index(below: found) == 0 { drawn = index }
        }
        return drawn
    }
}
