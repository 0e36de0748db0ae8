import StorageTestSupport
import Testing

@testable import Storage

/// The word between nodes, over real connections.
@Suite(.timeLimit(.minutes(1))) struct NodeListenerTests {
    private func othersListen(_ test: TestDatabase, _ node: String) async throws -> Bool {
        try await test.database.transaction(.none) { try Nodes.othersListen($0, node: node) }
    }

    private func wakeOthers(_ test: TestDatabase, _ node: String) async throws {
        try await test.database.transaction(.none) { try Nodes.wakeOthers($0, node: node) }
    }

    @Test func aWordWakesTheOthersAndNotItsOwnNode() async throws {
        try await TestDatabase.with { test in
            #expect(try await !self.othersListen(test, "a"))
            let a = test.database.listener(node: "a", logger: TestDatabase.silence)
            let b = test.database.listener(node: "b", logger: TestDatabase.silence)
            var newsOfA = a.news().makeAsyncIterator()
            var newsOfB = b.news().makeAsyncIterator()
            // The first element is the connection itself.
            #expect(await newsOfA.next() != nil)
            #expect(await newsOfB.next() != nil)
            #expect(try await self.othersListen(test, "a"))
            #expect(try await self.othersListen(test, "c"))
            try await self.wakeOthers(test, "a")
            #expect(await newsOfB.next() != nil)
            try await self.wakeOthers(test, "b")
            #expect(await newsOfA.next() != nil)
            // Who stops is gone for the others too.
            b.stop()
            #expect(await newsOfB.next() == nil)
            while try await self.othersListen(test, "a") { try Task.checkCancellation() }
            a.stop()
            #expect(await newsOfA.next() == nil)
        }
    }

    @Test func aLostConnectionIsMadeAgain() async throws {
        try await TestDatabase.with { test in
            let listener = test.database.listener(node: "a", logger: TestDatabase.silence)
            var news = listener.news().makeAsyncIterator()
            #expect(await news.next() != nil)
            // This database's only: other suites listen on the same server.
            try await test.run(
                """
                select pg_terminate_backend(l.pid) from pg_locks l join pg_database d on d.oid = l.database
                where l.locktype = 'advisory' and d.datname = current_database()
                """)
            // Whoever waits is woken by the new connection: what was said in between nobody heard.
            #expect(await news.next() != nil)
            #expect(try await self.othersListen(test, "b"))
            try await self.wakeOthers(test, "b")
            #expect(await news.next() != nil)
            listener.stop()
        }
    }

    @Test func anEventCarriesTheNodeThatWroteIt() async throws {
        try await TestDatabase.with(configure: {
            $0.size = 2
            $0.node = "a"
        }) { test in
            let events = try await test.database.transaction(.workspace("w")) { sql in
                try Workspaces.ensure(sql, "w")
                let present = try Outbox.present(sql)
                return present
            }
            try await test.database.transaction(.workspace("w")) { sql in
                _ = try Outbox.append(sql, "w", [.visitorOffline(VisitorOffline(visitorID: "v", sessionID: "1"))])
            }
            let page = try await test.database.transaction(.workspace("w")) { sql in
                try Outbox.page(sql, after: events, limit: 10).events
            }
            #expect(page.map(\.node) == ["a"])
        }
    }
}
