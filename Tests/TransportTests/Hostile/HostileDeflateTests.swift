import EngineIO
import NIOCore
import Testing

@testable import Transport

/// Rows W15 to W17 and VB10: what can be done to a server that decompresses.
@Suite(.serialized) struct HostileDeflateTests {
    private static let limit = 10_000

    private static func row(
        _ id: String, _ what: String, attack: @escaping @Sendable (Arena) async throws -> Void
    ) -> HostileRow {
        HostileRow(
            id, what, engine: .init(maxPayload: limit),
            configure: { $0.perMessageDeflate = PerMessageDeflate() }, attack: attack)
    }

    private static func compressed(_ bytes: ByteBuffer, isFinal: Bool = true) throws -> Frame {
        let deflater = try #require(MessageDeflater(windowBits: 15, level: 9))
        let payload = try #require(deflater.compress(bytes))
        return Frame(first: isFinal ? 0xC1 : 0x41, payload: Array(payload.readableBytesView))
    }

    /// A session that agreed on compression gets these frames and must end with this code.
    private static func frames(
        _ id: String, _ what: String, code: Int, _ frames: @escaping @Sendable () throws -> [Frame]
    ) -> HostileRow {
        row(id, what) { arena in
            let client = try await arena.client()
            let reply = try await client.upgrade(
                TestServer.webSocket, headers: ["Sec-WebSocket-Extensions: permessage-deflate"])
            #expect(reply["sec-websocket-extensions"]?.hasPrefix("permessage-deflate") == true)
            _ = try await client.frame()
            for frame in try frames() { try await client.send(frame) }
            #expect(try await client.frame().closeCode == code)
        }
    }

    /// An offer that is declined: the handshake goes on without compression.
    private static func declined(_ what: String, _ offer: String) -> HostileRow {
        row("W17", what) { arena in
            let client = try await arena.client()
            let reply = try await client.upgrade(
                TestServer.webSocket, headers: ["Sec-WebSocket-Extensions: \(offer)"])
            #expect(reply.status == 101)
            #expect(reply["sec-websocket-extensions"] == nil)
            #expect(try await client.frame().text.hasPrefix("0{"))
        }
    }

    private static let zeros = ByteBuffer(repeating: UInt8(ascii: "0"), count: 50_000_000)

    private static let rows: [HostileRow] = [
        frames("W15", "50 MB of the same in 50 KB", code: 1009) { [try compressed(zeros)] },
        frames("VB10", "one byte more than fits", code: 1009) {
            [try compressed(ByteBuffer(repeating: UInt8(ascii: "4"), count: limit + 2))]
        },
        frames("W16", "garbage", code: 1002) { [Frame(first: 0xC1, payload: [0xFF, 0xFF])] },
        frames("W16", "a block of the reserved type", code: 1002) { [Frame(first: 0xC1, payload: [0x06, 0x00])] },
        frames("W16", "a control frame that says it is compressed", code: 1002) {
            [Frame(first: 0xC9, payload: [])]
        },
        declined("300 parameters", "permessage-deflate" + (0..<300).map { "; p\($0)=1" }.joined()),
        declined("a window of 99 bits", "permessage-deflate; server_max_window_bits=99"),
        declined("a quoted value", "permessage-deflate; server_max_window_bits=\"10\""),
        declined("a parameter twice", "permessage-deflate; client_max_window_bits; client_max_window_bits"),
    ]
    @Test(arguments: rows) func deflate(row: HostileRow) async throws { try await row.run() }
}
