import Foundation
import Testing

/// What attacks cost in memory, as the system counts it, of a server in a process of its own that does nothing else.
///
/// Everything is done once before it is measured, so that what is only made once does not count. Where a peak is asked
/// for, the kernel is told to forget the earlier one.
@Suite(.serialized, .timeLimit(.minutes(5))) struct HostileMemoryTests {
    /// Of a server that is measured.
    private struct Memory {
        let process: pid_t

        /// Bytes in the machine's memory.
        var resident: Int { self.field("Rss:", in: "smaps_rollup") }
        /// Most of them since ``forgetPeak()``.
        var peak: Int { self.field("VmHWM:", in: "status") }
        /// Bytes asked for, whether they were ever touched or not.
        var reserved: Int { self.field("VmData:", in: "status") }

        func forgetPeak() throws {
            try "5".write(toFile: "/proc/\(self.process)/clear_refs", atomically: false, encoding: .utf8)
        }

        private func field(_ name: String, in file: String) -> Int {
            let text = (try? String(contentsOfFile: "/proc/\(self.process)/\(file)", encoding: .utf8)) ?? ""
            guard let mark = text.firstRange(of: name) else { return 0 }
            return (Int(text[mark.upperBound...].drop { $0 == " " || $0 == "\t" }.prefix { $0.isNumber }) ?? 0) << 10
        }
    }

    private static let megabyte = 1 << 20

    /// Measures on a thread of its own, because the clients' calls wait.
    private func measure(_ body: @escaping @Sendable (_ port: Int, Memory) throws -> Int) async throws -> Int {
        // What is freed goes back to the system at once: it is what is held that counts.
        let server = try ConformanceProcess.start(loops: 1, environment: ["MALLOC_MMAP_THRESHOLD_": "65536"])
        defer { server.stop() }
        let (port, id) = (server.port, server.id)
        let bytes = try await withCheckedThrowingContinuation { (continuation: CheckedContinuation<Int, any Error>) in
            Thread.detachNewThread { continuation.resume(with: Result { try body(port, Memory(process: id)) }) }
        }
        #expect(kill(server.id, 0) == 0, "the server is still there")
        return bytes
    }

    private static func count(_ usual: Int, full: Int) -> Int {
        ProcessInfo.processInfo.environment["PUENTE_HOSTILE_FULL"] == nil ? usual : full
    }

    /// The offsets of the listeners' ports.
    private static let application = 2
    private static let bench = 5

    @Test("VA5: bytes behind a header without attachments are kept nowhere")
    func attachmentsThatNobodyAnnounced() async throws {
        let bytes = try await self.measure { port, memory in
            let bytes = BlockingClient.frame(0x82, [UInt8](repeating: 1, count: 1024))
            func attack() throws {
                for header in [#"450-["x"]"#, "460-1[]"] {
                    let client = try BlockingClient.joined(port: port + Self.bench)
                    client.send(BlockingClient.frame(0x81, Array(header.utf8)))
                    for _ in 0..<Self.count(20_000, full: 100_000) where !client.send(bytes) { break }
                }
            }
            try attack()
            let before = memory.resident
            try memory.forgetPeak()
            try attack()
            return memory.peak - before
        }
        #expect(bytes < 2 * Self.megabyte)
    }

    @Test("VB2, W12: a megabyte in single bytes takes no more than twice itself")
    func singleBytes() async throws {
        let bytes = try await self.measure { port, memory in
            let client = try BlockingClient.joined(port: port + Self.bench)
            func expectAlive() throws {
                client.send(BlockingClient.frame(0x81, Array(#"427["echo",1]"#.utf8)))
                try client.receive(until: "437[1]")
            }
            try expectAlive()
            let before = memory.resident
            try memory.forgetPeak()
            let payload = Array("42[\"nobody\",\"".utf8) + [UInt8](repeating: 0x78, count: 999_980) + Array("\"]".utf8)
            try client.sendOneByOne(BlockingClient.frame(0x81, payload))
            try expectAlive()
            return memory.peak - before
        }
        #expect(bytes < 2_000_000)
    }

    @Test("H25: an answer that nobody reads is held once")
    func unreadAnswers() async throws {
        let size = 3_000_000
        let bytes = try await self.measure { port, memory in
            func attack() throws -> BlockingClient {
                let poster = try BlockingClient(port: port + Self.application)
                let target = try BlockingClient.poll(over: poster)
                let poller = try BlockingClient(port: port + Self.application, receiveBuffer: 4096)
                try poster.post(target, "40")
                // The welcome, so that the next poll waits for the answer alone.
                poster.beginPoll(target)
                try poster.receive(until: "42[\"auth\"")
                try poster.post(target, "420[\"big-text\",\(size)]")
                poller.beginPoll(target)
                try poller.peek()
                return poller
            }
            var clients = [try attack()]
            let before = memory.resident
            for _ in 0..<5 { clients.append(try attack()) }
            return withExtendedLifetime(clients) { (memory.resident - before) / 5 }
        }
        // Blocks that the allocator keeps come on top; a second copy would too, and is three megabytes.
        #expect(bytes < size * 3 / 2)
    }

    @Test("P19: a handshake that is never used takes less than 8 KiB")
    func unusedHandshakes() async throws {
        let bytes = try await self.measure { port, memory in
            let client = try BlockingClient(port: port + Self.bench)
            for _ in 0..<500 { _ = try BlockingClient.poll(over: client) }
            let before = memory.resident
            let count = Self.count(2000, full: 10_000)
            for _ in 0..<count { _ = try BlockingClient.poll(over: client) }
            return (memory.resident - before) / count
        }
        #expect(bytes < 8 << 10)
    }

    @Test("VB7: a length that was merely declared reserves nothing")
    func declaredLengths() async throws {
        let bytes = try await self.measure { port, memory in
            /// Allowed, but it never comes.
            func declare() throws -> BlockingClient {
                let client = try BlockingClient.joined(port: port + Self.bench)
                client.send([0x81, 0xFF, 0, 0, 0, 0, 0, 0x0F, 0x42, 0x40, 0, 0, 0, 0, 0x34])
                return client
            }
            var clients = try (0..<20).map { _ in try declare() }
            let before = memory.reserved
            for _ in 0..<100 { clients.append(try declare()) }
            // Somebody else's round trip: the server has seen what came before.
            let other = try BlockingClient.joined(port: port + Self.bench)
            for length: [UInt8] in [[0x7F] + [UInt8](repeating: 0xFF, count: 7), [0, 0, 0, 0, 0x40, 0, 0, 0]] {
                let client = try BlockingClient.joined(port: port + Self.bench)
                client.send([0x81, 0xFF] + length + [0, 0, 0, 0])
                client.waitForEnd()
            }
            return withExtendedLifetime((clients, other)) { (memory.reserved - before) / 100 }
        }
        #expect(bytes < 100_000)
    }
}
