import Foundation
import Storage
import StorageTestSupport
import Testing

@testable import Gateway

/// Clients of Socket.IO 2 (Engine.IO 3), which send their credential in the query, against the whole process.
@Suite struct OlderClientTests {
    private static let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent().deletingLastPathComponent()

    private static let python =
        ProcessInfo.processInfo.environment["PUENTE_PYTHON4"]
        ?? Self.root.appendingPathComponent("tools/py4/bin/python").path

    private static var hasPython: Bool { FileManager.default.isExecutableFile(atPath: Self.python) }

    /// Send, ack, `message:new`, a lost connection and the way back, on every transport: Tests/Clients/python.
    @Test(.enabled(if: hasPython), .timeLimit(.minutes(3)))
    func aVisitorAndABotOnPythonSocketIO4() async throws {
        try await TestDatabase.with { test in
            let url = test.url.description
            let widgetKey = try await GatewayProgram.widgetKey(on: url)
            let botKey = try await GatewayProgram.run([
                "apikey", "create", "--name", "bot", "--scopes", "messaging", "--database-url", url,
            ])
            try #require(botKey.status == 0, "\(botKey.errors)")
            try await GatewayProgram.serving(on: url) { _, port in
                let client = Process()
                client.executableURL = URL(fileURLWithPath: Self.python)
                client.arguments = [
                    Self.root.appendingPathComponent("Tests/Clients/python/gateway_eio3.py").path,
                    "http://127.0.0.1:\(port)", widgetKey.reveal(), String(botKey.output.dropLast()),
                ]
                let pipe = Pipe()
                client.standardOutput = pipe
                client.standardError = pipe
                try client.run()
                let output = String(decoding: try pipe.fileHandleForReading.readToEnd() ?? Data(), as: UTF8.self)
                client.waitUntilExit()
                #expect(output == "ok\n")
            }
        }
    }

    @Test func theyCanBeSwitchedOff() async throws {
        try await TestDatabase.with { test in
            let environment = ["PUENTE_ENGINE_V3": "false"]
            try await GatewayProgram.serving(on: test.url.description, environment: environment) { _, port in
                let answer = try await PlainHTTP.get("/socket.io/?EIO=3&transport=polling", port: port)
                #expect(answer.hasPrefix("HTTP/1.1 400"))
                #expect(answer.hasSuffix(#"{"code":5,"message":"Unsupported protocol version"}"#))
            }
        }
    }
}
