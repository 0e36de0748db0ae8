import Assignment
import Foundation
import SocketClient
import SocketIO
import Storage
import StorageTestSupport
import Testing

@testable import Gateway

/// Too much of it, and what would like to be more than text.
extension StrangerTests {
    /// Rows A01 to A09 and A14 at full speed from one address that is not exempt: it is turned away, others come in.
    @Test(.timeLimit(.minutes(2))) func aFloodOfCredentials() async throws {
        // The handshake at the end is never used: its session ends with the first ping without an answer.
        let environment = [
            "PUENTE_HTTP_TRUSTED_PROXIES": "127.0.0.1", "PUENTE_ENGINE_PING_INTERVAL": "2",
            "PUENTE_ENGINE_PING_TIMEOUT": "2",
        ]
        try await self.withCanaries(environment: environment) { setting in
            var statuses: [String: Int] = [:]
            for number in 0..<300 {
                let token = "eyJhbGciOiJub25lIn0.\(Self.canary)\(number)."
                let answer = try await PlainHTTP.get(
                    "/v1/chats", port: setting.port,
                    headers: ["X-Forwarded-For": "203.0.113.7", "Authorization": "Bearer \(token)"])
                statuses[String(answer.dropFirst(9).prefix(3)), default: 0] += 1
            }
            #expect(Set(statuses.keys) == ["401", "429"], "\(statuses)")
            #expect(statuses["429"] ?? 0 > 200, "\(statuses)")
            let handshake = "/socket.io/?EIO=4&transport=polling"
            for (address, status) in [("203.0.113.7", "429"), ("203.0.113.8", "200")] {
                let answer = try await PlainHTTP.get(
                    handshake, port: setting.port, headers: ["X-Forwarded-For": address])
                #expect(answer.hasPrefix("HTTP/1.1 \(status)"), "\(answer.prefix(40))")
            }
        }
    }

    /// Rows D17 and D18: too fast is refused with the time to wait; whoever goes on all the same loses the transport.
    @Test(.timeLimit(.minutes(2))) func aFloodOfMessages() async throws {
        try await self.withCanaries { setting in
            let codes = try await FrameClient.messages(port: setting.port) { message, send in
                if message.hasPrefix("0") { try await send(#"40{"key":"\#(setting.widgetKey)"}"#) }
                guard message.hasPrefix(#"42["session""#) else { return }
                for number in 0..<200 {
                    try await send("42\(number)" + #"["message:send",{"content":"\#(number)"}]"#)
                }
            }.filter { $0.hasPrefix("43") }
            let refused = codes.filter { $0.contains(#""code":"rate_limited""#) && $0.contains("retryAfterMs") }
            // The burst and what has come back to the bucket meanwhile are taken; then it is over with the tenth in a row,
            // whose answer may go down with the connection.
            #expect((9..<60).contains(refused.count), "\(codes.count) answers, \(refused.count) refusals")
            #expect(codes.count < 120, "the connection went on")
            let stored = try await setting.test.database.transaction(.workspace("default")) { sql in
                try sql.query("select count(*) from messages").first?.int(0) ?? 0
            }
            #expect(stored == Int64(codes.count - refused.count))
        }
    }

    /// Rows L01 to L04: names, agents, pages and paths that would like to be a line of their own.
    @Test(.timeLimit(.minutes(2))) func whatWouldBeALineOfItsOwn() async throws {
        try await self.withCanaries { setting in
            for text in [
                "\u{1b}[31m\(Self.canary)", "${jndi:ldap://\(Self.canary)}", "%n%s\(Self.canary)",
                "a\u{2028}b\(Self.canary)",
            ] {
                let auth: JSONObject = [
                    "key": .string(setting.widgetKey), "page": ["url": .string(text)], "locale": .string(text),
                ]
                var client = SocketClient(port: setting.port)
                client.headers = [("User-Agent", "\(Self.canary)" + String(repeating: "x", count: 8000))]
                try await client.withConnection(auth: auth) { connection in
                    _ = try await connection.request(text, [:])
                    let ack = try await connection.request(
                        "message:send", ["content": .string(text), "clientMsgId": .string(text)])
                    #expect(ack["ok"] == true, "\(ack)")
                }
                let escaped = text.addingPercentEncoding(withAllowedCharacters: .alphanumerics) ?? ""
                _ = try await PlainHTTP.get(
                    "/x?token=\(escaped)", port: setting.port, headers: ["Referer": Self.canary])
            }
        }
    }
}
