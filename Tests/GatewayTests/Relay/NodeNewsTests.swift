import Assignment
import SocketIO
import Storage
import Testing

@testable import Gateway

/// Two nodes on one database: what happens on one is heard on the other without waiting for its poll.
@Suite(.timeLimit(.minutes(1))) struct NodeNewsTests {
    /// Others' turn; ends with the test's time.
    private static func turn() async throws {
        try Task.checkCancellation()
        await Task.yield()
    }

    @Test func aMessageReachesTheOtherNodesSockets() async throws {
        try await EventsFixture.with { first in
            let second = try await first.secondNode()
            try await withThrowingTaskGroup(of: Void.self) { group in
                for node in [first, second] {
                    group.addTask { await node.news.tell() }
                    group.addTask { await node.news.listen { await node.relay.wake() } }
                }
                // Nobody polls here: only the word between the nodes can bring anything.
                for (node, life) in [(first, "first"), (second, "second")] {
                    while try await !node.services.database.transaction(
                        .none,
                        { sql in
                            try Nodes.othersListen(sql, node: life)
                        })
                    { try await Self.turn() }
                }
                let ana = try await second.connect(.commercial, "ana")
                let visitor = try await first.connect(.visitor, "v")
                let tab = try await second.connect(.visitor, "v")
                let chat = try await visitor.say("hola")
                try await first.dispatch()
                while ana.socket.received("chat:assigned").isEmpty { try await Self.turn() }
                for number in 1...20 { _ = try await visitor.say("\(number)") }
                while ana.seqs.last != 21 { try await Self.turn() }
                #expect(await ana.send("message:send", ["chatId": .string(chat), "content": "soy Ana"]).isOK)
                while visitor.seqs.last != 22 || tab.seqs.last != 22 { try await Self.turn() }
                // In order, once each, and to no sender a second time.
                for client in [visitor, tab] { #expect(client.seqs == Array<Int64>(1...22)) }
                #expect(ana.seqs.suffix(21) == Array<Int64>(2...22)[...])
                #expect(visitor.socket.received("message:new").map { $0[dynamic: "content"] } == ["soy Ana"])
                group.cancelAll()
            }
            await second.services.database.shutDown()
        }
    }
}
