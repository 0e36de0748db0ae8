import EngineIO
import NIOCore
import Synchronization
import Testing

@testable import Transport

extension WireTests {
    /// Clients of Engine.IO 3 on the wire.
    @Suite struct Revision3WireTests {
        private static let both = EngineConfiguration(revisions: [.v3, .v4])
        private static let polling = "/engine.io/?EIO=3&transport=polling"
        private static let webSocket = "/engine.io/?EIO=3&transport=websocket"

        /// Opens a polling session with more parameters; the target of its requests.
        private func poll(
            _ server: TestServer, _ extra: String = ""
        ) async throws -> (target: String, client: RawClient) {
            let client = try await server.client()
            let reply = try await client.get(Self.polling + extra)
            // As JSON, or as JSON in a script.
            let text = reply.text.replacing("\\\"", with: "\"")
            guard let start = text.firstRange(of: "\"sid\":\"") else { throw HTTPReply.Malformed() }
            return (Self.polling + extra + "&sid=" + text[start.upperBound...].prefix(20), client)
        }

        private func upgrade(_ server: TestServer, _ target: String) async throws -> RawClient {
            let client = try await server.client()
            guard try await client.upgrade(target).status == 101 else { throw HTTPReply.Malformed() }
            return client
        }

        @Test func aHandshakeIsCounted() async throws {
            try await TestServer.run(Self.both) { server in
                let reply = try await server.client().get(Self.polling)
                let parts = reply.text.split(separator: ":", maxSplits: 1)
                #expect(parts.first.flatMap { Int($0) } == parts.last?.utf8.count)
                #expect(parts.last?.hasPrefix("0{\"sid\":\"") == true)
                let end =
                    "\"upgrades\":[\"websocket\"],\"pingInterval\":25000,\"pingTimeout\":20000,\"maxPayload\":1000000}"
                #expect(parts.last?.hasSuffix(end) == true)
                #expect(reply["content-type"] == "text/plain; charset=UTF-8")
            }
        }

        @Test func itIsRefusedWhereItIsNotEnabled() async throws {
            try await TestServer.run { server in
                let reply = try await server.client().get(Self.polling)
                #expect(reply.status == 400)
                #expect(reply.text == "{\"code\":5,\"message\":\"Unsupported protocol version\"}")
                #expect(try await server.client().upgrade(Self.webSocket).status == 400)
            }
        }

        /// No request changes the revision of a session, in either direction.
        @Test func theRevisionIsTheSessions() async throws {
            try await TestServer.run(Self.both) { server in
                let (target, client) = try await poll(server)
                for other in ["EIO=4", "EIO=5", "EIO=", "x=3"] {
                    let wrong = "/engine.io/?" + other + target.dropFirst("/engine.io/?EIO=3".count)
                    #expect(try await client.get(wrong).text.contains("\"code\":3"))
                    let upgrade = wrong.replacing("polling", with: "websocket")
                    #expect(try await server.client().upgrade(upgrade).status == 400)
                }
                #expect(try await client.post(target, "1:2").text == "ok")
                #expect(try await client.get(target).text == "1:3")
            }
        }

        @Test(arguments: [
            // What the client takes, what it sends, what comes back.
            ("", "6:4hello2:4€", "text/plain; charset=UTF-8", nil as [UInt8]?),
            ("&b64=1", "6:4hello4:4😀€", "text/plain; charset=UTF-8", nil),
            ("&b64=1", "6:4hello10:b4AQIDBA==", "text/plain; charset=UTF-8", nil),
            (
                "", "6:4hello10:b4AQIDBA==", "application/octet-stream",
                [0, 6, 0xFF, 0x34] + Array("hello".utf8) + [1, 5, 0xFF, 4, 1, 2, 3, 4]
            ),
        ])
        func payloadsComeInTheFormThatTheClientTakes(
            extra: String, body: String, type: String, bytes: [UInt8]?
        ) async throws {
            try await TestServer.run(Self.both) { server in
                let (target, client) = try await poll(server, extra)
                #expect(try await client.post(target, body).text == "ok")
                let reply = try await client.get(target)
                #expect(reply["content-type"] == type)
                #expect(reply.body == bytes.map { ByteBuffer(bytes: $0) } ?? ByteBuffer(string: body))
            }
        }

        @Test func bytesArePosted() async throws {
            try await TestServer.run(Self.both) { server in
                let (target, client) = try await poll(server)
                let body: [UInt8] = [0, 4, 0xFF, 0x34, 0xE2, 0x82, 0xAC, 1, 3, 0xFF, 4, 7, 8]
                try await client.send(
                    RawClient.request(
                        "POST", target,
                        headers: ["Content-Length: \(body.count)", "Content-Type: application/octet-stream"]))
                try await client.send(ByteBuffer(bytes: body))
                #expect(try await client.reply().text == "ok")
                try await server.engine.wait(for: .text("€"))
                try await server.engine.wait(for: .binary([7, 8]))
            }
        }

        /// Rows T01 to T06: the session is over, whatever is not a payload.
        @Test(arguments: ["abc", ":40", "-1:40", "5:40", "2:4😀", "0:", "", "99999999999999999999:4", "3:b4A"])
        func whatIsNoPayloadEndsTheSession(body: String) async throws {
            try await TestServer.run(Self.both) { server in
                let (target, client) = try await poll(server)
                let poster = try await server.client()
                #expect(try await poster.post(target, body).status == 400)
                #expect(try await client.get(target).text.contains("\"code\":1"))
                try await server.engine.wait(closed: String(target.suffix(20)), .parseError)
            }
        }

        @Test func pingsAreAnsweredAndPongsAreNot() async throws {
            try await TestServer.run(Self.both) { server in
                let (target, client) = try await poll(server)
                // Many pings before the answers are fetched are answered by one.
                #expect(try await client.post(target, "1:21:21:2").text == "ok")
                #expect(try await client.get(target).text == "1:3")
                #expect(try await client.post(target, "1:3").status == 200)
                try await server.engine.wait(closed: String(target.suffix(20)), .transportError)
            }
        }

        @Test func aSilentClientIsGivenUp() async throws {
            let fast = EngineConfiguration(
                pingInterval: .milliseconds(200), pingTimeout: .milliseconds(100), revisions: [.v3, .v4])
            try await TestServer.run(fast) { server in
                let (target, client) = try await poll(server)
                #expect(try await client.get(target).text == "1:1")
                try await server.engine.wait(closed: String(target.suffix(20)), .pingTimeout)
            }
        }

        // MARK: WebSocket

        @Test func binaryFramesHaveAType() async throws {
            try await TestServer.run(Self.both) { server in
                let client = try await upgrade(server, Self.webSocket)
                _ = try await client.frame()
                try await client.send(Frame.binary([4, 1, 2]))
                #expect(try await client.frame() == .binary([4, 1, 2]))
                try await server.engine.wait(for: .binary([1, 2]))
                try await client.send(Frame.text("b4AQI="))
                #expect(try await client.frame() == .binary([4, 1, 2]))
                try await client.send(Frame.text("2"))
                #expect(try await client.frame().text == "3")
                try await client.send(Frame.binary([2]))
                #expect(try await client.frame().opcode == 8)
            }
        }

        @Test(arguments: [("3", "b4AQI="), ("4", "bAQI=")])
        func binaryIsTextForWhoAsksForIt(revision: String, text: String) async throws {
            try await TestServer.run(Self.both) { server in
                let client = try await upgrade(server, "/engine.io/?EIO=\(revision)&transport=websocket&b64=1")
                _ = try await client.frame()
                try await client.send(Frame.text(text))
                #expect(try await client.frame().text == text)
            }
        }

        /// A message that was made once for all comes to each in its own form.
        @Test func broadcastsReachBothRevisions() async throws {
            try await TestServer.run(Self.both) { server in
                let (_, later) = try await server.webSocket()
                let older = try await upgrade(server, Self.webSocket)
                let oldest = try await upgrade(server, Self.webSocket + "&b64=1")
                for client in [older, oldest] { _ = try await client.frame() }
                let (target, poller) = try await poll(server)
                for message in [EngineMessage.binary(ByteBuffer(bytes: [9])), .text(ByteBuffer(string: "x"))] {
                    let prepared = PreparedMessage(message)
                    for connection in server.engine.state.withLock({ Array($0.connections.values) }) {
                        connection.onHomeLoop { $0.send(prepared: prepared) }
                    }
                }
                #expect(try await later.frame() == .binary([9]))
                #expect(try await later.frame().text == "4x")
                #expect(try await older.frame() == .binary([4, 9]))
                #expect(try await older.frame().text == "4x")
                #expect(try await oldest.frame().text == "b4CQ==")
                #expect(try await oldest.frame().text == "4x")
                #expect(
                    try await poller.get(target).body
                        == ByteBuffer(bytes: [1, 2, 0xFF, 4, 9, 0, 2, 0xFF, 0x34, UInt8(ascii: "x")]))
            }
        }

        @Test func aPollingSessionMovesToAWebSocket() async throws {
            try await TestServer.run(Self.both) { server in
                let (target, client) = try await poll(server)
                try await client.send(RawClient.request("GET", target))
                let socket = try await upgrade(server, target.replacing("polling", with: "websocket"))
                try await socket.send(Frame.text("2probe"))
                #expect(try await socket.frame().text == "3probe")
                #expect(try await client.reply().text == "1:6")
                try await socket.send(Frame.text("5"))
                try await socket.send(Frame.text("4hello"))
                #expect(try await socket.frame().text == "4hello")
                #expect(try await client.get(target).text.contains("\"code\":3"))
            }
        }

        // MARK: JSONP

        @Test func scriptsAreAnsweredAndFormsTaken() async throws {
            try await TestServer.run(Self.both) { server in
                let first = try await server.client().get(Self.polling + "&j=3&b64=1")
                #expect(first["content-type"] == "text/javascript; charset=UTF-8")
                #expect(first.text.hasPrefix("___eio[3](\"") && first.text.hasSuffix("}\");"))
                let (target, client) = try await poll(server, "&j=3&b64=1")
                let posted = try await client.post(
                    target, "d=7%3A4a%5Cn%22%E2%80%A8b%2B10%3Ab4AQIDBA%3D%3D",
                    headers: ["Content-Type: application/x-www-form-urlencoded"])
                #expect(posted.text == "ok")
                #expect(posted["content-type"] == "text/html")
                try await server.engine.wait(for: .text("a\n\"\u{2028}b+"))
                #expect(
                    try await client.get(target).text
                        == "___eio[3](\"7:4a\\u000a\\\"\\u2028b+10:b4AQIDBA==\");")
            }
        }

        /// Row H32 for revision 4, and no code of the client's in revision 3 either.
        @Test func nothingButDigitsIsReflected() async throws {
            try await TestServer.run(Self.both) { server in
                for value in ["0", "%3Cscript%3E"] {
                    let reply = try await server.client().get(TestServer.polling + "&j=" + value)
                    #expect(reply.text.hasPrefix("0{\"sid\""))
                }
                let reply = try await server.client().get(Self.polling + "&j=%3Cscript%3E4)%3Balert(2")
                #expect(reply.text.hasPrefix("___eio[42](\""))
                #expect(!reply.text.contains("script"))
            }
        }
    }
}
