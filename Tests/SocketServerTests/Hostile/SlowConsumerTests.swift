import Foundation
import NIOCore
import SocketIO
import SocketServer
import Testing

/// Rows W23 and W25: members of a room that take nothing any more, while the room gets 10 MB.
@Suite(.serialized) struct SlowConsumerTests {
    private static let messages = 1000
    private static let text = String(repeating: "x", count: 10_000)

    /// Five members in two rooms; what `attack` brings along is in one of them only, which gets 10 MB. Whoever does not
    /// read is cut, and the members wait as long for that room's messages as for the other's.
    private func flood(
        _ attack: (HostileArena) async throws -> Void, after: () -> Void = {}
    ) async throws {
        try await HostileArena.run { arena in
            let namespace = arena.server.sockets.namespace("/")
            var members: [WireClient] = []
            for _ in 0..<5 { members.append(try await arena.client()) }
            namespace.socketsJoin("quiet")
            try await attack(arena)
            namespace.socketsJoin("crowd")
            // Turn by turn, so that whatever else this machine does strikes both alike.
            var times: [String: [Duration]] = [:]
            for number in 0..<Self.messages {
                for room in ["quiet", "crowd"] {
                    times[room, default: []].append(await Self.time(number, room, arena.server, members))
                }
            }
            after()
            #expect(await arena.journal.entries(1) == [DisconnectReason.slowConsumer.rawValue])
            #expect(namespace.socketCount == 5)
            try Self.compare(try #require(times["quiet"]).sorted(), try #require(times["crowd"]).sorted())
        }
    }

    /// Sends a message to a room; the time until all members had it.
    private static func time(
        _ number: Int, _ room: String, _ server: TestServer, _ members: [WireClient]
    ) async -> Duration {
        let start = ContinuousClock.now
        server.sockets.namespace("/").to(room).emit("m", [.init(number), .init(text)])
        for member in members { await member.expect("42[\"m\",\(number),\"\(text)\"]") }
        return start.duration(to: .now)
    }

    /// The middle, and the 99th percentile. Ten messages of each room are later than that: on a machine that stands still
    /// now and then, some of both. The slack is for a turn that ten of one and none of the other fell into.
    private static func compare(_ quiet: [Duration], _ crowd: [Duration]) throws {
        let middle = (quiet[messages / 2], crowd[messages / 2])
        #expect(middle.1 < middle.0 * 3 + .milliseconds(5), "\(middle)")
        let late = (quiet[messages * 99 / 100], crowd[messages * 99 / 100])
        #expect(late.1 < late.0 * 3 + .milliseconds(50), "\(late)")
    }

    @Test("W23: a member that stops reading is cut, the others' p99 stays", .timeLimit(.minutes(2)))
    func stopsReading() async throws {
        try await self.flood { arena in
            let server = arena.server
            let slow = try await WireClient.connect(
                port: server.port, group: server.group, lifetime: .minutes(2), receiveBuffer: 4096)
            arena.welcome(slow)
            slow.send("40")
            _ = try await slow.expect(prefix: "40{\"sid\":\"")
            try await slow.stopReading()
        }
    }

    @Test("W25: so is a process that is stopped", .timeLimit(.minutes(2)))
    func stoppedProcess() async throws {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/bin/bash")
        try await self.flood { arena in
            let server = arena.server
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
        } after: {
            kill(process.processIdentifier, SIGKILL)
            process.waitUntilExit()
        }
    }
}
