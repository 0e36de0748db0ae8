import Foundation
import NIOCore
import SocketIO
import SocketServer
import Testing

/// Rows W23 and W25: members of a room that take nothing any more, while the room gets 10 MB.
@Suite(.serialized) struct SlowConsumerTests {
    private static let messages = 1000
    private static let text = String(repeating: "x", count: 10_000)

    /// Runs `attack` with five members in a room that read, between two floods of 10 MB: one without the member that
    /// the attack brings along, one with it. Whoever does not read is cut; the others wait about as long as before.
    private func flood(
        _ attack: (TestServer) async throws -> Void, after: (TestServer) async throws -> Void = { _ in }
    ) async throws {
        let journal = Journal()
        try await TestServer.run(register: { server in
            server.namespace("/")
                .inLoop.onConnection { $0.join("room") }
                .inLoop.onDisconnect { _, reason in journal.note(reason.rawValue) }
        }) { server in
            var members: [WireClient] = []
            for _ in 0..<5 {
                let member = try await WireClient.connect(port: server.port, group: server.group, lifetime: .minutes(2))
                member.send("40")
                _ = try await member.expect(prefix: "40{\"sid\":\"")
                members.append(member)
            }
            let before = await Self.flood(server, members)
            try await attack(server)
            let during = await Self.flood(server, members)
            try await after(server)
            #expect(await journal.entries(1) == [DisconnectReason.slowConsumer.rawValue])
            // The measure of the same machine a moment ago, and room for what else runs on it.
            #expect(during < before * 5 + .milliseconds(250), "\(before) before, \(during) during")
            #expect(server.sockets.namespace("/").socketCount == 5)
        }
    }

    /// Sends one message after the other to the room; the 99th percentile of the times until all members had it.
    private static func flood(_ server: TestServer, _ members: [WireClient]) async -> Duration {
        let room = server.sockets.namespace("/").to("room")
        let clock = ContinuousClock()
        var times: [Duration] = []
        for number in 0..<Self.messages {
            let start = clock.now
            room.emit("m", [.init(number), .init(Self.text)])
            for member in members { await member.expect("42[\"m\",\(number),\"\(Self.text)\"]") }
            times.append(start.duration(to: clock.now))
        }
        return times.sorted()[Self.messages * 99 / 100]
    }

    @Test("W23: a member that stops reading is cut, the others' p99 stays", .timeLimit(.minutes(2)))
    func stopsReading() async throws {
        try await self.flood { server in
            let slow = try await WireClient.connect(
                port: server.port, group: server.group, lifetime: .minutes(2), receiveBuffer: 4096)
            slow.send("40")
            _ = try await slow.expect(prefix: "40{\"sid\":\"")
            try await slow.stopReading()
        }
    }

    @Test("W25: so is a process that is stopped", .timeLimit(.minutes(2)))
    func stoppedProcess() async throws {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/bin/bash")
        try await self.flood { server in
            // A WebSocket in five lines: handshake, CONNECT, and somebody who reads.
            process.arguments = [
                "-c",
                #"""
                exec 3<>/dev/tcp/127.0.0.1/$0
                printf 'GET /socket.io/?EIO=4&transport=websocket HTTP/1.1\r\nHost: a\r\nUpgrade: websocket\r\n' >&3
                printf 'Connection: Upgrade\r\nSec-WebSocket-Version: 13\r\n' >&3
                printf 'Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n' >&3
                printf '\201\202\0\0\0\0%s' 40 >&3
                exec cat <&3 >/dev/null
                """#, "\(server.port)",
            ]
            try process.run()
            let end = NIODeadline.now() + .seconds(30)
            while server.sockets.namespace("/").socketCount < 6, NIODeadline.now() < end {
                try await Task.sleep(for: .milliseconds(5))
            }
            kill(process.processIdentifier, SIGSTOP)
        } after: { _ in
            kill(process.processIdentifier, SIGKILL)
            process.waitUntilExit()
        }
    }
}
