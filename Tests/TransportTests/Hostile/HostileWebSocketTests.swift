import EngineIO
import Glibc
import HostileSupport
import NIOCore
import Testing

@testable import Transport

/// Rows W12 to W14 and W18 to W28: handshakes, floods and peers that vanish.
@Suite(.serialized) struct HostileWebSocketTests {
    private static let key = "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ=="
    private static let version = "Sec-WebSocket-Version: 13"
    private static let wanted = ["Upgrade: websocket", "Connection: Upgrade"]

    private static func handshake(
        _ id: String, _ what: String, _ headers: [String], _ status: Int, method: String = "GET"
    ) -> HostileRow {
        HostileRow(id, what) { arena in
            let client = try await arena.client()
            async let sent: Void = client.send(
                RawClient.request(method, TestServer.webSocket, headers: headers))
            let reply = try await client.reply()
            #expect(reply.status == status)
            if status == 101 {
                // What is not understood is not accepted.
                #expect(reply["sec-websocket-extensions"] == nil)
                #expect(try await client.frame().text.hasPrefix("0{"))
            } else {
                #expect(reply["sec-websocket-version"] == (status == 426 ? "13" : nil))
                #expect(await client.isClosedByServer())
            }
            try? await sent
        }
    }

    private static func extensions(_ offer: String, _ status: Int = 101) -> HostileRow {
        let name = "Sec-WebSocket-Extensions: \(offer)"
        return handshake("VB6", String(name.prefix(60)), wanted + [key, version, name], status)
    }

    private static let handshakes: [HostileRow] = [
        handshake("W18", "no key", wanted + [version], 400),
        handshake("W18", "two keys", wanted + [key, key, version], 400),
        handshake("W18", "a short key", wanted + ["Sec-WebSocket-Key: abc", version], 400),
        handshake(
            "W18", "a long key", wanted + ["Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZTEyMzQ1Ng==", version], 400),
        handshake(
            "W18", "a key that is no base64", wanted + ["Sec-WebSocket-Key: !!!!!!!!!!!!!!!!!!!!!!==", version], 400
        ),
        handshake("W18", "version 8", wanted + [key, "Sec-WebSocket-Version: 8"], 426),
        handshake("W18", "version 12", wanted + [key, "Sec-WebSocket-Version: 12"], 426),
        handshake("W18", "no version", wanted + [key], 426),
        handshake("W18", "two versions", wanted + [key, version, version], 426),
        handshake(
            "W19", "lists of tokens", ["Upgrade: WebSocket, foo", "Connection: keep-alive, Upgrade", key, version],
            101),
        handshake("W19", "a POST", wanted + [key, version, "Content-Length: 0"], 400, method: "POST"),
        handshake(
            "W28", "a subprotocol of 64 KiB",
            wanted + [key, version, "Sec-WebSocket-Protocol: " + String(repeating: "a", count: 65_536)], 431),
        handshake(
            "VB5", "30 KB of blanks",
            wanted + [key, version, "Sec-WebSocket-Protocol: a" + String(repeating: " ", count: 30_000) + "b"], 400),
        handshake(
            "VB5", "10,000 commas",
            wanted + [key, version, "Sec-WebSocket-Protocol: a" + String(repeating: ",", count: 10_000)], 400),
        handshake(
            "VB4", "a key that the limit of headers cuts", (0..<124).map { "X\($0): y" } + wanted + [version, key], 431),
        handshake(
            "VB4", "a key that the limit of bytes cuts",
            wanted + [
                version, "X: " + String(repeating: "y", count: 32_700), "Z: " + String(repeating: "y", count: 8300),
                key,
            ],
            431),
        handshake(
            "VB4", "2,001 headers before the handshake's own",
            (0..<2001).map { "X\($0): y" } + wanted + [key, version], 431),
        extensions("constructor"), extensions("x; __proto__"),
        extensions("x;" + String(repeating: " ", count: 20_000), 400),
        extensions(String(repeating: "x;a=b,", count: 3000), 400),
        extensions(String(repeating: "x;a=b,", count: 3000) + "x"),
    ]

    @Test(arguments: handshakes) func handshake(row: HostileRow) async throws { try await row.run() }

    private static let rows: [HostileRow] = [
        HostileRow("W12", "a frame in single bytes") { arena in
            let (_, client) = try await arena.webSocket()
            let length = HostileRow.repetitions(3000, full: 100_000)
            var bytes = Frame.text("4" + String(repeating: "x", count: length)).masked()
            while let byte = bytes.readSlice(length: 1) { try await client.send(byte) }
            #expect(try await client.frame().payload.count == length + 1)
        },
        HostileRow("W13", "100,000 pings") { arena in
            let (_, client) = try await arena.webSocket()
            var bytes = Frame.ping([1, 1]).masked().repeated(100_000)
            bytes.writeImmutableBuffer(Frame.ping([0xEE, 0xEE]).masked())
            try await client.send(bytes)
            var answers = 0
            while try await client.frame().payload != [0xEE, 0xEE] { answers += 1 }
            #expect(answers < 100_000)
            try await client.send(.text("4alive"))
            #expect(try await client.frame() == .text("4alive"))
        },
        HostileRow("VB8", "a pong is the ping's echo, of any length") { arena in
            let (_, client) = try await arena.webSocket()
            for length in [0, 1, 124, 125] {
                let payload = [UInt8](repeating: UInt8(length), count: length)
                try await client.send(.ping(payload))
                #expect(try await client.frame() == Frame(first: 0x8A, payload: payload))
            }
        },
        HostileRow("W14", "100,000 pongs that nobody asked for") { arena in
            let (_, client) = try await arena.webSocket()
            try await client.send(Frame(first: 0x8A, payload: [1, 2, 3]).masked().repeated(100_000))
            try await client.send(.text("4alive"))
            #expect(try await client.frame() == .text("4alive"))
        },
        HostileRow("W21", "resets in the middle of a handshake, a frame and a close") { arena in
            for _ in 0..<HostileRow.repetitions(20, full: 1000) {
                let handshake = try await arena.client()
                try await handshake.send(RawClient.upgradeRequest(TestServer.webSocket).prefix(60).description)
                try await handshake.reset()
                let (_, frame) = try await arena.webSocket()
                try await frame.send(ByteBuffer(bytes: [0x81, 0xFE, 0x10, 0, 1, 2, 3, 4, 5]))
                try await frame.reset()
                let (_, close) = try await arena.webSocket()
                try await close.send(.text("4close"))
                try await close.reset()
            }
        },
        HostileRow("W22", "a close frame without answer", configure: { $0.closeTimeout = .milliseconds(200) }) {
            arena in
            let (sid, client) = try await arena.webSocket()
            try await client.send(.text("4close"))
            #expect(try await client.frame() == .close())
            try await arena.server.engine.wait(closed: sid, .forcedClose)
            #expect(await client.isClosedByServer())
        },
        HostileRow("W23", "a peer that stops reading while 10 MB come") { arena in
            let (sid, client) = try await arena.webSocket(receiveBuffer: 4096)
            try await client.setReading(false)
            let connection = try #require(arena.server.engine.connection(sid))
            let prepared = PreparedMessage(.text(ByteBuffer(repeating: 0x61, count: 10_000)))
            var most = 0
            for _ in 0..<1000 {
                most = max(
                    most,
                    try await connection.eventLoop.submit {
                        connection.send(prepared: prepared)
                        return connection.pendingBytes
                    }.get())
            }
            try await arena.server.engine.wait(closed: sid, .slowConsumer)
            #expect(most <= 1 << 20 + 10_004)
        },
        HostileRow("W24", "peers that vanish are given up by the system too") { arena in
            _ = try await arena.webSocket()
            for descriptor in Descriptors.serving(port: arena.server.address.port ?? 0) {
                var milliseconds: CUnsignedInt = 0
                var size = socklen_t(MemoryLayout<CUnsignedInt>.size)
                let userTimeout: CInt = 18
                #expect(getsockopt(descriptor, CInt(IPPROTO_TCP), userTimeout, &milliseconds, &size) == 0)
                #expect(milliseconds == 45_000)
            }
        },
        HostileRow("W26", "an empty text frame") { arena in
            let (sid, client) = try await arena.webSocket()
            try await client.send(.text(""))
            #expect(try await client.frame() == .close())
            try await arena.server.engine.wait(closed: sid, .parseError)
        },
    ]

    @Test(arguments: rows) func webSocket(row: HostileRow) async throws { try await row.run() }
}
