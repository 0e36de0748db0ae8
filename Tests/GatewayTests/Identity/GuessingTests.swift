import Foundation
import Storage
import StorageTestSupport
import Synchronization
import Testing

@testable import Gateway

/// Row A14 on a running gateway: who guesses is not listened to, and nobody else notices.
@Suite struct GuessingTests {
    private static func rest(_ token: String, from address: String, _ port: Int) async throws -> String {
        try await PlainHTTP.get(
            "/v1/chats", port: port, headers: ["Authorization": "Bearer \(token)", "X-Forwarded-For": address])
    }

    private static func handshake(from address: String, _ port: Int) async throws -> String {
        try await PlainHTTP.get(
            "/socket.io/?EIO=4&transport=polling", port: port, headers: ["X-Forwarded-For": address])
    }

    private static var good: String {
        let exp = Int64(Date().timeIntervalSince1970) + 600
        return TokenForge.payload(#"{"sub":"ana","role":"commercial","exp":\#(exp)}"#).reveal()
    }

    @Test func anAddressThatGuessesIsTurnedAwayEverywhere() async throws {
        try await TestDatabase.with { test in
            let environment = [
                "PUENTE_JWT_SECRET": TokenForge.secret, "PUENTE_HTTP_TRUSTED_PROXIES": "127.0.0.1",
                // Slow enough to come back that a loaded machine sees no refill.
                "PUENTE_LIMITS_BAD_CREDENTIALS": "3",
            ]
            try await GatewayProgram.serving(on: test.url.description, environment: environment) { _, port in
                let (guesser, honest) = ("203.0.113.7", "203.0.113.8")
                var answers: [String] = []
                while answers.count < 20, answers.last?.hasPrefix("HTTP/1.1 429") != true {
                    answers.append(try await Self.rest("guess-\(answers.count)", from: guesser, port))
                }
                #expect(answers.first?.hasPrefix("HTTP/1.1 401") == true)
                #expect((4...6).contains(answers.count), "three, and what came back meanwhile")
                #expect(answers.last?.lowercased().contains("retry-after: ") == true)
                // Not even a good one, and at no other entrance.
                #expect(try await Self.rest(Self.good, from: guesser, port).hasPrefix("HTTP/1.1 429"))
                #expect(try await Self.handshake(from: guesser, port).hasPrefix("HTTP/1.1 429"))
                #expect(try await Self.rest(Self.good, from: honest, port).hasPrefix("HTTP/1.1 200"))
                #expect(try await Self.handshake(from: honest, port).hasPrefix("HTTP/1.1 200"))
            }
        }
    }

    /// A thousand addresses that guess once, and some that don't stop: whoever has a good token comes in all the while.
    @Test(.timeLimit(.minutes(3))) func aCrowdOfGuessersKeepsNobodyOut() async throws {
        try await TestDatabase.with { test in
            let environment = [
                "PUENTE_JWT_SECRET": TokenForge.secret, "PUENTE_HTTP_TRUSTED_PROXIES": "127.0.0.1",
                "PUENTE_LIMITS_BAD_CREDENTIALS": "3",
            ]
            try await GatewayProgram.serving(on: test.url.description, environment: environment) { _, port in
                let crowd = Crowd()
                try await withThrowingTaskGroup(of: Void.self) { group in
                    for guesser in 0..<8 {
                        group.addTask {
                            defer { crowd.guessing.subtract(1, ordering: .relaxed) }
                            var turnedAway = 0
                            for number in 0..<125 {
                                let once = try await Self.rest("guess", from: "10.9.\(guesser).\(number)", port)
                                #expect(once.hasPrefix("HTTP/1.1 401"))
                                let again = try await Self.rest("guess", from: "10.8.0.\(guesser)", port)
                                if again.hasPrefix("HTTP/1.1 429") { turnedAway += 1 }
                            }
                            #expect(turnedAway > 60)
                        }
                    }
                    group.addTask {
                        var logins = 0
                        while crowd.guessing.load(ordering: .relaxed) > 0 {
                            let rest = try await Self.rest(Self.good, from: "203.0.113.8", port)
                            #expect(rest.hasPrefix("HTTP/1.1 200"))
                            let handshake = try await Self.handshake(from: "203.0.113.9", port)
                            #expect(handshake.hasPrefix("HTTP/1.1 200"))
                            logins += 1
                            try await Task.sleep(for: .milliseconds(30))
                        }
                        #expect(logins > 5)
                    }
                    try await group.waitForAll()
                }
            }
        }
    }

    private final class Crowd: Sendable {
        let guessing = Atomic(8)
    }

    @Test func limitsCanBeSwitchedOff() async throws {
        try await TestDatabase.with { test in
            let environment = [
                "PUENTE_HTTP_TRUSTED_PROXIES": "127.0.0.1", "PUENTE_LIMITS_BAD_CREDENTIALS": "1",
                "PUENTE_LIMITS": "off",
            ]
            try await GatewayProgram.serving(on: test.url.description, environment: environment) { _, port in
                for number in 0..<5 {
                    let answer = try await Self.rest("guess-\(number)", from: "203.0.113.7", port)
                    #expect(answer.hasPrefix("HTTP/1.1 401"))
                }
            }
        }
    }
}
