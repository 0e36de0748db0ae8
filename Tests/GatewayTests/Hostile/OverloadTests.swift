import Foundation
import SocketClient
import SocketIO
import Storage
import StorageTestSupport
import Synchronization
import Testing

@testable import Gateway

/// A running gateway that has too little of something.
@Suite(.serialized) struct OverloadTests {
    /// Row Z04: above 80 % of the memory that it may have, newcomers are sent elsewhere; whoever is in goes on.
    @Test(.timeLimit(.minutes(1))) func shortOfMemory() async throws {
        try await TestDatabase.with { test in
            // With as little as this it is always short of it, limits or not.
            let environment = ["PUENTE_LIMITS_MEMORY": "1", "PUENTE_LIMITS": "off"]
            try await GatewayProgram.serving(on: test.url.description, environment: environment) { gateway, port in
                await gateway.waitForErrors(containing: "taking on less")
                #expect(gateway.errors.contains("reason=memory"))
                let handshake = try await PlainHTTP.get("/socket.io/?EIO=4&transport=polling", port: port)
                #expect(handshake.hasPrefix("HTTP/1.1 503") && handshake.lowercased().contains("\r\nretry-after: "))
                let readiness = try await PlainHTTP.get("/readyz", port: port)
                #expect(readiness.hasPrefix("HTTP/1.1 503") && readiness.contains(#""shedding":["memory"]"#))
                #expect(try await PlainHTTP.get("/healthz", port: port).hasPrefix("HTTP/1.1 200"))
            }
        }
    }
    /// The database answers, but late, for everybody: newcomers go elsewhere, and when it answers again they may come.
    @Test(.timeLimit(.minutes(2))) func theQueueIsSlow() async throws {
        try await TestDatabase.with { test in
            let url = test.url.description
            let key: JSONValue = .string(try await GatewayProgram.widgetKey(on: url).reveal())
            let environment = ["PUENTE_DATABASE_CONNECTIONS": "2", "PUENTE_LIMITS_QUEUE_DELAY": "100ms"]
            try await GatewayProgram.serving(on: url, environment: environment) { gateway, port in
                let course = Course()
                try await withThrowingTaskGroup(of: Void.self) { group in
                    for _ in 0..<Self.readers {
                        group.addTask {
                            try await SocketClient(port: port).withConnection(auth: ["key": key]) { visitor in
                                let first = try await visitor.request("message:send", ["content": "hola"])
                                let chat = try #require(first["chatId"])
                                course.state.withLock { $0.ready += 1 }
                                while !course.state.withLock({ $0.isOver }) {
                                    _ = try await visitor.request("chat:history", ["chatId": chat])
                                }
                            }
                        }
                    }
                    group.addTask {
                        defer { course.state.withLock { $0.isOver = true } }
                        try await Self.eventually { course.state.withLock { $0.ready } == Self.readers }
                        let owner = try await test.ownerDatabase()
                        // Whoever reads messages waits for this.
                        try await owner.transaction(.none) { sql in
                            try sql.execute("lock table messages in access exclusive mode")
                            _ = try sql.query("select pg_sleep(4)")
                        }
                        await owner.shutDown()
                        try await Self.eventually { gateway.errors.contains("taking on less") }
                        #expect(gateway.errors.contains("reason=delay"))
                    }
                    try await group.waitForAll()
                }
                try await Self.eventually { gateway.errors.contains("status=everything") }
                // On a busy machine it may be late again for a moment.
                try await Self.eventually {
                    let ack = try? await SocketClient(port: port).withConnection(auth: ["key": key]) { visitor in
                        try await visitor.request("message:send", ["content": "otra vez"])
                    }
                    return ack?["ok"] == true
                }
            }
        }
    }

    private static let readers = 8

    private final class Course: Sendable {
        let state = Mutex((ready: 0, isOver: false))
    }

    private static func eventually(_ condition: () async throws -> Bool) async throws {
        let deadline = ContinuousClock.now + .seconds(30)
        while try await !condition() {
            try #require(ContinuousClock.now < deadline)
            try await Task.sleep(for: .milliseconds(20))
        }
    }
}
