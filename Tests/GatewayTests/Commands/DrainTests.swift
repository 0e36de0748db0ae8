import Foundation
import SocketClient
import SocketIO
import Storage
import StorageTestSupport
import Testing

@testable import Gateway

/// How the process ends.
@Suite(.serialized) struct DrainTests {
    /// A `41` would tell the client to stay away; it shall come back, to whoever serves then.
    @Test func theTransportClosesWithoutADisconnectPacket() async throws {
        try await TestDatabase.with { test in
            let key = try await GatewayProgram.widgetKey(on: test.url.description)
            try await GatewayProgram.serving(on: test.url.description) { gateway, port in
                let messages = try await FrameClient.messages(port: port) { message, send in
                    if message.hasPrefix("0") { try await send(#"40{"key":"\#(key.reveal())"}"#) }
                    if message.hasPrefix(#"42["session""#) { gateway.signal(SIGTERM) }
                }
                #expect(messages.contains { $0.hasPrefix("40{") })
                #expect(messages.contains { $0.hasPrefix(#"42["session""#) })
                #expect(!messages.contains { $0.hasPrefix("41") || $0.hasPrefix("44") }, "\(messages.count) messages")
                #expect(await gateway.end().status == 0)
            }
        }
    }

    @Test func aSecondSignalEndsAtOnce() async throws {
        try await TestDatabase.with { test in
            let environment = ["PUENTE_DRAIN_DELAY": "1h", "PUENTE_DRAIN_TIMEOUT": "1h"]
            try await GatewayProgram.serving(on: test.url.description, environment: environment) { gateway, port in
                gateway.signal(SIGTERM)
                await gateway.waitForErrors(containing: "draining")
                // The delay is for a balancer: who is there is served, who comes is sent elsewhere.
                #expect(try await PlainHTTP.get("/healthz", port: port).hasPrefix("HTTP/1.1 200"))
                let readiness = try await PlainHTTP.get("/readyz", port: port)
                #expect(readiness.hasPrefix("HTTP/1.1 503"))
                #expect(readiness.contains(#""phase":"draining""#))
                gateway.signal(SIGTERM)
                let outcome = await gateway.end()
                #expect(outcome.status == 128 + SIGTERM)
                #expect(outcome.errors.contains("ending at once"))
                #expect(!outcome.errors.contains("drained"))
            }
        }
    }

    /// A transaction that hangs in a server that answers nothing keeps nobody.
    @Test func theTimeoutBoundsTheDrain() async throws {
        try await TestDatabase.with { test in
            let key = try await GatewayProgram.widgetKey(on: test.url.description)
            let environment = ["PUENTE_DRAIN_TIMEOUT": "200ms"]
            try await GatewayProgram.serving(on: test.url.description, environment: environment) { gateway, port in
                let owner = try await test.ownerDatabase()
                try await SocketClient(port: port).withConnection(auth: ["key": .string(key.reveal())]) { connection in
                    _ = await connection.events.first { $0.name == "session" }
                    let backends = try await owner.transaction(.none) { transaction in
                        try transaction.query(
                            """
                            select pid from pg_stat_activity
                            where datname = current_database() and pid <> pg_backend_pid()
                            """
                        ).map { try Int32(truncatingIfNeeded: $0.int(0)) }
                    }
                    #expect(!backends.isEmpty)
                    for backend in backends { kill(backend, SIGSTOP) }
                    defer { for backend in backends { kill(backend, SIGCONT) } }
                    try await connection.emit("message:send", ["content": "hola"])
                    gateway.signal(SIGTERM)
                    let outcome = await gateway.end()
                    #expect(outcome.status == 0)
                    #expect(outcome.errors.contains("drain.timeout is over"))
                }
                await owner.shutDown()
            }
        }
    }
}
