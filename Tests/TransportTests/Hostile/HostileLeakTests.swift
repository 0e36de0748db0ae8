import EngineIO
import NIOCore
import Testing

@testable import Transport

/// What only shows when it is repeated: hundreds of times in every run, the full count with `PUENTE_HOSTILE_FULL`.
@Suite(.serialized) struct HostileLeakTests {
    private static let rows: [HostileRow] = [
        HostileRow("P15", "a poll aborted while it waits, again and again") { arena in
            for number in 0..<HostileRow.repetitions(100, full: 10_000) {
                let client = try await arena.server.client()
                let sid = try TestServer.sid(of: try await client.get(TestServer.polling).text)
                try await client.send(RawClient.request("GET", Arena.polling(sid)))
                if number.isMultiple(of: 2) { await client.close() } else { try await client.reset() }
                // The request and the end may arrive together; without a poll the session waits for the next one.
                if arena.server.engine.connection(sid) != nil {
                    let other = try await arena.server.client()
                    _ = try await other.post(Arena.polling(sid), "1")
                    await other.close()
                }
            }
        },
        HostileRow("P19", "handshakes that are never used", engine: Self.short) { arena in
            let count = HostileRow.repetitions(100, full: 10_000)
            let client = try await arena.server.client()
            for _ in 0..<count { #expect(try await client.get(TestServer.polling).status == 200) }
            await client.close()
            // The canaries' own sessions stay.
            try await arena.until { $0.sessionsOpen == 2 }
            #expect(await arena.server.server.metrics().sessionsOpened >= count)
        },
        HostileRow("VC1", "one timer for a session, whatever it says") { arena in
            let before = await arena.server.server.metrics()
            let count = HostileRow.repetitions(100, full: 10_000)
            let client = try await arena.client()
            var sids: [String] = []
            for _ in 0..<count {
                sids.append(try TestServer.sid(of: try await client.get(TestServer.polling).text))
            }
            let flood = Array(repeating: "3", count: 1000).joined(separator: "\u{1E}")
            for sid in sids.prefix(100) { #expect(try await client.post(Arena.polling(sid), flood).text == "ok") }
            let after = await arena.server.server.metrics()
            #expect(after.sessionsOpen - before.sessionsOpen == count)
            #expect(after.timers - before.timers == count + 1)
            for sid in sids { #expect(try await client.post(Arena.polling(sid), "1").text == "ok") }
        },
        HostileRow("VA4", "refused bodies on connections that are kept") { arena in
            let client = try await arena.client()
            for _ in 0..<HostileRow.repetitions(100, full: 2000) {
                let sid = try TestServer.sid(of: try await client.get(TestServer.polling).text)
                let reply = try await client.post(
                    Arena.polling(sid), "4x", headers: ["Content-Type: application/octet-stream"])
                #expect(reply.status == 400)
                #expect(reply["content-length"] == "0")
            }
        },
        HostileRow("VA11", "refused upgrades whose clients reset") { arena in
            for _ in 0..<HostileRow.repetitions(100, full: 1000) {
                let client = try await arena.server.client()
                try await client.send(RawClient.upgradeRequest("/engine.io/?EIO=4&transport=tobi"))
                try await client.reset()
            }
        },
        HostileRow("U11", "connections stuck at the probe", engine: Self.stuck) { arena in
            let count = HostileRow.repetitions(100, full: 1000)
            let poller = try await arena.client()
            var sids: [String] = []
            for _ in 0..<count {
                let sid = try TestServer.sid(of: try await poller.get(TestServer.polling).text)
                sids.append(sid)
                let socket = try await arena.client()
                #expect(try await socket.upgrade(Arena.webSocket(sid)).status == 101)
                try await socket.send(.text("2probe"))
            }
            // Two canaries, the poller, and nobody who is stuck.
            try await arena.until { $0.connectionsOpen <= 3 }
            #expect(await arena.server.server.metrics().upgrades == 0)
            for sid in sids { #expect(try await poller.post(Arena.polling(sid), "1").text == "ok") }
        },
    ]

    private static let short = EngineConfiguration(pingInterval: .milliseconds(500), pingTimeout: .seconds(2))
    private static let stuck = EngineConfiguration(upgradeTimeout: .milliseconds(500))

    @Test(arguments: rows) func leavesNothing(row: HostileRow) async throws { try await row.run() }
}
