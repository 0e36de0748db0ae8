import EngineIO
import NIOCore
import Testing

@testable import Transport

/// Rows E01 to E05, E08 and E09: packets and heartbeats out of place. E06 and E07 belong to the layer above.
@Suite(.serialized) struct HostileEngineTests {
    private static let lively = EngineConfiguration(pingInterval: .milliseconds(300), pingTimeout: .seconds(3))

    private static let rows: [HostileRow] = [
        HostileRow("E01", "a ping from the client") { arena in
            let (sid, client) = try await arena.webSocket()
            try await client.send(.text("2"))
            #expect(try await client.frame() == .close())
            try await arena.server.engine.wait(closed: sid, .transportError)
            let (polling, poster) = try await arena.poll()
            #expect(try await poster.post(Arena.polling(polling), "2").status == 200)
            try await arena.server.engine.wait(closed: polling, .transportError)
        },
        HostileRow("E02", "100,000 pongs that nobody asked for", engine: Self.lively) { arena in
            let before = await arena.server.server.metrics().timers
            let (sid, client) = try await arena.webSocket()
            try await client.send(Frame.text("3").masked().repeated(100_000))
            // The next ping comes when it was due: the flood neither moved nor doubled it.
            #expect(try await client.frame() == .text("2"))
            #expect(await arena.server.server.metrics().timers == before + 1)
            #expect(arena.server.engine.connection(sid) != nil)
            #expect(arena.delivered.isEmpty)
        },
        HostileRow("E03", "an open packet from the client") { arena in
            let (sid, client) = try await arena.webSocket()
            try await client.send(.text(#"0{"sid":"x"}"#))
            try await client.send(.text("4alive"))
            #expect(try await client.frame() == .text("4alive"))
            #expect(arena.server.engine.connection(sid) != nil)
        },
        HostileRow("E04", "upgrade and noop packets on an open session") { arena in
            let (_, client) = try await arena.webSocket()
            for text in ["5", "6", "5x", "6x", "3probe", "4alive"] { try await client.send(.text(text)) }
            #expect(try await client.frame() == .text("4alive"))
            let (polling, poster) = try await arena.poll()
            #expect(try await poster.post(Arena.polling(polling), "5\u{1E}6\u{1E}5x\u{1E}0{}").text == "ok")
            #expect(try await arena.isAlive(polling))
        },
        HostileRow("E05", "packets behind a close packet") { arena in
            let (sid, client) = try await arena.poll()
            #expect(try await client.post(Arena.polling(sid), "4a\u{1E}1\u{1E}4b\u{1E}9").text == "ok")
            try await arena.server.engine.wait(closed: sid, .transportClose)
            #expect(arena.delivered == ["a"])
            let (other, socket) = try await arena.webSocket()
            var bytes = Frame.text("1").masked()
            bytes.writeImmutableBuffer(Frame.text("4c").masked())
            try await socket.send(bytes)
            try await arena.server.engine.wait(closed: other, .transportClose)
            #expect(arena.delivered == ["a"])
        },
        HostileRow("E08", "no answer to a ping", engine: Self.impatient) { arena in
            let (sid, client) = try await arena.webSocket()
            #expect(try await client.frame() == .text("2"))
            #expect(try await client.frame() == .close())
            try await arena.server.engine.wait(closed: sid, .pingTimeout)
        },
        HostileRow("E09", "answers at the wrong layer", engine: Self.impatient) { arena in
            let (sid, client) = try await arena.webSocket()
            #expect(try await client.frame() == .text("2"))
            try await client.send(Frame(first: 0x8A, payload: []))
            try await client.send(.text("4I am here"))
            try await client.send(.ping([1]))
            #expect(try await client.frame() == .text("4I am here"))
            #expect(try await client.frame() == Frame(first: 0x8A, payload: [1]))
            #expect(try await client.frame() == .close())
            try await arena.server.engine.wait(closed: sid, .pingTimeout)
        },
    ]

    private static let impatient = EngineConfiguration(pingInterval: .milliseconds(200), pingTimeout: .seconds(2))

    @Test(arguments: rows) func engine(row: HostileRow) async throws { try await row.run() }
}
