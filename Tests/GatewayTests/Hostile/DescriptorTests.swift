import Foundation
import NIOCore
import NIOPosix
import SocketClient
import SocketIO
import Storage
import StorageTestSupport
import Testing

@testable import Gateway

/// Row Z03: more connections than the process may have descriptors.
@Suite(.serialized) struct DescriptorTests {
    /// Accepting pauses by the count: nobody who is in notices, and nothing spins.
    @Test(.timeLimit(.minutes(2)), arguments: [256, 400])
    func whoIsInStaysAndOthersWait(limit: Int) async throws {
        try await TestDatabase.with { test in
            let key = try await GatewayProgram.widgetKey(on: test.url.description)
            let gateway = try GatewayProgram(
                ["serve", "--port", "0", "--loops", "2", "--database-url", test.url.description],
                limits: ["--nofile=\(limit)"])
            let port = try await gateway.ready()
            try await SocketClient(port: port).withConnection(auth: ["key": .string(key.reveal())]) { connection in
                #expect(try await connection.request("message:send", ["content": "uno"])["ok"] == true)
                // The kernel completes them; the gateway has descriptors for a part.
                var crowd: [any Channel] = []
                for _ in 0..<(limit + 100) {
                    crowd.append(
                        try await ClientBootstrap(group: MultiThreadedEventLoopGroup.singleton)
                            .connect(host: "127.0.0.1", port: port).get())
                }
                let before = try Self.processorTime(gateway.processID)
                try await Task.sleep(for: .seconds(2))
                let spent = try Self.processorTime(gateway.processID) - before
                #expect(spent < 1, "\(spent) of 2 seconds were spent on nothing")
                #expect(try await connection.request("message:send", ["content": "dos"])["ok"] == true)
                for channel in crowd { try? await channel.close() }
            }
            let deadline = ContinuousClock.now + .seconds(30)
            while true {
                let answer = try? await PlainHTTP.get("/readyz", port: port)
                if answer?.contains(#""status":"ready""#) == true { break }
                try #require(ContinuousClock.now < deadline, "\(answer ?? "no answer")")
                try await Task.sleep(for: .milliseconds(50))
            }
            try await SocketClient(port: port).withConnection(auth: ["key": .string(key.reveal())]) { connection in
                let ack = try await connection.request("message:send", ["content": "tres"])
                #expect(ack["ok"] == true, "\(ack)")
            }
            gateway.signal(SIGTERM)
            #expect(await gateway.end().status == 0)
        }
    }

    /// With fewer than the process itself can come to need, it would die of a file that it cannot open, sooner or later.
    @Test func tooFewToBegin() async throws {
        let outcome = try await GatewayProgram(
            ["serve", "--port", "0", "--database-url", "postgresql://127.0.0.1:1/none"], limits: ["--nofile=255"]
        ).end()
        #expect(outcome.status != 0 && outcome.output.isEmpty)
        #expect(outcome.errors.contains("LimitNOFILE: 255 file descriptors, and at least 256 are needed"))
    }

    /// Seconds of processor time that a process has used.
    private static func processorTime(_ process: Int32) throws -> Double {
        let text = try String(contentsOfFile: "/proc/\(process)/stat", encoding: .utf8)
        let fields = text[(text.lastIndex(of: ")") ?? text.startIndex)...].split(separator: " ")
        let ticks = [fields[12], fields[13]].compactMap { Double($0) }.reduce(0, +)
        return ticks / Double(sysconf(Int32(_SC_CLK_TCK)))
    }
}
