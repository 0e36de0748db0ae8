internal import Assignment

/// One line for all, and ``RoutingPolicy`` decides: the product's own code, with lists in place of its queries.
///
/// Like the dispatcher's queries, it hands the policy the agents with a free place, and the heads of the line: of the
/// chats of one kind only the first can be next, because whoever could take the second could take the first.
struct CentralLine: DispatchRule {
    /// The chats of one kind in their order, which is that of their arrival.
    private struct Lane {
        var chats: ContiguousArray<QueuedChat> = []
        var facts: ContiguousArray<SimulatedChat> = []
        var first = 0

        private var isEmpty: Bool { self.first == self.chats.count }
        var head: QueuedChat? { self.isEmpty ? nil : self.chats[self.first] }
        var firstNumber: Int? { self.isEmpty ? nil : self.facts[self.first].number }

        mutating func append(_ chat: QueuedChat, _ fact: SimulatedChat) {
            if self.first > 1024, self.first * 2 > self.chats.count {
                self.chats.removeFirst(self.first)
                self.facts.removeFirst(self.first)
                self.first = 0
            }
            self.chats.append(chat)
            self.facts.append(fact)
        }

        mutating func removeFirst() -> (chat: SimulatedChat, weight: Double) {
            defer { self.first += 1 }
            return (self.facts[self.first], self.chats[self.first].weight)
        }
    }

    private let policy: RoutingPolicy
    private let kinds: [ChatKind]
    private var roster: Roster
    private var lanes: [Lane]
    /// Those in the lanes whose visitors have left.
    private var left: Set<Int> = []
    private var waiting: Set<Int> = []
    private let tracksWaiting: Bool

    init(_ policy: RoutingPolicy, team: [SimulatedAgent], kinds: [ChatKind], visitorsLeave: Bool) {
        self.policy = policy
        self.kinds = kinds
        self.roster = Roster(team)
        self.lanes = Array(repeating: Lane(), count: kinds.count)
        self.tracksWaiting = visitorsLeave
    }

    mutating func arrive(_ chat: SimulatedChat, starts: inout [Start]) {
        self.lanes[chat.kind].append(self.queued(chat), chat)
        if self.tracksWaiting { self.waiting.insert(chat.number) }
        self.matchAll(now: chat.arrival, starts: &starts)
    }

    mutating func finish(agent: Int, now: Timestamp, starts: inout [Start]) {
        self.roster.release(agent, weight: 1, now: now)
        self.matchAll(now: now, starts: &starts)
    }

    mutating func leave(number: Int, now: Timestamp, starts: inout [Start]) -> Bool {
        guard self.waiting.remove(number) != nil else { return false }
        self.left.insert(number)
        return true
    }

    func position(of chat: SimulatedChat) -> Int {
        let mine = self.queued(chat)
        var position = 1
        for lane in self.lanes {
            // A lane is in order: what precedes the chat stands at its front.
            var (low, high) = (lane.first, lane.chats.count)
            while low < high {
                let middle = (low + high) / 2
                if lane.chats[middle].precedes(mine) { low = middle + 1 } else { high = middle }
            }
            position += low - lane.first
            guard !self.left.isEmpty else { continue }
            position -= lane.facts[lane.first..<low].count { self.left.contains($0.number) }
        }
        return position
    }

    private func queued(_ chat: SimulatedChat) -> QueuedChat {
        QueuedChat(chat, self.kinds[chat.kind])
    }

    private mutating func matchAll(now: Timestamp, starts: inout [Start]) {
        while !self.roster.free.isEmpty {
            for lane in self.lanes.indices { self.passOverThoseWhoLeft(lane) }
            guard let (lane, index) = self.match(now) else { return }
            guard let agent = self.roster.index(of: self.roster.free[index].id) else { return }
            let (chat, weight) = self.lanes[lane].removeFirst()
            self.waiting.remove(chat.number)
            self.roster.take(agent, weight: weight, now: now)
            starts.append(Start(chat: chat, agent: agent))
        }
    }

    /// In which lane the chat stands that is matched next, and where its agent stands in `free`.
    private func match(_ now: Timestamp) -> (lane: Int, free: Int)? {
        if self.lanes.count == 1 {
            guard let head = self.lanes[0].head else { return nil }
            return self.policy.best(of: self.roster.free, for: head, at: now).map { (0, $0) }
        }
        let heads = self.lanes.compactMap(\.head)
        guard !heads.isEmpty, let match = self.policy.match(heads, with: self.roster.free, at: now) else { return nil }
        return self.lanes.firstIndex { $0.head?.id == match.chat.id }.map { ($0, match.index) }
    }

    private mutating func passOverThoseWhoLeft(_ lane: Int) {
        while !self.left.isEmpty, let number = self.lanes[lane].firstNumber, self.left.remove(number) != nil {
            _ = self.lanes[lane].removeFirst()
        }
    }
}
