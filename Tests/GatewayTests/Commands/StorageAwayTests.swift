import Foundation
import SocketClient
import SocketIO
import Storage
import StorageTestSupport
import Testing

@testable import Gateway

/// What clients see while PostgreSQL is away, and that it ends by itself.
@Suite(.serialized) struct StorageAwayTests {
    /// Asks until the answer begins so, for at most 20 seconds.
    private func readiness(_ status: Int, port: Int) async throws -> String {
        let deadline = ContinuousClock.now + .seconds(20)
        while true {
            let answer = try await PlainHTTP.get("/readyz", port: port)
            if answer.hasPrefix("HTTP/1.1 \(status)") { return answer }
            try #require(ContinuousClock.now < deadline, "\(answer)")
            try await Task.sleep(for: .milliseconds(50))
        }
    }

    @Test func joinedSocketsStayAndNobodyIsRefused() async throws {
        let directory = try await TestDataDirectory.withCluster()
        let server = try await TestServer.start(in: directory)
        let url = server.url.description
        let key = try await GatewayProgram.widgetKey(on: url).reveal()
        try await GatewayProgram.serving(on: url) { gateway, port in
            let (opened, hasOpened) = AsyncStream<Void>.makeStream()
            let (away, isAway) = AsyncStream<Void>.makeStream()
            // Its transport is there before PostgreSQL goes; its CONNECT comes after.
            let held = Task {
                try await FrameClient.messages(port: port) { message, send in
                    guard message.hasPrefix("0") else { return }
                    hasOpened.yield()
                    for await _ in away { break }
                    try await send(#"40{"key":"\#(key)"}"#)
                }
            }
            defer { held.cancel() }
            for await _ in opened { break }

            try await SocketClient(port: port).withConnection(auth: ["key": .string(key)]) { connection in
                let first = try await connection.request("message:send", ["content": "uno", "clientMsgId": "m1"])
                let chat = try #require(first["chatId"])
                #expect(try await connection.request("chat:join", ["chatId": chat])["ok"] == true)

                await server.stop()
                let second: JSONValue = ["chatId": chat, "content": "dos", "clientMsgId": "m2"]
                let refused = try await connection.request("message:send", second)
                #expect(refused["ok"] == false)
                #expect(refused["error"]?["code"] == "unavailable")
                let unready = try await self.readiness(503, port: port)
                #expect(unready.contains(#""database":"away""#))
                #expect(try await PlainHTTP.get("/healthz", port: port).hasPrefix("HTTP/1.1 200"))
                let handshake = try await PlainHTTP.get("/socket.io/?EIO=4&transport=polling", port: port)
                #expect(handshake.hasPrefix("HTTP/1.1 503"))
                #expect(handshake.lowercased().contains("\r\nretry-after: "))

                let start = ContinuousClock.now
                isAway.yield()
                let messages = try await held.value
                #expect(ContinuousClock.now - start >= .seconds(4), "it was not held")
                #expect(messages.count == 1, "neither accepted nor refused: \(messages.dropFirst())")

                let restarted = try await TestServer.start(in: directory)
                _ = try await self.readiness(200, port: port)
                // The same socket goes on where it was; what was not acknowledged is sent again and stored once.
                let repeated = try await connection.request("message:send", second)
                #expect(repeated["ok"] == true, "\(repeated)")
                let doubled = try await connection.request("message:send", second)
                #expect(doubled["duplicate"] == true)
                #expect(doubled["messageId"] == repeated["messageId"])
                let join = try await connection.request("chat:join", ["chatId": chat])
                #expect(join["messages"]?.array?.compactMap { $0["content"]?.string } == ["uno", "dos"])
                #expect(join["messages"]?.array?.compactMap { $0["seq"] } == [1, 2])

                try await SocketClient(port: port).withConnection(auth: ["key": .string(key)]) { newcomer in
                    #expect(await newcomer.events.first { $0.name == "session" } != nil)
                }
                gateway.signal(SIGTERM)
                #expect(await gateway.end().status == 0)
                await restarted.stop()
            }
        }
    }
}
