import Foundation
import Storage
import StorageTestSupport
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
}
