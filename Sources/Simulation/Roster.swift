internal import Assignment

/// The team as the policy sees it, and those of it who could take one more chat.
struct Roster {
    static let queue = "default"
    static let reach = QueueReach(Self.queue)

    private let indices: [String: Int]
    private var team: [RoutableCommercial]
    /// Those with room for one more, in no order.
    private(set) var free: [RoutableCommercial] = []
    /// Where each of the team stands in `free`; -1 for those who do not.
    private var places: [Int]

    init(_ team: [SimulatedAgent]) {
        self.indices = Dictionary(team.enumerated().map { ($1.id, $0) }, uniquingKeysWith: { first, _ in first })
        self.team = team.map { agent in
            RoutableCommercial(
                id: agent.id, declared: .available, isConnected: true, cap: agent.cap, load: 0,
                queues: [Self.queue], skills: agent.skills)
        }
        self.places = Array(repeating: -1, count: team.count)
        for index in self.team.indices { self.refresh(index) }
    }

    subscript(agent: Int) -> RoutableCommercial { self.team[agent] }

    /// Which of the team it is.
    func index(of id: String) -> Int? { self.indices[id] }

    /// A chat of this weight is theirs, or offered to them.
    mutating func take(_ agent: Int, weight: Double, now: Timestamp) {
        self.team[agent].load += weight
        self.team[agent].lastAssignedAt = now
        self.refresh(agent)
    }

    mutating func release(_ agent: Int, weight: Double, now: Timestamp) {
        self.team[agent].load -= weight
        self.team[agent].lastReleasedAt = now
        self.refresh(agent)
    }

    mutating func declare(_ agent: Int, _ status: DeclaredStatus) {
        self.team[agent].declared = status
        self.refresh(agent)
    }

    /// Puts an agent among those with a free place, or takes them out.
    private mutating func refresh(_ agent: Int) {
        let place = self.places[agent]
        let isFree =
            self.team[agent].load + 1 <= Double(self.team[agent].cap) && self.team[agent].declared == .available
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
}

extension QueuedChat {
    /// A chat of the simulation as the policy sees it.
    init(_ chat: SimulatedChat, _ kind: ChatKind) {
        self.init(
            id: Self.id(chat.number), priority: kind.priority, firstQueuedAt: chat.arrival, reach: Roster.reach,
            skills: kind.skills)
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
