import EngineIO
import NIOCore
import Synchronization
import Testing

@testable import Transport

extension WireTests {
    /// What the layer above is told of refused requests: the Node server's `connection_error`.
    @Suite struct RefusalWireTests {
        private static let agent = ["User-Agent: prober"]

        /// Sends a request; what the client and the layer above are told.
        private func refuse(
            _ server: TestServer, _ request: String
        ) async throws -> (reply: HTTPReply, error: ConnectionError) {
            let client = try await server.client()
            let reply = try await client.exchange(request)
            let refusals = server.engine.takeRefusals()
            #expect(refusals.count == 1)
            await client.close()
            return (reply, try #require(refusals.first))
        }

        private func get(_ query: String, headers: [String] = agent) -> String {
            RawClient.request("GET", "/engine.io/?\(query)", headers: headers)
        }

        @Test func handshakes() async throws {
            let origin = String(repeating: "o", count: 2000)
            let rows: [(request: String, cause: ConnectionError.Cause, context: [String: String])] = [
                (get("EIO=4&transport=to%62i"), .unknownTransport("tobi"), ["transport": "tobi"]),
                (get("EIO=4"), .unknownTransport(nil), [:]),
                (get("EIO=4&transport=polling&sid=nobody"), .unknownSession("nobody"), ["sid": "nobody"]),
                (
                    RawClient.request(
                        "PUT", "/engine.io/?EIO=4&transport=polling", headers: Self.agent + ["Content-Length: 0"]),
                    .badHandshakeMethod("PUT"), ["method": "PUT"]
                ),
                (
                    get("EIO=4&transport=polling", headers: Self.agent + ["Origin: \(origin)"]),
                    .invalidOrigin(origin), ["name": "INVALID_ORIGIN", "origin": origin]
                ),
                (get("EIO=4&EIO=4&transport=polling"), .repeatedParameter, ["name": "REPEATED_PARAMETER"]),
                (
                    get("EIO=4&transport=websocket"), .badWebSocketHandshake("No upgrade"),
                    ["name": "TRANSPORT_HANDSHAKE_ERROR", "error": "No upgrade"]
                ),
                (get("EIO=5&transport=polling"), .unsupportedRevision("5"), ["protocol": "5"]),
                (get("transport=polling"), .unsupportedRevision(nil), [:]),
            ]
            try await TestServer.run { server in
                for row in rows {
                    let (reply, error) = try await refuse(server, row.request)
                    #expect(reply.text == String(buffer: error.code.body()))
                    #expect(error.cause == row.cause)
                    #expect(error.context == row.context)
                    #expect(error.request.header("user-agent") == "prober")
                    #expect(row.request.hasPrefix("\(error.request.method) \(error.request.url) "))
                    #expect(error.request.remoteAddress == "127.0.0.1")
                }
            }
        }

        @Test func admission() async throws {
            try await TestServer.run { server in
                let rejection = Rejection(status: 429, message: "later", retryAfter: 3)
                server.engine.state.withLock { $0.admission = .reject(rejection) }
                let (reply, error) = try await refuse(server, get("EIO=4&transport=polling"))
                #expect(reply.status == 429)
                #expect(error.cause == .forbidden(rejection))
                #expect(error.code == .forbidden)
                #expect(error.message == "later")
                let client = try await server.client()
                #expect(try await client.upgrade(TestServer.webSocket).status == 429)
                #expect(server.engine.takeRefusals().map(\.cause) == [.forbidden(rejection)])
            }
        }

        @Test func requestsOfSessions() async throws {
            try await TestServer.run { server in
                let (sid, poller) = try await server.poll()
                let session = TestServer.polling + "&sid=\(sid)"
                let put = RawClient.request("PUT", session, headers: Self.agent + ["Content-Length: 0"])
                #expect(try await refuse(server, put).error.cause == .badSessionMethod("PUT"))
                let other = try await refuse(server, get("EIO=3&transport=polling&sid=\(sid)"))
                #expect(other.error.cause == .revisionMismatch("3"))
                // After the upgrade its home loop refuses polls.
                let socket = try await server.client()
                #expect(try await socket.upgrade(TestServer.webSocket + "&sid=\(sid)").status == 101)
                try await socket.send(.text("2probe"))
                #expect(try await socket.frame() == .text("3probe"))
                try await socket.send(.text("5"))
                try await socket.send(.text("4there"))
                #expect(try await socket.frame() == .text("4there"))
                let late = try await refuse(server, RawClient.request("GET", session))
                #expect(late.error.cause == .transportMismatch(requested: .polling, current: .webSocket))
                #expect(late.error.context["name"] == "TRANSPORT_MISMATCH")
                await poller.close()
            }
        }

        @Test func webSocketHandshakes() async throws {
            try await TestServer.run { server in
                let client = try await server.client()
                let head = "GET \(TestServer.webSocket) HTTP/1.1\r\nHost: a\r\nUpgrade: websocket\r\n"
                let reply = try await client.exchange(
                    head + "Connection: Upgrade\r\nSec-WebSocket-Version: 8\r\nSec-WebSocket-Key: x\r\n\r\n")
                #expect(reply.status == 426)
                #expect(server.engine.takeRefusals().map(\.cause) == [.badWebSocketHandshake("Upgrade Required")])
            }
        }

        /// One pass over the target reads what the sequence of its parameters says.
        @Test func targetsAreReadAlike() {
            var generator = SeededGenerator(seed: 4)
            let pieces = [
                "EIO", "sid", "transport", "b64", "j", "t", "=", "=", "&", "&", "?", "#", "%", "%3", "%45IO", "+", "3",
                "4",
                "polling", "websocket", "AAAAAAAAAAAAAAAAAAAA", "%73id", "", "é",
            ]
            for _ in 0..<20_000 {
                let tail = (0..<Int.random(in: 0...16, using: &generator))
                    .map { _ in pieces.randomElement(using: &generator) ?? "" }.joined()
                let target = "/engine.io/?" + tail
                let found = EngineTarget(target: target)
                var values: [String: [String]] = [:]
                for (name, value) in QueryParameters(target: target) { values[name, default: []].append(value) }
                let isAmbiguous = ["EIO", "sid", "transport"].contains { values[$0, default: []].count > 1 }
                #expect(found.isAmbiguous == isAmbiguous, "\(target)")
                #expect(found.base64 == values["b64"]?.last, "\(target)")
                #expect(found.callback == values["j"]?.last, "\(target)")
                guard !isAmbiguous else { continue }
                let revision = values["EIO"]?.first.flatMap { Revision(queryValue: $0.utf8Span.span) }
                #expect(found.revision.value == revision, "\(target)")
                let transport = values["transport"]?.first.flatMap { TransportName(queryValue: $0.utf8Span.span) }
                #expect(found.transport.value == transport, "\(target)")
                #expect(
                    found.sessionID.value == values["sid"]?.first.flatMap { SessionID($0.utf8Span.span) }, "\(target)")
                if case .present = found.sessionID {
                    #expect(values["sid"] != nil)
                } else {
                    #expect(values["sid"] == nil)
                }
            }
        }
    }
}
