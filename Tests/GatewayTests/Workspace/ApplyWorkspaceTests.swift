import Assignment
import Foundation
import SocketIO
import Storage
import StorageTestSupport
import Testing

@testable import Gateway

/// A file becomes a workspace: once, whole, and as the router then sees it.
@Suite struct ApplyWorkspaceTests {
    @discardableResult
    static func apply(
        _ yaml: String, to database: Database, workspace: String = "default", isDryRun: Bool = false
    ) async throws -> [String] {
        let apply = ApplyWorkspace(
            file: try WorkspaceFile(parsing: yaml), workspace: workspace, defaultCapacity: 5)
        return try await apply(on: database, isDryRun: isDryRun).map(\.description)
    }

    private static func audit(_ database: Database) async throws -> [String] {
        try await database.transaction(.workspace("default")) { sql in
            try sql.query("select actor_id || ' ' || action from audit order by id").map { try $0.text(0) }
        }
    }

    @Test func theExampleAppliesOnce() async throws {
        try await TestDatabase.with { test in
            let yaml = try String(contentsOfFile: WorkspaceFileTests.example, encoding: .utf8)
            let promised = try await Self.apply(yaml, to: test.database, isDryRun: true)
            // Not even the workspace is there.
            #expect(try await test.database.transaction(.none) { try Workspaces.directory($0) } == [])

            let done = try await Self.apply(yaml, to: test.database)
            #expect(done == promised)
            #expect(
                done == [
                    "+ queue sales: autoAccept true, stickyHold 15s, languages en es, overflow 3 steps, "
                        + "hours 6 days a week in Europe/Madrid, 3 holidays, wrapUp 30s, autoClose 7200s, abandonAfter 3600s",
                    "+ queue billing: autoAccept false, offerTimeout 45s, policy longest-idle, languages en es, "
                        + "skills invoices 2, relax 2 steps, hours 5 days a week in Europe/Madrid, 0 holidays, weight 1.5",
                    "+ commercial ana: cap 4, queues default 1 sales 1, languages en es, "
                        + "avatarUrl https://shop.example/team/ana.png",
                    "+ commercial luis: cap 5, queues default 2 sales 1, languages es, minGap 20s",
                    "+ commercial marta: cap 3, queues billing 1, skills invoices 3 returns 1, languages es",
                    "+ commercial oscar: cap 3, queues billing 1 sales 2, skills invoices 2",
                    "+ sla urgent: priorities high urgent, firstResponse 120s, nextResponse 300s, warnBefore 30s",
                    "+ sla standard: queues billing sales, firstResponse 600s, resolution 28800s, businessHours true, "
                        + "warnBefore 120s",
                    "+ csat: window 604800s",
                ])
            #expect(try await Self.apply(yaml, to: test.database) == [], "the second time")
            #expect(try await Self.audit(test.database) == ["command-line workspace.applied"])
            let (marta, revisions) = try await test.database.transaction(.workspace("default")) { sql in
                (try Commercials.find(sql, "default", "marta"), try Profiles.revisions(sql))
            }
            #expect(marta?.cap == 3 && marta?.queues == ["billing"] && marta?.declared == .available)
            #expect(revisions == ["default": 1])
        }
    }

    @Test func whatIsLeftOutFallsBackAndWhatIsNotListedStays() async throws {
        try await TestDatabase.with { test in
            try await Self.apply(
                """
                queues: [{name: a, autoAccept: false, skills: {s: 2}}, {name: b, offerTimeout: 10}]
                commercials: [{id: ana, cap: 2, queues: {a: 2, b: 1}}, {id: eva, cap: 9}]
                """, to: test.database)
            let changes = try await Self.apply(
                "queues: [{name: a, offerTimeout: 1500ms}]\ncommercials: [{id: ana, queues: {a: 1}}]",
                to: test.database)
            #expect(
                changes == [
                    "~ queue a: autoAccept false -> (default), offerTimeout (default) -> 1500ms, skills s 2 -> (default)",
                    "~ commercial ana: cap 2 -> 5, queues a 2 b 1 -> a 1",
                ])
            let (queues, members) = try await test.database.transaction(.workspace("default")) { sql in
                (try Queues.all(sql, "default"), try Profiles.members(sql, "default"))
            }
            #expect(queues.map(\.name) == ["a", "b", "default"])
            #expect(queues[1].offerTimeoutMilliseconds == 10_000)
            #expect(members.map { "\($0.id) \($0.cap)" } == ["ana 5", "eva 9"])
        }
    }

    /// What the file says of a picture is what visitors are shown, until it says nothing any more.
    @Test func aPictureReachesVisitors() async throws {
        try await EventsFixture.with { fixture in
            let database = fixture.services.database
            let picture = "https://shop.example/ana.png"
            var shown: [JSONValue] = []
            for (visitor, address) in [("v", "avatarUrl: \(picture)"), ("w", "cap: 5")] {
                try await Self.apply("commercials: [{id: ana, \(address)}]", to: database)
                let ana = try await fixture.connect(.commercial, "ana")
                let client = try await fixture.connect(.visitor, visitor)
                let chat = try await client.say("hola")
                #expect(await ana.send("message:send", ["chatId": .string(chat), "content": "Soy Ana"]).isOK)
                let (reduced, full) = (client.socket.received("chat:assigned"), ana.socket.received("chat:assigned"))
                #expect(reduced.last?[dynamic: "avatarUrl"] == full.last?[dynamic: "avatarUrl"])
                shown.append(reduced.last?[dynamic: "avatarUrl"] ?? "none told")
            }
            #expect(shown == [.string(picture), .null])
        }
    }

    @Test func whatTheDatabaseHasAgainstAFileIsNamedAndNothingHappens() async throws {
        try await TestDatabase.with { test in
            try await test.database.transaction(.workspace("default")) { sql in
                try Workspaces.ensure(sql, "default")
                try Commercials.seen(sql, "default", Participant(role: .supervisor, id: "sara"), defaultCap: 0)
            }
            let yaml = """
                queues: [{name: a}]
                commercials:
                  - {id: ana, queues: {a: 1, b: 1}}
                  - {id: sara}
                  - {id: eva, queues: {c: 1}}
                """
            let problems = await #expect(throws: FileProblems.self) {
                try await Self.apply(yaml, to: test.database)
            }
            #expect(
                problems?.problems.map { $0.description(in: "f") } == [
                    "f:3:33: commercials[0].queues.b: there is no such queue",
                    "f:5:27: commercials[2].queues.c: there is no such queue",
                ])
            let overflow = await #expect(throws: FileProblems.self) {
                try await Self.apply(
                    "queues:\n  - name: a\n    overflow: [{after: 1m, queues: [default, nowhere]}]", to: test.database)
            }
            #expect(
                overflow?.problems.map { $0.description(in: "f") } == [
                    "f:3:46: queues[0].overflow[0].queues[1]: there is no queue \"nowhere\""
                ])
            let supervises = await #expect(throws: FileProblems.self) {
                try await Self.apply("commercials: [{id: sara}]", to: test.database)
            }
            #expect(supervises?.problems.first?.problem.contains("supervises") == true)
            let left = try await test.database.transaction(.workspace("default")) { sql in
                (try Workspaces.queues(sql, "default"), try Profiles.members(sql, "default"))
            }
            #expect(left.0 == ["default"] && left.1 == [])
        }
    }

    @Test func aCapBelowTheLoadIsExtra() async throws {
        try await AssignmentFixture.with { fixture in
            try await fixture.connect(.commercial, "ana", cap: 3)
            for visitor in ["v1", "v2"] { try await fixture.chat(visitor) }
            #expect(try await fixture.dispatchAll() == 2)
            try await Self.apply("commercials: [{id: ana, cap: 1}]", to: fixture.database, workspace: fixture.workspace)
            let ana = try #require(try await fixture.commercial("ana"))
            #expect(ana.cap == 1 && ana.load == 2 && ana.extra == 1)
        }
    }

    @Test func severalAtOnceAreOneAfterTheOther() async throws {
        try await TestDatabase.with { test in
            let changes = try await withThrowingTaskGroup(of: [String].self) { group in
                for _ in 0..<4 {
                    group.addTask {
                        try await Self.apply(
                            "queues: [{name: a}]\ncommercials: [{id: ana, queues: {a: 1}}]", to: test.database)
                    }
                }
                return try await group.reduce(into: []) { $0.append($1.count) }
            }
            #expect(changes.sorted() == [0, 0, 0, 2])
        }
    }

    @Test func twoWorkspacesDoNotMeet() async throws {
        try await TestDatabase.with { test in
            try await Self.apply("commercials: [{id: ana, cap: 2}]", to: test.database, workspace: "one")
            try await Self.apply("commercials: [{id: ana, cap: 7}]", to: test.database, workspace: "two")
            for (workspace, cap) in [("one", 2), ("two", 7)] {
                let members = try await test.database.transaction(.workspace(workspace)) {
                    try Profiles.members($0, workspace)
                }
                #expect(members.map(\.cap) == [cap])
            }
        }
    }
}
