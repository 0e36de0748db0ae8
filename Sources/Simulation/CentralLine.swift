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

    private static let queue = "default"
    private static let reach = QueueReach(Self.queue)

    private let policy: RoutingPolicy
    private let kinds: [ChatKind]
    private let indices: [String: Int]
    private var team: [RoutableCommercial]
    /// Those with room for one more, in no order, with where each of the team stands among them.
    private var free: [RoutableCommercial] = []
    private var places: [Int]
    private var lanes: [Lane]
    /// Those in the lanes whose visitors have left.
    private var left: Set<Int> = []
    private var waiting: Set<Int> = []
    private let tracksWaiting: Bool

    init(_ policy: RoutingPolicy, team: [SimulatedAgent], kinds: [ChatKind], visitorsLeave: Bool) {
        self.policy = policy
        self.kinds = kinds
        self.indices = Dictionary(team.enumerated().map { ($1.id, $0) }, uniquingKeysWith: { first, _ in first })
        self.team = team.map { agent in
            RoutableCommercial(
                id: agent.id, declared: .available, isConnected: true, cap: agent.cap, load: 0,
                queues: [Self.queue], skills: agent.skills)
        }
        self.places = Array(repeating: -1, count: team.count)
        self.lanes = Array(repeating: Lane(), count: kinds.count)
        self.tracksWaiting = visitorsLeave
        for index in self.team.indices { self.refresh(index) }
    }

    mutating func arrive(_ chat: SimulatedChat, starts: inout [Start]) {
        self.lanes[chat.kind].append(self.queued(chat), chat)
        if self.tracksWaiting { self.waiting.insert(chat.number) }
        self.matchAll(now: chat.arrival, starts: &starts)
    }

    mutating func finish(agent: Int, now: Timestamp, starts: inout [Start]) {
        self.team[agent].load -= 1
        self.team[agent].lastReleasedAt = now
        self.refresh(agent)
        self.matchAll(now: now, starts: &starts)
    }

    mutating func leave(number: Int) -> Bool {
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
        let kind = self.kinds[chat.kind]
        return QueuedChat(
            id: Self.id(chat.number), priority: kind.priority, firstQueuedAt: chat.arrival, reach: Self.reach,
            skills: kind.skills)
    }

    private mutating func matchAll(now: Timestamp, starts: inout [Start]) {
        while !self.free.isEmpty {
            for lane in self.lanes.indices { self.passOverThoseWhoLeft(lane) }
            guard let (lane, index) = self.match(now) else { return }
            guard let agent = self.indices[self.free[index].id] else { return }
            let (chat, weight) = self.lanes[lane].removeFirst()
            self.waiting.remove(chat.number)
            self.team[agent].load += weight
            self.team[agent].lastAssignedAt = now
            self.refresh(agent)
            starts.append(Start(chat: chat, agent: agent))
        }
    }

    /// In which lane the chat stands that is matched next, and where its agent stands in `free`.
    private func match(_ now: Timestamp) -> (lane: Int, free: Int)? {
        if self.lanes.count == 1 {
            guard let head = self.lanes[0].head else { return nil }
            return self.policy.best(of: self.free, for: head, at: now).map { (0, $0) }
        }
        let heads = self.lanes.compactMap(\.head)
        guard !heads.isEmpty, let match = self.policy.match(heads, with: self.free, at: now) else { return nil }
        return self.lanes.firstIndex { $0.head?.id == match.chat.id }.map { ($0, match.index) }
    }

    private mutating func passOverThoseWhoLeft(_ lane: Int) {
        while !self.left.isEmpty, let number = self.lanes[lane].firstNumber, self.left.remove(number) != nil {
            _ = self.lanes[lane].removeFirst()
        }
    }

    /// Puts an agent among those with a free place, or takes them out.
    private mutating func refresh(_ agent: Int) {
        let place = self.places[agent]
        let isFree = self.team[agent].load + 1 <= Double(self.team[agent].cap)
        switch (isFree, place >= 0) {
        case (true, true):
            self.free[place] = self.team[agent]
        case (true, false):
            self.places[agent] = self.free.count
            self.free.append(self.team[agent])
        case (false, true):
            let last = self.free.removeLast()
            if place < self.free.count {
                self.free[place] = last
                if let moved = self.indices[last.id] { self.places[moved] = place }
            }
            self.places[agent] = -1
        case (false, false):
            break
        }
    }

    /// Digits of one width, so that ids sort like numbers: exact ties of the key go to the first that came. Fourteen
    /// bytes stay inside a `String`, which allocates nothing.
    private static func id(_ number: Int) -> String {
        String(unsafeUninitializedCapacity: 14) { bytes in
            var rest = number
            for index in stride(from: 13, through: 0, by: -1) {
                bytes[index] = UInt8(truncatingIfNeeded: 48 + rest % 10)
                rest /= 10
            }
            return 14
        }
    }
}
