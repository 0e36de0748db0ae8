import EngineIO
import NIOCore
import Testing

@testable import Transport

/// Rows U01 to U12: upgrades that are wrong, late, doubled or cut off. The polling session survives each.
@Suite(.serialized) struct HostileUpgradeTests {
    /// A candidate with its handshake done.
    private static func candidate(_ sid: String, _ arena: Arena) async throws -> RawClient {
        let client = try await arena.client()
        guard try await client.upgrade(Arena.webSocket(sid)).status == 101 else { throw HTTPReply.Malformed() }
        return client
    }

    private static func probed(_ sid: String, _ arena: Arena) async throws -> RawClient {
        let client = try await candidate(sid, arena)
        try await client.send(.text("2probe"))
        guard try await client.frame() == .text("3probe") else { throw HTTPReply.Malformed() }
        return client
    }

    /// A first frame that closes the candidate, after which another one may try.
    private static func breach(_ id: String, _ what: String, _ frame: Frame) -> HostileRow {
        HostileRow(id, what) { arena in
            let sid = try await arena.poll().sid
            let socket = try await candidate(sid, arena)
            try await socket.send(frame)
            #expect(try await socket.frame().opcode == 0x8)
            #expect(try await arena.isAlive(sid))
            let second = try await probed(sid, arena)
            try await second.send(.text("4not yet"))
            #expect(try await second.frame() == .close())
            #expect(arena.delivered == ["alive"])
        }
    }

    private static let breaches: [HostileRow] = [
        breach("U04", "5 without a probe", .text("5")),
        breach("U05", "2probe and a blank", .text("2probe ")), breach("U05", "2PROBE", .text("2PROBE")),
        breach("U05", "2", .text("2")), breach("U05", "3probe", .text("3probe")),
        breach("U05", "4x", .text("4x")), breach("U05", "0", .text("0{}")), breach("U05", "1", .text("1")),
        breach("U05", "6", .text("6")), breach("U05", "an unknown type", .text("7")),
        breach("U05", "nothing", .text("")), breach("U05", "bytes", .binary([1])),
        breach("U05", "a close frame", .close()),
        breach("U05", "an illegal frame", Frame(first: 0xF1, payload: [])),
    ]

    @Test(arguments: breaches) func closesTheCandidate(row: HostileRow) async throws { try await row.run() }

    private static let rows: [HostileRow] = [
        HostileRow("U01", "an unknown session") { arena in
            let client = try await arena.client()
            let reply = try await client.upgrade(Arena.webSocket("AAAAAAAAAAAAAAAAAAAA"))
            #expect(reply.status == 400)
            #expect(reply.text == EngineError.sessionUnknown.message)
            #expect(await client.isClosedByServer())
        },
        HostileRow("U02", "VA1: another revision, or none") { arena in
            let (sid, client) = try await arena.poll()
            for query in ["", "EIO=3&", "EIO=&", "EIO=5&", "EIO=4&EIO=3&"] {
                let candidate = try await arena.client()
                var bytes = ByteBuffer(
                    string: RawClient.upgradeRequest("/engine.io/?\(query)transport=websocket&sid=\(sid)"))
                for packet in ["2probe", "2", "3", "5"] {
                    bytes.writeImmutableBuffer(Frame.text(packet).masked())
                }
                try await candidate.send(bytes)
                let reply = try await candidate.reply()
                #expect(reply.status == 400)
                #expect(reply.text == EngineError.badRequest.message)
                #expect(await candidate.isClosedByServer())
                let target = "/engine.io/?\(query)transport=polling&sid=\(sid)"
                #expect(try await client.get(target).body == EngineError.badRequest.body())
                #expect(try await client.post(target, "4x").body == EngineError.badRequest.body())
            }
            #expect(try await arena.isAlive(sid))
        },
        HostileRow("U03", "a probe and nothing more", engine: Self.hurried) { arena in
            let sid = try await arena.poll().sid
            let socket = try await probed(sid, arena)
            #expect(try await socket.frame() == .close())
            #expect(try await arena.isAlive(sid))
            let silent = try await candidate(sid, arena)
            #expect(try await silent.frame() == .close())
            #expect(try await arena.isAlive(sid))
        },
        HostileRow("U06", "two candidates") { arena in
            let sid = try await arena.poll().sid
            let first = try await probed(sid, arena)
            let second = try await candidate(sid, arena)
            #expect(try await second.frame() == .close())
            try await first.send(.text("5"))
            try await first.send(.text("4x"))
            #expect(try await first.frame() == .text("4x"))
        },
        HostileRow("U07", "a candidate after the upgrade") { arena in
            let sid = try await arena.poll().sid
            let socket = try await probed(sid, arena)
            try await socket.send(.text("5"))
            try await socket.send(.text("4x"))
            #expect(try await socket.frame() == .text("4x"))
            let late = try await candidate(sid, arena)
            #expect(try await late.frame() == .close())
            try await socket.send(.text("4still here"))
            #expect(try await socket.frame() == .text("4still here"))
        },
        HostileRow("U08", "5 while a POST is under way") { arena in
            let (sid, poster) = try await arena.poll()
            let socket = try await probed(sid, arena)
            let request = RawClient.request("POST", Arena.polling(sid), headers: ["Content-Length: 6"])
            try await poster.send(request + "4fi")
            await arena.settle()
            try await socket.send(.text("5"))
            try await socket.send(.text("4second"))
            await arena.settle()
            #expect(arena.delivered.isEmpty)
            try await poster.send("rst")
            #expect(try await poster.reply().text == "ok")
            for text in ["4first", "4second"] { #expect(try await socket.frame() == .text(text)) }
            #expect(arena.delivered == ["first", "second"])
        },
        HostileRow("U08", "5 while a POST is under way that is then aborted") { arena in
            let (sid, poster) = try await arena.poll()
            let socket = try await probed(sid, arena)
            let request = RawClient.request("POST", Arena.polling(sid), headers: ["Content-Length: 6"])
            try await poster.send(request + "4fi")
            await arena.settle()
            try await socket.send(.text("5"))
            try await socket.send(.text("4second"))
            await arena.settle()
            await poster.close()
            try await arena.server.engine.wait(closed: sid, .transportError)
            #expect(try await socket.frame() == .close())
            #expect(arena.delivered.isEmpty)
        },
        HostileRow("U09", "1,000 messages during the switch") { arena in
            let (sid, poller) = try await arena.poll()
            let connection = try #require(arena.server.engine.connection(sid))
            let socket = try await probed(sid, arena)
            var received: [String] = []
            for part in 0..<10 {
                try await connection.eventLoop.submit {
                    for number in 0..<100 {
                        connection.send(.text(ByteBuffer(string: "\(part * 100 + number)")))
                    }
                }.get()
                if part < 5 {
                    let answer = try await poller.get(Arena.polling(sid)).text
                    received += answer.split(separator: "\u{1E}").map { String($0.dropFirst()) }
                } else if part == 5 {
                    try await socket.send(.text("5"))
                }
            }
            while received.count < 1000 {
                received.append(String(try await socket.frame().text.dropFirst()))
            }
            #expect(received == (0..<1000).map(String.init))
        },
        HostileRow("U10", "the candidate dies right behind its 5") { arena in
            for _ in 0..<20 {
                let (sid, poller) = try await arena.poll()
                #expect(try await poller.post(Arena.polling(sid), "4kept").text == "ok")
                let socket = try await probed(sid, arena)
                try await socket.send(.text("5"))
                try await socket.reset()
                // Either the 5 came first, and the session ended with its transport, or the reset did.
                await arena.settle()
                let reply = try await poller.get(Arena.polling(sid))
                #expect(reply.text == "4kept" || reply.status == 400)
            }
        },
        HostileRow("U12", "guessed sessions") { arena in
            let sid = try await arena.poll().sid
            for position in sid.indices {
                var guess = sid
                guess.replaceSubrange(position...position, with: sid[position] == "A" ? "B" : "A")
                let client = try await arena.client()
                #expect(try await client.upgrade(Arena.webSocket(guess)).status == 400)
            }
            #expect(try await arena.isAlive(sid))
        },
    ]

    private static let hurried = EngineConfiguration(upgradeTimeout: .milliseconds(200))

    @Test(arguments: rows) func upgrade(row: HostileRow) async throws { try await row.run() }
}
