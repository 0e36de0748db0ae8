import EngineIO
import NIOCore
import Testing

@testable import Transport

/// Rows T01 to T09: payloads and heartbeats of Engine.IO 3. T10 belongs to the layer above.
@Suite(.serialized) struct HostileRevision3Tests {
    private static let both = EngineConfiguration(revisions: [.v3, .v4])
    private static let handshake = "/engine.io/?EIO=3&transport=polling"

    /// A polling session of revision 3.
    private static func poll(_ arena: Arena) async throws -> (sid: String, target: String, client: RawClient) {
        let client = try await arena.client()
        // The length of the packet comes first.
        let text = try await client.get(handshake).text.drop { $0 != ":" }.dropFirst()
        let sid = try TestServer.sid(of: String(text))
        return (sid, handshake + "&sid=" + sid, client)
    }

    private static func post(
        _ body: [UInt8], _ target: String, _ client: RawClient, isBinary: Bool
    ) async throws -> HTTPReply {
        let type = isBinary ? "application/octet-stream" : "text/plain;charset=UTF-8"
        var request = ByteBuffer(
            string: RawClient.request(
                "POST", target, headers: ["Content-Type: \(type)", "Content-Length: \(body.count)"]))
        request.writeBytes(body)
        try await client.send(request)
        return try await client.reply()
    }

    /// A body that ends the session as `parse error`; what stood before the bad packet was processed.
    private static func unreadable(
        _ id: String, _ what: String, _ body: [UInt8], isBinary: Bool = false, delivered: [String] = []
    ) -> HostileRow {
        HostileRow(id, what, engine: both) { arena in
            let (sid, target, client) = try await poll(arena)
            #expect(try await post(body, target, client, isBinary: isBinary).status == 400)
            try await arena.server.engine.wait(closed: sid, .parseError)
            #expect(arena.delivered == delivered)
            #expect(try await client.get(target).body == EngineError.sessionUnknown.body())
        }
    }

    private static func unreadable(_ id: String, _ body: String, delivered: [String] = []) -> HostileRow {
        unreadable(id, String(body.prefix(40)), Array(body.utf8), delivered: delivered)
    }

    /// A body whose messages arrive.
    private static func readable(
        _ id: String, _ what: String, _ body: [UInt8], isBinary: Bool = false, _ delivered: String...
    ) -> HostileRow {
        HostileRow(id, what, engine: both) { arena in
            let (_, target, client) = try await poll(arena)
            #expect(try await post(body, target, client, isBinary: isBinary).text == "ok")
            #expect(arena.delivered == delivered)
            #expect(try await client.post(target, "1:1").text == "ok")
        }
    }

    private static let payloads: [HostileRow] = [
        unreadable("T01", "abc"), unreadable("T01", ":40"), unreadable("T01", "-1:40"), unreadable("T01", "1.5:40"),
        unreadable("T01", "1e1:40"), unreadable("T01", "0x2:40"), unreadable("T01", " 2:40"), unreadable("T01", "2"),
        unreadable("T02", "5:40"), unreadable("T02", "2:4a3:4b", delivered: ["a"]),
        unreadable("T02", "1:40", delivered: [""]),
        unreadable("T03", "99999999999999999999:4"), unreadable("T03", "9999999999:4"),
        unreadable("T03", String(repeating: "9", count: 990_000)), unreadable("T03", "99999991:4222222"),
        readable("T04", "an emoji counts two", Array("3:4😀".utf8), "😀"),
        unreadable("T04", "2:4😀"), unreadable("T04", "4:4😀"),
        unreadable("T06", ""), unreadable("T06", "0:"), unreadable("T06", "2:4a0:", delivered: ["a"]),
        unreadable("T07", String(repeating: "1:6", count: 330_000)),
    ]

    private static let bytes: [HostileRow] = [
        readable("T05", "text in bytes", [0, 2, 0xFF, 0x34, 0x61], isBinary: true, "a"),
        readable(
            "T05", "a length of two digits", [0, 1, 0, 0xFF] + Array("4012345678".utf8), isBinary: true, "012345678"),
        unreadable("T05", "a digit above nine", [0, 10, 0xFF, 0x34], isBinary: true),
        unreadable("T05", "ASCII digits", [0, 0x31, 0xFF, 0x34], isBinary: true),
        unreadable("T05", "no end of the length", [0, 1, 1], isBinary: true),
        unreadable("T05", "311 digits", [0] + [UInt8](repeating: 1, count: 311) + [0xFF, 0x34], isBinary: true),
        unreadable("T05", "too long", [0, 9, 0xFF, 0x34], isBinary: true),
        unreadable("T05", "nothing", [0, 0, 0xFF], isBinary: true),
        unreadable("T05", "an unknown kind", [2, 1, 0xFF, 0x34], isBinary: true),
        unreadable("T05", "bytes without a type", [1, 1, 0xFF, 9], isBinary: true),
        unreadable("T05", "text that is none", [0, 2, 0xFF, 0x34, 0xFF], isBinary: true),
        unreadable("T05", "one message, then damage", [0, 2, 0xFF, 0x34, 0x61, 7], isBinary: true, delivered: ["a"]),
    ]

    @Test(arguments: payloads + bytes) func payload(row: HostileRow) async throws { try await row.run() }

    private static let impatient = EngineConfiguration(
        pingInterval: .milliseconds(500), pingTimeout: .seconds(2), revisions: [.v3, .v4])

    private static let heartbeats: [HostileRow] = [
        HostileRow("T08", "a silent client", engine: impatient) { arena in
            let (sid, _, _) = try await poll(arena)
            try await arena.server.engine.wait(closed: sid, .pingTimeout)
        },
        HostileRow("T09", "a pong where a ping is due", engine: both) { arena in
            let (sid, target, client) = try await poll(arena)
            #expect(try await client.post(target, "1:3").status == 200)
            try await arena.server.engine.wait(closed: sid, .transportError)
        },
    ]

    @Test(arguments: heartbeats) func heartbeat(row: HostileRow) async throws { try await row.run() }
}
