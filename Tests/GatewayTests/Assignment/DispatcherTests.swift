import Assignment
import Storage
import Testing

@testable import Gateway

@Suite struct DispatcherTests {
    /// Two gateways on one queue: no chat twice, nobody over their cap, the line in its order.
    @Test(arguments: [(chats: 40, commercials: 6, cap: 4), (chats: 25, commercials: 3, cap: 5)])
    func twoDispatchersKeepTheLine(_ load: (chats: Int, commercials: Int, cap: Int)) async throws {
        try await AssignmentFixture.with { fixture in
            for number in 0..<load.commercials { try await fixture.connect(.commercial, "c\(number)", cap: load.cap) }
            var line: [String] = []
            for number in 0..<load.chats { line.append(try await fixture.chat("v\(number)")) }
            let other = fixture.secondDispatcher()
            async let first = fixture.dispatchAll()
            async let second = fixture.dispatchAll(other)
            let (mine, theirs) = try await (first, second)
            let places = load.commercials * load.cap
            #expect(mine + theirs == min(load.chats, places))

            let rows = try await fixture.run { transaction in
                try transaction.sql.query(
                    """
                    select chat_id, commercial_id from assignments where ended_at is null order by created_at, id
                    """
                ).map { (try $0.text(0), try $0.text(1)) }
            }
            // First come, first served.
            #expect(rows.map(\.0) == Array(line.prefix(places)))
            let loads = Dictionary(grouping: rows, by: \.1).mapValues(\.count)
            #expect(loads.values.allSatisfy { $0 <= load.cap })
            // Least loaded first: nobody has two more than somebody else.
            #expect((loads.values.max() ?? 0) - (loads.values.min() ?? 0) <= 1)
        }
    }

    /// Chats arrive and end while two gateways dispatch; the schema's fences and the order hold throughout.
    @Test
    func churnKeepsEveryInvariant() async throws {
        try await AssignmentFixture.with { fixture in
            for number in 0..<4 { try await fixture.connect(.commercial, "c\(number)", cap: 2) }
            let other = fixture.secondDispatcher()
            try await withThrowingTaskGroup(of: Void.self) { group in
                for dispatcher in [fixture.dispatcher, other] {
                    group.addTask {
                        for _ in 0..<25 { _ = try await fixture.dispatchAll(dispatcher) }
                    }
                }
                group.addTask {
                    for number in 0..<30 { try await fixture.chat("v\(number)") }
                }
                group.addTask {
                    for _ in 0..<40 { try await Self.closeOldest(fixture) }
                }
                try await group.waitForAll()
            }
            _ = try await fixture.dispatchAll()
            let (live, doubled, over, waiting) = try await fixture.run { transaction in
                let sql = transaction.sql
                return (
                    try sql.query("select count(*) from assignments where ended_at is null")[0].int(0),
                    try sql.query(
                        """
                        select count(*) from assignments a join assignments b
                            on a.chat_id = b.chat_id and a.id < b.id
                            and tstzrange(a.created_at, a.ended_at) && tstzrange(b.created_at, b.ended_at)
                        """)[0].int(0),
                    try sql.query("select count(*) from commercials where load > cap")[0].int(0),
                    try sql.query("select count(*) from chats where status = 'waiting'")[0].int(0)
                )
            }
            #expect(doubled == 0)
            #expect(over == 0)
            // Work conserving: whoever waits finds every slot taken.
            #expect(live == min(8, live + waiting))
        }
    }

    private static func closeOldest(_ fixture: AssignmentFixture) async throws {
        try await fixture.run { transaction in
            let rows = try transaction.sql.query(
                "select id from chats where status = 'active' order by created_at limit 1")
            guard let id = try rows.first?.text(0) else { return }
            let chat = try transaction.lock(id)
            guard chat.status == .active else { return }
            _ = try transaction.close(chat, reason: .resolved, by: .system)
        }
    }

    @Test
    func longestIdleWinsATieAndNeverAssignedIsLongest() async throws {
        try await AssignmentFixture.with { fixture in
            try await fixture.connect(.commercial, "ana")
            let first = try await fixture.chat("v1")
            _ = try await fixture.dispatchAll()
            try await fixture.connect(.commercial, "luis")
            let second = try await fixture.chat("v2")
            _ = try await fixture.dispatchAll()
            #expect(try await fixture.read(first).assignedTo == "ana")
            #expect(try await fixture.read(second).assignedTo == "luis")
        }
    }

    @Test
    func onlyTheAvailableAndConnectedGetChats() async throws {
        try await AssignmentFixture.with { fixture in
            try await fixture.connect(.commercial, "away")
            try await fixture.connect(.commercial, "gone")
            try await fixture.connect(.commercial, "full", cap: 0)
            _ = try await fixture.run {
                try Commercials.declare($0.sql, fixture.workspace, "away", .away)
            }
            await fixture.presence.closed("socket-commercial-gone")
            let chat = try await fixture.chat("v1")
            #expect(try await fixture.dispatchAll() == 0)
            #expect(try await fixture.read(chat).status == .waiting)
            try await fixture.connect(.commercial, "gone")
            #expect(try await fixture.dispatchAll() == 1)
            #expect(try await fixture.read(chat).assignedTo == "gone")
        }
    }

    @Test
    func urgencyOvertakesWithinItsSlack() async throws {
        try await AssignmentFixture.with { fixture in
            let normal = try await fixture.chat("v1")
            let urgent = try await fixture.chat("v2", priority: .urgent)
            try await fixture.connect(.commercial, "ana", cap: 1)
            #expect(try await fixture.dispatchAll() == 1)
            #expect(try await fixture.read(urgent).assignedTo == "ana")
            #expect(try await fixture.read(normal).status == .waiting)
        }
    }

    @Test
    func assignmentIsToldOnceWithTheEpoch() async throws {
        try await AssignmentFixture.with { fixture in
            try await fixture.connect(.commercial, "ana")
            let id = try await fixture.chat("v1")
            _ = try await fixture.dispatchAll()
            _ = try await fixture.dispatchAll()
            let assigned = fixture.events.compactMap { body -> ChatAssigned? in
                if case .chatAssigned(let assigned) = body { assigned } else { nil }
            }
            let chat = try await fixture.read(id)
            #expect(assigned.count == 1)
            #expect(assigned.first?.epoch == chat.epoch)
            #expect(assigned.first?.commercialID == "ana")
            #expect(assigned.first?.algorithm == "central")
            #expect((0...1).contains(assigned.first?.score ?? -1))
            #expect(assigned.first?.load == 1)
        }
    }

    /// Woken while it runs, a queue is looked at once more: what came too late for the first look is not left behind.
    @Test
    func noWakeUpIsLost() async throws {
        try await AssignmentFixture.with { fixture in
            try await fixture.connect(.commercial, "ana", cap: 30)
            let key = QueueKey(workspace: fixture.workspace, queue: Workspaces.defaultQueue)
            try await withThrowingTaskGroup(of: Void.self) { group in
                group.addTask { try await fixture.dispatcher.run() }
                for number in 0..<20 {
                    try await fixture.chat("v\(number)")
                    fixture.dispatcher.wake(key)
                }
                // No sweeper runs here: only the wake-ups can have brought them together.
                while try await fixture.commercial("ana")?.load != 20 { await Task.yield() }
                group.cancelAll()
            }
        }
    }

    @Test
    func thoseWhoWaitHearThatTheyMovedUp() async throws {
        try await AssignmentFixture.with { fixture in
            func told() -> [String: [Int]] {
                var told: [String: [Int]] = [:]
                for case .chatQueued(let queued) in fixture.events {
                    told[queued.chat.visitorID, default: []].append(queued.position)
                }
                return told
            }
            let key = QueueKey(workspace: fixture.workspace, queue: Workspaces.defaultQueue)
            for number in 1...3 { try await fixture.chat("v\(number)") }
            try await fixture.dispatcher.tellPlaces(in: key)
            #expect(told() == ["v1": [1], "v2": [2], "v3": [3]])
            try await fixture.connect(.commercial, "ana", cap: 1)
            #expect(try await fixture.dispatchAll() == 1)
            // Not so soon after the last news.
            try await fixture.dispatcher.tellPlaces(in: key)
            #expect(told() == ["v1": [1], "v2": [2], "v3": [3]])
            try await fixture.letTimePass()
            // Whichever node looks first tells it, once.
            try await fixture.dispatcher.tellPlaces(in: key)
            try await fixture.secondDispatcher().tellPlaces(in: key)
            #expect(told() == ["v1": [1], "v2": [2, 1], "v3": [3, 2]])
            // Somebody more urgent comes: nobody is sent back.
            try await fixture.chat("v4", priority: .urgent)
            try await fixture.letTimePass()
            try await fixture.dispatcher.tellPlaces(in: key)
            #expect(told() == ["v1": [1], "v2": [2, 1], "v3": [3, 2], "v4": [1]])
        }
    }

    @Test
    func thoseWhoWaitHearWhetherAnybodyIsThere() async throws {
        try await AssignmentFixture.with { fixture in
            func told() -> [Int?] {
                fixture.events.compactMap { body in
                    if case .chatQueued(let queued) = body { .some(queued.agentsOnline) } else { nil }
                }
            }
            func turn() async throws {
                try await fixture.letTimePass()
                try await fixture.dispatcher.tellPlaces(
                    in: QueueKey(workspace: fixture.workspace, queue: Workspaces.defaultQueue))
            }
            func declare(_ id: String, _ status: DeclaredStatus) async throws {
                try await fixture.run { transaction in
                    _ = try Commercials.declare(transaction.sql, fixture.workspace, id, status)
                }
            }
            try await fixture.chat("v1")
            try await turn()
            try await turn()
            #expect(told() == [0])
            // The first one arrives; one without any room is nobody; the last one leaves, or goes away.
            try await fixture.connect(.commercial, "ana")
            try await declare("ana", .busy)
            try await fixture.connect(.commercial, "luis", cap: 0)
            try await turn()
            try await turn()
            #expect(told() == [0, 1])
            try await declare("ana", .away)
            try await turn()
            #expect(told() == [0, 1, 0])
            try await declare("ana", .busy)
            try await turn()
            await fixture.presence.closed("socket-commercial-ana")
            try await turn()
            #expect(told() == [0, 1, 0, 1, 0])
            // In another line what was told of this one means nothing.
            try await fixture.run { transaction in
                try Workspaces.ensureQueue(transaction.sql, fixture.workspace, name: "ventas")
                guard let chat = try Chats.lockOpen(transaction.sql, fixture.workspace, visitor: "v1") else { return }
                _ = try Chats.update(transaction.sql, chat, ChatChanges(queue: "ventas"))
            }
            try await fixture.letTimePass()
            try await fixture.dispatcher.tellPlaces(in: QueueKey(workspace: fixture.workspace, queue: "ventas"))
            #expect(told() == [0, 1, 0, 1, 0, 0])
        }
    }
}
