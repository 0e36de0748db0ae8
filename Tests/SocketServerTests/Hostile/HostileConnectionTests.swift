import EngineIO
import Foundation
import FoundationNetworking
import NIOCore
import SocketIO
import SocketServer
import Testing

/// Rows of the bad-input catalogue that are stories: several messages, several sockets, time.
@Suite struct HostileConnectionTests {
    private static func repetitions(_ usual: Int, full: Int) -> Int {
        ProcessInfo.processInfo.environment["PUENTE_HOSTILE_FULL"] == nil ? usual : full
    }

    /// A POST whose packet is none of Socket.IO's: the end is held for the next poll, and told there.
    private static func polled(_ id: String, _ what: String, _ body: String) -> HostileRow {
        HostileRow(id, what) { arena in
            let url = "http://127.0.0.1:\(arena.server.port)/socket.io/?EIO=4&transport=polling"
            let sid = try await Self.request(url).dropFirst(9).prefix(20)
            #expect(try await Self.request(url + "&sid=\(sid)", body: body) == "ok")
            #expect(try await Self.request(url + "&sid=\(sid)") == "1")
            #expect(try await Self.request(url + "&sid=\(sid)").contains("\"code\":1"))
        }
    }

    private static let rows: [HostileRow] = [
        HostileRow("S02", "an event before CONNECT") { arena in
            let client = try await arena.stranger()
            client.send(#"42["m"]"#)
            await client.expectClosed()
            #expect(arena.journal.entries.isEmpty)
        },
        HostileRow("W27", "bytes that nothing announced") { arena in
            let joined = try await arena.client()
            joined.send(binary: [1])
            await joined.expectClosed()
            let outside = try await arena.stranger()
            outside.send(binary: [1])
            await outside.expectClosed()
            let empty = try await arena.client()
            empty.send(binary: [])
            await empty.expectClosed()
        },
        polled("P12", "an empty attachment that nothing announced", "b"),
        polled("P13", "the same with bytes", "bAAAA"),
        HostileRow("S06", "16 namespaces and no more, 2,000 refused names") { arena in
            let client = try await arena.stranger()
            for number in 0..<2000 {
                client.send("40/n\(number),")
                await client.expect("44/n\(number),{\"message\":\"Invalid namespace\"}")
            }
            #expect(arena.server.sockets.namespaces.count == 3)
            _ = arena.server.sockets.namespaces { $0.hasPrefix("/d") }
            for number in 0..<16 {
                client.send("40/d\(number),")
                _ = try await client.expect(prefix: "40/d\(number),{")
            }
            client.send("40/d16,")
            await client.expectClosed()
            #expect(arena.server.sockets.namespaces.count == 19)
        },
        HostileRow("S12", "an answer twice, and after the end") { arena in
            let client = try await arena.client()
            let socket = try #require(
                arena.server.sockets.namespace("/").adapter.localMembers(BroadcastTarget()).first)
            async let answer = socket.emitWithAck("question", timeout: .seconds(10))
            let question = try await client.expect(prefix: "42")
            let id = question.prefix { $0 != "[" }
            for number in 0..<3 { client.send("43\(id)[\(number)]") }
            #expect(try await answer == [0])
            await arena.expectAlive(client)
            client.send("41")
            client.send("43\(id)[9]")
            client.send("40")
            _ = try await client.expect(prefix: "40{\"sid\":\"")
            await arena.expectAlive(client)
        },
        HostileRow("S13", "events behind a DISCONNECT") { arena in
            let client = try await arena.client(in: "/", "/chat")
            client.send("41/chat,")
            client.send(#"42/chat,1["echo"]"#)
            client.send(#"42/chat,["unheard"]"#)
            await arena.expectAlive(client)
            #expect(arena.journal.entries == ["client namespace disconnect"])
            client.send("40/chat,")
            _ = try await client.expect(prefix: #"40/chat,{"sid":""#)
        },
        HostileRow("T10", "a query behind a namespace's name") { arena in
            let client = try await arena.olderClient()
            for query in ["token=<script>&a=%00&__proto__=x", "a=1&a=2", "", "=", String(repeating: "a=b&", count: 60)]
            {
                client.send("40/chat?\(query),")
                await client.expect("40/chat,")
                client.send("41/chat,")
            }
            for hostile in ["a=%ZZ", "a=%", String(repeating: "a", count: 9000), String(repeating: "a=b&", count: 100)]
            {
                let client = try await arena.olderClient()
                client.send("40/chat?\(hostile),")
                await client.expectClosed()
            }
        },
        HostileRow("VA5", "bytes behind a header without attachments") { arena in
            for header in [#"450-["x"]"#, "460-1[]"] {
                let client = try await arena.client()
                client.send(header)
                for _ in 0..<Self.repetitions(1000, full: 100_000) {
                    client.send(binary: [UInt8](repeating: 1, count: 1024))
                }
                await client.expectClosed()
            }
            #expect(await arena.journal.entries(2) == ["forced close", "forced close"])
        },
        HostileRow("VA6", "ten attachments, and the eleventh") { arena in
            let client = try await arena.client()
            client.send(#"4510-1["echo"]"#)
            for number in 0..<10 { client.send(binary: [UInt8(number)]) }
            await client.expect("4610-1[]")
            for number in 0..<10 { #expect(await client.next() == .binary([UInt8(number)])) }
            await arena.expectAlive(client)
            client.send(#"4510-["m"]"#)
            for number in 0..<11 { client.send(binary: [UInt8(number)]) }
            await client.expectClosed()
            #expect(await arena.journal.entries(2) == ["event m", "forced close"])
        },
        HostileRow("S18", "text in the place of an attachment") { arena in
            let client = try await arena.client()
            client.send(#"451-["m",{"_placeholder":true,"num":0}]"#)
            client.send(#"42["m"]"#)
            await client.expectClosed()
            #expect(await arena.journal.entries(1) == ["forced close"])
        },
        HostileRow("S21", "a placeholder twice, another never") { arena in
            let client = try await arena.client()
            client.send(#"452-1["echo",{"_placeholder":true,"num":0},{"_placeholder":true,"num":0}]"#)
            client.send(binary: [7])
            client.send(binary: [8])
            let answer = try await client.expect(prefix: "46")
            #expect(answer.hasSuffix(#"1[{"_placeholder":true,"num":0},{"_placeholder":true,"num":0}]"#))
            for _ in 0..<(Int(answer.prefix(1)) ?? 0) {
                guard case .binary = await client.next() else {
                    Issue.record("an attachment is missing")
                    return
                }
            }
            await arena.expectAlive(client)
        },
        HostileRow("S23", "a forged recovery") { arena in
            let client = try await arena.stranger()
            client.send(#"40{"pid":"AAAAAAAAAAAAAAAAAAAA","offset":"AAAAAAA"}"#)
            let answer = try await client.expect(prefix: #"40{"sid":""#)
            #expect(!answer.contains("AAAAAAAAAAAAAAAAAAAA"))
            for data in [#"{"pid":{},"offset":[]}"#, #"{"pid":1}"#, #"{"offset":"x"}"#] {
                let other = try await arena.stranger()
                other.send("40" + data)
                _ = try await other.expect(prefix: #"40{"sid":""#)
                await arena.expectAlive(other)
            }
        },
        HostileRow("VC2", "packets whose attachments never come, again and again") { arena in
            for _ in 0..<Self.repetitions(100, full: 10_000) {
                let client = try await arena.client()
                client.send(#"455-["x"]"#)
                for _ in 0..<4 { client.send(binary: [UInt8](repeating: 1, count: 1000)) }
                try await client.close()
            }
        },
    ]

    @Test(.timeLimit(.minutes(10)), arguments: rows) func story(row: HostileRow) async throws { try await row.run() }

    @Test("S19: attachments that come too late")
    func lateAttachments() async throws {
        var configuration = SocketServerConfiguration()
        configuration.limits.reassemblyTime = .milliseconds(50)
        try await HostileArena.run(configuration) { arena in
            let late = try await arena.client()
            late.send(#"452-["m",{"_placeholder":true,"num":0}]"#)
            late.send(binary: [1])
            await late.expectClosed()
            #expect(await arena.journal.entries(1) == ["forced close"])
        }
    }

    @Test("E07: nobody joins in time")
    func noConnect() async throws {
        var configuration = SocketServerConfiguration()
        // Their words go with their requests: the task may have to wait for others longer than this.
        configuration.connectTimeout = .seconds(2)
        try await HostileArena.run(configuration) { arena in
            let silent = try await arena.stranger()
            let refused = try await arena.stranger(first: "40/nope,")
            await refused.expect(#"44/nope,{"message":"Invalid namespace"}"#)
            await silent.expectClosed()
            await refused.expectClosed()
        }
    }

    private struct Unforeseen: Error {}

    @Test("VA3: what the application throws ends one connection, or drops one event")
    func unforeseen() async throws {
        try await HostileArena.run(register: { server in
            server.namespace("/fails").use { _ in throw Unforeseen() }
            server.namespace("/later").use { _ in
                await Task.yield()
                throw Unforeseen()
            }
            server.namespace("/chat").inLoop.use { _, event in if event.name == "bad" { throw Unforeseen() } }
        }) { arena in
            let bystander = try await arena.client()
            for name in ["/fails", "/later"] {
                for _ in 0..<20 {
                    let client = try await arena.client()
                    client.send("40\(name),")
                    await client.expectClosed()
                }
            }
            let client = try await arena.client(in: "/chat")
            client.send(#"42/chat,["bad"]"#)
            client.send(#"42/chat,7["echo",1]"#)
            await client.expect("43/chat,7[1]")
            await arena.expectAlive(bystander)
        }
    }

    private static func request(_ address: String, body: String? = nil) async throws -> String {
        var request = URLRequest(url: try #require(URL(string: address)))
        if let body {
            request.httpMethod = "POST"
            request.httpBody = Data(body.utf8)
        }
        // A connection of its own, which ends with the request.
        request.setValue("close", forHTTPHeaderField: "Connection")
        return String(decoding: try await URLSession.shared.data(for: request).0, as: UTF8.self)
    }
}
