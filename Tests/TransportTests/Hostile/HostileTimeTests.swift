import EngineIO
import NIOCore
import Testing

@testable import Transport

/// Rows H21 and H23 to H27: clients that hurry, dawdle, or say nothing at all.
@Suite(.serialized) struct HostileTimeTests {
    private static let rows: [HostileRow] = [
        HostileRow("H21", "16 requests in one segment") { arena in
            let client = try await arena.client()
            try await client.send((0..<16).map { RawClient.request("GET", "/\($0)") }.joined())
            for number in 0..<16 { #expect(try await client.reply().text == "GET /\(number) ") }
        },
        HostileRow("H21", "500 requests in one segment: in order as far as they are answered") { arena in
            let client = try await arena.client()
            try await client.send((0..<500).map { RawClient.request("GET", "/\($0)") }.joined())
            var answered = 0
            do {
                while answered < 500 {
                    #expect(try await client.reply().text == "GET /\(answered) ")
                    answered += 1
                }
            } catch is RawClient.TimedOut {
                #expect(await client.isClosedByServer())
            }
            #expect(answered >= 1)
        },
        HostileRow("H21", "requests without end behind a poll that waits") { arena in
            let (sid, client) = try await arena.poll()
            try await client.send(RawClient.request("GET", Arena.polling(sid)))
            await arena.settle()
            let flood = (0..<200).map { RawClient.request("GET", "/\($0)") }.joined()
            for _ in 0..<20 { try? await client.send(flood) }
            #expect(try await arena.client().post(Arena.polling(sid), "4x").text == "ok")
            let answer = try await client.reply()
            #expect(answer.text == "4x")
            #expect(answer["connection"] == "close")
            #expect(await client.isClosedByServer())
        },
        HostileRow("H23", "a head that comes in single bytes", configure: Self.shortHeads) { arena in
            let client = try await arena.client()
            var isClosed = false
            for byte in "GET / HTTP/1.1\r\nX: " + String(repeating: "y", count: 1000) where !isClosed {
                try? await client.send(String(byte))
                isClosed = await client.isClosedByServer(within: .milliseconds(20))
            }
            #expect(isClosed)
        },
        HostileRow("H24", "a body that never ends", configure: { $0.bodyTimeout = .milliseconds(300) }) { arena in
            let (sid, client) = try await arena.poll()
            let request = RawClient.request("POST", Arena.polling(sid), headers: ["Content-Length: 1000"])
            try await client.send(request + "4")
            #expect(try await client.reply().status == 408)
            try await arena.server.engine.wait(closed: sid, .transportError)
        },
        HostileRow("H24", "a body in single bytes", configure: { $0.bodyTimeout = .milliseconds(300) }) { arena in
            let (sid, client) = try await arena.poll()
            try await client.send(
                RawClient.request("POST", Arena.polling(sid), headers: ["Content-Length: 1000"]))
            var isClosed = false
            for _ in 0..<1000 where !isClosed {
                try? await client.send("4")
                isClosed = await client.isClosedByServer(within: .milliseconds(20))
            }
            #expect(isClosed)
            try await arena.server.engine.wait(closed: sid, .transportError)
        },
        HostileRow("H25", "an answer that nobody reads", configure: { $0.writeTimeout = .milliseconds(300) }) {
            arena in
            let sid = try await arena.poll().sid
            let client = try await arena.client(receiveBuffer: 4096)
            try await client.setReading(false)
            let connection = try #require(arena.server.engine.connection(sid))
            try await connection.eventLoop.submit {
                connection.send(.text(ByteBuffer(repeating: 0x61, count: 900_000)))
            }.get()
            try await client.send(RawClient.request("GET", Arena.polling(sid)))
            // The answer is given up with its connection; the session has been answered and lives on.
            try await arena.until { $0.connectionsOpen <= 3 }
            #expect(try await arena.isAlive(sid))
        },
        HostileRow("H26", "connections without a byte", configure: Self.shortHeads) { arena in
            let clients = try await connections(HostileRow.repetitions(300, full: 8000), arena)
            for client in clients { #expect(await client.isClosedByServer()) }
        },
        HostileRow("H27", "half a connection while its poll waits") { arena in
            let (sid, client) = try await arena.poll()
            try await client.send(RawClient.request("GET", Arena.polling(sid)))
            await arena.settle()
            try await client.closeOutput()
            try await arena.server.engine.wait(closed: sid, .transportError)
        },
    ]

    private static let shortHeads: @Sendable (inout TransportConfiguration) -> Void = {
        $0.headerTimeout = .milliseconds(300)
    }

    private static func connections(_ count: Int, _ arena: Arena) async throws -> [RawClient] {
        var clients: [RawClient] = []
        for _ in 0..<count { clients.append(try await arena.client()) }
        return clients
    }

    @Test(arguments: rows) func time(row: HostileRow) async throws { try await row.run() }

    @Test("H26: who gives up on a silent crowd still takes new clients") func theReserve() async throws {
        try await Arena.run(descriptors: 40, configure: Self.shortHeads) { arena in
            for _ in 0..<100 { _ = try await arena.client() }
            let late = try await arena.client()
            #expect(try await late.get("/late").text == "GET /late ")
        }
    }
}
