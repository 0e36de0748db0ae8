import Foundation
import SocketClient
import SocketIO
import StorageTestSupport
import Testing

@testable import Gateway

/// The whole process on a private PostgreSQL of its own: start, life, end, and what it says meanwhile.
@Suite(.serialized) struct ServeTests {
    /// Runs `body` on a data directory of its own. Whatever still runs there ends with this process.
    private func withDirectory(_ body: (String) async throws -> Void) async throws {
        let directory = try await TestDataDirectory.withCluster()
        try await body(directory.path)
    }

    private func serve(
        _ path: String, _ arguments: String..., environment: [String: String] = [:]
    ) throws -> GatewayProgram {
        try GatewayProgram(
            ["serve", "--port", "0", "--data-dir", path, "--loops", "2"] + arguments, environment: environment
        )
    }

    private func command(_ arguments: String..., on path: String) async throws -> Secret {
        let outcome = try await GatewayProgram.run(arguments + ["--data-dir", path])
        #expect(outcome.status == 0, "\(outcome.errors)")
        return Secret(String(outcome.output.dropLast()))
    }

    private func session(_ connection: SocketClientConnection) async throws -> JSONValue {
        try #require(await connection.events.first { $0.name == "session" }).payload
    }

    /// Rows L03 and A16, and the order of a life: start, tools beside it, a second gateway, SIGTERM.
    @Test func aLife() async throws {
        try await self.withDirectory { path in
            let gateway = try self.serve(path, environment: ["PUENTE_LOG_LEVEL": "trace", "PUENTE_LOG_FORMAT": "json"])
            let port = try await gateway.ready()
            #expect(gateway.output == "ready http://127.0.0.1:\(port)\n")
            #expect(try await PlainHTTP.get("/healthz", port: port).hasPrefix("HTTP/1.1 200"))
            let readiness = try await PlainHTTP.get("/readyz", port: port)
            #expect(readiness.contains(#""status":"ready""#))
            let metrics = try await PlainHTTP.get("/metrics", port: port)
            #expect(metrics.contains("\npuente_sessions "))
            #expect(try await PlainHTTP.get("/", port: port).hasPrefix("HTTP/1.1 404"))

            let mode = try FileManager.default.attributesOfItem(atPath: path + "/signing-key")[.posixPermissions]
            #expect((mode as? NSNumber)?.intValue == 0o600)

            // What the tools make beside the gateway works at once.
            let key = try await self.command(
                "apikey", "create", "--name", "canary-bot", "--scopes", "messaging", on: path)
            let token = try await self.command("token", "--role", "supervisor", "--subject", "sara", on: path)
            let client = SocketClient(port: port)
            try await client.withConnection(auth: ["token": .string(key.reveal())]) { connection in
                let session = try await self.session(connection)
                #expect(session["role"] == "ai")
                #expect(session["subject"] == "canary-bot")
            }
            try await client.withConnection(auth: ["token": .string(token.reveal())]) { connection in
                let session = try await self.session(connection)
                #expect(session["subject"] == "sara")
            }
            // Credentials and words go past the log in every way there is.
            for target in ["/canary-path?token=canary-query", "/socket.io/?EIO=4&transport=polling&token=canary-query"]
            {
                _ = try await PlainHTTP.get(target, port: port, headers: ["Authorization": "Bearer canary-header"])
            }
            await #expect(throws: SocketClientError.self) {
                try await client.withConnection(auth: ["token": "canary.auth.token"]) { _ in }
            }
            let widget = try await self.command("widgetkey", "create", on: path)
            try await client.withConnection(auth: ["key": .string(widget.reveal())]) { connection in
                let ack = try await connection.request("message:send", ["content": "canary-text"])
                #expect(ack["ok"] == true, "\(ack)")
            }

            let second = try await GatewayProgram.run(["serve", "--port", "0", "--data-dir", path])
            #expect(second.status == 1)
            #expect(second.output.isEmpty)

            gateway.signal(SIGTERM)
            let outcome = await gateway.end()
            #expect(outcome.status == 0)
            #expect(outcome.output == "ready http://127.0.0.1:\(port)\n")
            #expect(outcome.errors.contains("private PostgreSQL stopped"))
            for secret in [
                key.reveal(), token.reveal(), widget.reveal(), "canary-query", "canary-header", "canary.auth",
                "canary-text",
            ] {
                #expect(!outcome.errors.contains(secret), "the log holds a secret")
            }
            for line in outcome.errors.split(separator: "\n") {
                #expect((try? JSONSerialization.jsonObject(with: Data(line.utf8))) != nil, "\(line)")
            }
        }
    }

    @Test func whatWasAcknowledgedOutlivesAKill() async throws {
        try await self.withDirectory { path in
            let widget = try await self.command("widgetkey", "create", on: path)
            let first = try self.serve(path)
            let port = try await first.ready()
            let (subject, token, chat) = try await SocketClient(port: port)
                .withConnection(auth: ["key": .string(widget.reveal())]) { connection in
                    let session = try await self.session(connection)
                    let ack = try await connection.request("message:send", ["content": "hola", "clientMsgId": "m1"])
                    first.signal(SIGKILL)
                    return (session["subject"], session["token"], ack["chatId"])
                }
            #expect(await first.end().status == 128 + SIGKILL)

            let second = try self.serve(path)
            let again = try await second.ready()
            #expect(second.errors.contains("running private PostgreSQL found"))
            try await SocketClient(port: again).withConnection(auth: ["token": try #require(token)]) { connection in
                let session = try await self.session(connection)
                #expect(session["subject"] == subject)
                let join = try await connection.request("chat:join", ["chatId": try #require(chat)])
                #expect(join["messages"]?.array?.compactMap { $0["content"]?.string } == ["hola"])
                let repeated = try await connection.request("message:send", ["content": "hola", "clientMsgId": "m1"])
                #expect(repeated["duplicate"] == true)
            }
            second.signal(SIGINT)
            #expect(await second.end().status == 0)
        }
    }

    @Test func connectedClientsAreLetGoWithoutGoodbye() async throws {
        try await self.withDirectory { path in
            let token = try await self.command("token", "--role", "commercial", "--subject", "ana", on: path)
            let gateway = try self.serve(path)
            let port = try await gateway.ready()
            try await SocketClient(port: port).withConnection(auth: ["token": .string(token.reveal())]) { connection in
                _ = try await self.session(connection)
                let start = ContinuousClock.now
                gateway.signal(SIGTERM)
                // The stream ends with the transport; a `41` would be a `disconnected` by the server's wish.
                for await event in connection.events { #expect(event.name != "session:kicked") }
                #expect(await gateway.end().status == 0)
                #expect(ContinuousClock.now - start < .seconds(15))
            }
        }
    }

    @Test func aSignalDuringTheStartEndsItCleanly() async throws {
        try await self.withDirectory { path in
            let gateway = try self.serve(path)
            await gateway.waitForErrors(containing: "private PostgreSQL started")
            gateway.signal(SIGTERM)
            let outcome = await gateway.end()
            #expect(outcome.status == 0)
            #expect(outcome.errors.contains("private PostgreSQL stopped"))
        }
    }

    /// Rows O01 to O04, Z01 and VA15, over the wire.
    @Test func foreignOriginsAndMetricsOnAPublicHost() async throws {
        try await self.withDirectory { path in
            let key = try await self.command("widgetkey", "create", "--origins", "https://good.example", on: path)
                .reveal()
            let gateway = try self.serve(path, "--host", "0.0.0.0", "--metrics-port", "0")
            let port = try await gateway.ready(host: "0.0.0.0")
            #expect(try await PlainHTTP.get("/metrics", port: port).hasPrefix("HTTP/1.1 404"))
            await gateway.waitForErrors(containing: " metrics port=")
            let line = try #require(gateway.errors.split(separator: "\n").first { $0.contains(" metrics port=") })
            let metricsPort = try #require(Int(line.split(separator: "=").last ?? ""))
            #expect(try await PlainHTTP.get("/metrics", port: metricsPort).hasPrefix("HTTP/1.1 200"))
            #expect(try await PlainHTTP.get("/healthz", port: metricsPort).hasPrefix("HTTP/1.1 404"))

            let handshake = "/socket.io/?EIO=4&transport=polling"
            for origin in [
                "https://evil.example", "https://good.example.evil.com", "https://evilgood.example",
                "http://good.example",
                "https://good.example:444", "https://good.example.", "null",
            ] {
                for target in [handshake, handshake + "&key=\(key)"] {
                    let answer = try await PlainHTTP.get(
                        target, port: port, headers: ["Origin": origin, "Cookie": "a=b"])
                    #expect(answer.hasPrefix("HTTP/1.1 403"), "\(origin)")
                    #expect(!answer.lowercased().contains("access-control-allow"))
                }
            }
            let upgrade = [
                "Origin": "https://evil.example", "Upgrade": "websocket", "Sec-WebSocket-Version": "13",
                "Sec-WebSocket-Key": "dGhlIHNhbXBsZSBub25jZQ==",
            ]
            let refused = try await PlainHTTP.send(
                "GET /socket.io/?EIO=4&transport=websocket HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\n"
                    + upgrade.map { "\($0.key): \($0.value)\r\n" }.joined() + "\r\n", port: port
            )
            #expect(refused.hasPrefix("HTTP/1.1 403"))

            let good = try await PlainHTTP.get(handshake, port: port, headers: ["Origin": "https://GOOD.example"])
            #expect(good.hasPrefix("HTTP/1.1 200"))
            #expect(good.lowercased().contains("access-control-allow-origin: https://good.example"))
            #expect(good.lowercased().contains("vary: origin"))
            let native = try await PlainHTTP.get(handshake, port: port)
            #expect(native.hasPrefix("HTTP/1.1 200"))
            #expect(!native.lowercased().contains("access-control-allow-origin"))

            // O04: a POST that needs no preflight reaches no session.
            let sid = try #require(native.firstMatch(of: /"sid":"([^"]+)"/)?.output.1)
            let posted = try await PlainHTTP.send(
                "POST \(handshake)&sid=\(sid) HTTP/1.1\r\nHost: x\r\nConnection: close\r\nOrigin: https://evil.example\r\n"
                    + "Content-Type: text/plain\r\nContent-Length: 2\r\n\r\n40", port: port
            )
            #expect(posted.hasPrefix("HTTP/1.1 403"))
            gateway.signal(SIGTERM)
            #expect(await gateway.end().status == 0)
        }
    }
}
