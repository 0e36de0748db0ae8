import EngineIO
import NIOCore
import Synchronization
import Testing

@testable import Transport

/// Rows P01 to P21: long-polling misused.
@Suite(.serialized) struct HostilePollingTests {
    /// An id that no session has.
    private static func unknown(_ id: String, _ what: String, _ sid: String) -> HostileRow {
        HostileRow(id, what) { arena in
            let client = try await arena.client()
            for reply in [
                try await client.get(Arena.polling(sid)), try await client.post(Arena.polling(sid), "4x"),
            ] {
                #expect(reply.status == 400)
                #expect(reply.body == EngineError.sessionUnknown.body())
            }
            let refused = try await client.upgrade(Arena.webSocket(sid))
            #expect(refused.status == 400)
            #expect(refused.text == EngineError.sessionUnknown.message)
            #expect(await client.isClosedByServer())
        }
    }

    private static let ids: [HostileRow] = [
        unknown("P01", "an id of the right form", "AAAAAAAAAAAAAAAAAAAA"),
        unknown("P01", "no id", ""),
        unknown("P01", "dots", ".."),
        unknown("VA2", "a dot", "."), unknown("VA2", "toString", "toString"),
        unknown("P02", "__proto__", "__proto__"), unknown("P02", "constructor", "constructor"),
        unknown("P02", "hasOwnProperty", "hasOwnProperty"), unknown("P02", "a zero byte", "%00"),
        unknown("P02", "a zero byte at the end", "AAAAAAAAAAAAAAAAAAA%00"),
        unknown("P02", "4 KiB", String(repeating: "a", count: 4096)),
        unknown("P02", "other letters", "%C3%B1%C3%B1%C3%B1%C3%B1%C3%B1%C3%B1%C3%B1%C3%B1%C3%B1%C3%B1"),
    ]

    @Test(arguments: ids) func isUnknown(row: HostileRow) async throws { try await row.run() }

    /// A body that ends the session as `parse error`; what stood before the bad packet was processed.
    private static func unreadable(
        _ id: String, _ what: String, _ body: ByteBuffer, delivered: [String] = []
    ) -> HostileRow {
        HostileRow(id, what) { arena in
            let (sid, client) = try await arena.poll()
            let poller = try await arena.client()
            try await poller.send(RawClient.request("GET", Arena.polling(sid)))
            await arena.settle()
            var request = ByteBuffer(
                string: RawClient.request(
                    "POST", Arena.polling(sid), headers: ["Content-Length: \(body.readableBytes)"]))
            request.writeImmutableBuffer(body)
            try await client.send(request)
            #expect(try await client.reply().status == 400)
            try await arena.server.engine.wait(closed: sid, .parseError)
            #expect(try await poller.reply().status == 200)
            #expect(arena.delivered == delivered)
            #expect(try await client.get(Arena.polling(sid)).body == EngineError.sessionUnknown.body())
        }
    }

    private static func unreadable(
        _ id: String, _ body: String, delivered: [String] = []
    ) -> HostileRow {
        unreadable(id, "\(body.debugDescription.prefix(40))", ByteBuffer(string: body), delivered: delivered)
    }

    private static let bodies: [HostileRow] = [
        unreadable("P05", ""), unreadable("P06", "\u{1E}"), unreadable("P06", "\u{1E}\u{1E}"),
        unreadable("P06", "4a\u{1E}", delivered: ["a"]),
        unreadable("P06", "4a\u{1E}4b\u{1E}\u{1E}4c", delivered: ["a", "b"]),
        unreadable("P09", Array(repeating: "6", count: 16_385).joined(separator: "\u{1E}")),
        unreadable("P09", Array(repeating: "6", count: 300_000).joined(separator: "\u{1E}")),
        unreadable("P11", "34 FF FE", ByteBuffer(bytes: [0x34, 0xFF, 0xFE])),
        unreadable("P11", "half a character", ByteBuffer(bytes: [0x34, 0xE2, 0x82])),
        unreadable("P12", "b!!!!"), unreadable("P12", "bAAA"), unreadable("P12", "bAA=A"),
        unreadable("P12", "bAAB="), unreadable("P12", "bA"),
        unreadable("P14", "7"), unreadable("P14", "9"), unreadable("P14", "x"), unreadable("P14", "{"),
        unreadable("P14", " "), unreadable("P14", "😀"), unreadable("P14", "\0"),
    ]

    @Test(arguments: bodies) func isUnreadable(row: HostileRow) async throws { try await row.run() }

    private static let rows: [HostileRow] = [
        HostileRow("P03", "two polls at once") { arena in
            let (sid, first) = try await arena.poll()
            try await first.send(RawClient.request("GET", Arena.polling(sid)))
            await arena.settle()
            let second = try await arena.client()
            #expect(try await second.get(Arena.polling(sid)).status == 400)
            #expect(try await first.reply().text == "1")
            try await arena.server.engine.wait(closed: sid, .transportError)
            #expect(try await second.get(Arena.polling(sid)).body == EngineError.sessionUnknown.body())
        },
        HostileRow("P04", "two POSTs at once") { arena in
            let (sid, first) = try await arena.poll()
            let request = RawClient.request("POST", Arena.polling(sid), headers: ["Content-Length: 6"])
            try await first.send(request + "4he")
            await arena.settle()
            #expect(try await arena.client().post(Arena.polling(sid), "4x").status == 400)
            try await arena.server.engine.wait(closed: sid, .transportError)
            try await first.send("llo")
            #expect(try await first.reply().status == 400)
            #expect(arena.delivered.isEmpty)
        },
        HostileRow("P07", "the limit of a body, and a byte more") { arena in
            let (sid, client) = try await arena.poll()
            let full = "4" + String(repeating: "a", count: 999_999)
            #expect(try await client.post(Arena.polling(sid), full).text == "ok")
            #expect(try await client.get(Arena.polling(sid)).text == full)
            #expect(try await client.post(Arena.polling(sid), full + "a").status == 413)
            #expect(await client.isClosedByServer())
            #expect(try await arena.isAlive(sid))
        },
        HostileRow("P08", "chunks that cross the limit") { arena in
            let (sid, client) = try await arena.poll()
            try await client.send(
                RawClient.request("POST", Arena.polling(sid), headers: ["Transfer-Encoding: chunked"]))
            let chunk = "186A0\r\n" + String(repeating: "4", count: 100_000) + "\r\n"
            for _ in 0..<11 { try? await client.send(chunk) }
            #expect(try await client.reply().status == 413)
            #expect(await client.isClosedByServer())
            #expect(try await arena.isAlive(sid))
        },
        HostileRow("P10", "bytes where text is due") { arena in
            let (sid, client) = try await arena.poll()
            let reply = try await client.post(
                Arena.polling(sid), "4x", headers: ["Content-Type: application/octet-stream"])
            #expect(reply.status == 400)
            #expect(reply.text.isEmpty)
            try await arena.server.engine.wait(closed: sid, .transportError)
        },
        HostileRow("P16", "a POST aborted halfway") { arena in
            let (sid, client) = try await arena.poll()
            let request = RawClient.request("POST", Arena.polling(sid), headers: ["Content-Length: 100"])
            try await client.send(request + "4a\u{1E}4b\u{1E}")
            await arena.settle()
            await client.close()
            try await arena.server.engine.wait(closed: sid, .transportError)
            #expect(arena.delivered.isEmpty)
        },
        HostileRow("P17", "a POST after the close packet") { arena in
            let (sid, client) = try await arena.poll()
            #expect(try await client.post(Arena.polling(sid), "1").text == "ok")
            #expect(try await client.post(Arena.polling(sid), "4x").body == EngineError.sessionUnknown.body())
            #expect(arena.delivered.isEmpty)
        },
        HostileRow("P20", "polling after the upgrade") { arena in
            let (sid, client) = try await arena.poll()
            let socket = try await arena.client()
            #expect(try await socket.upgrade(Arena.webSocket(sid)).status == 101)
            try await socket.send(.text("2probe"))
            #expect(try await socket.frame() == .text("3probe"))
            try await socket.send(.text("5"))
            try await socket.send(.text("4x"))
            #expect(try await socket.frame() == .text("4x"))
            #expect(try await client.get(Arena.polling(sid)).body == EngineError.badRequest.body())
            #expect(try await client.post(Arena.polling(sid), "4y").body == EngineError.badRequest.body())
            try await socket.send(.close())
            #expect(await socket.isClosedByServer())
        },
        HostileRow("P19", "a million tiny answers that nobody polls for") { arena in
            let sid = try await arena.poll().sid
            let connection = try #require(arena.server.engine.connection(sid))
            try await connection.eventLoop.submit {
                for _ in 0..<1_000_000 where connection.isOpen { connection.send(.text(ByteBuffer(string: "x"))) }
            }.get()
            try await arena.server.engine.wait(closed: sid, .slowConsumer)
            // Each costs more than its two bytes.
            #expect(await arena.server.server.metrics().messagesSent < 20_000)
        },
        HostileRow("P18", "1,000 handshakes that the layer above will not have") { arena in
            let rejection = Rejection(status: 429, message: "Too Many Requests", retryAfter: 10)
            arena.server.engine.state.withLock { $0.admission = .reject(rejection) }
            let client = try await arena.client()
            for _ in 0..<1000 {
                let reply = try await client.get(TestServer.polling)
                #expect(reply.status == 429)
                #expect(reply["retry-after"] == "10")
            }
            let refused = try await client.upgrade(TestServer.webSocket)
            #expect(refused.status == 429)
            #expect(refused["retry-after"] == "10")
            #expect(await client.isClosedByServer())
            // Nothing was made for them.
            #expect(await arena.server.server.metrics().sessionsOpened == 2)
        },
        HostileRow("P21", "a session from elsewhere: the id is the capability") { arena in
            let (sid, first) = try await arena.poll()
            await first.close()
            let other = try await arena.client()
            let reply = try await other.post(Arena.polling(sid), "4moved", headers: ["User-Agent: another"])
            #expect(reply.text == "ok")
            #expect(try await arena.client().get(Arena.polling(sid)).text == "4moved")
        },
    ]

    @Test(arguments: rows) func polling(row: HostileRow) async throws { try await row.run() }
}
