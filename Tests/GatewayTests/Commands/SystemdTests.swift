import Foundation
import Glibc
import Storage
import StorageTestSupport
import Synchronization
import Testing

@testable import Gateway

/// What systemd hears, at a socket as it has one.
@Suite struct SystemdTests {
    /// A datagram socket of this test, with a file or without.
    private final class NotifySocket: Sendable {
        /// As the environment names it.
        let name: String
        private let descriptor: Int32

        init(abstract: Bool) throws {
            let id = UUID().uuidString.prefix(8)
            self.name = abstract ? "@puente-\(id)" : "/tmp/puente-\(id).sock"
            self.descriptor = socket(AF_UNIX, Int32(SOCK_DGRAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
            var address = sockaddr_un()
            address.sun_family = sa_family_t(AF_UNIX)
            let bytes = abstract ? [0] + Array(self.name.utf8.dropFirst()) : Array(self.name.utf8) + [0]
            withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: bytes) }
            let length = socklen_t(MemoryLayout<sa_family_t>.size + bytes.count)
            let isBound = withUnsafePointer(to: &address) { pointer in
                pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { bind(self.descriptor, $0, length) == 0 }
            }
            try #require(isBound)
            var patience = timeval(tv_sec: 20, tv_usec: 0)
            setsockopt(self.descriptor, SOL_SOCKET, SO_RCVTIMEO, &patience, socklen_t(MemoryLayout<timeval>.size))
        }

        deinit {
            close(self.descriptor)
            if self.name.hasPrefix("/") { unlink(self.name) }
        }

        /// The next message; nil where none comes.
        func next() async -> String? {
            await withCheckedContinuation { continuation in
                // Waiting is a thread's business, not a task's.
                Thread.detachNewThread {
                    var bytes = [UInt8](repeating: 0, count: 256)
                    let count = recv(self.descriptor, &bytes, bytes.count, 0)
                    continuation.resume(
                        returning: count > 0 ? String(decoding: bytes[..<count], as: UTF8.self) : nil)
                }
            }
        }

        /// The next message that is no sign of life.
        func nextNews() async -> String? {
            while let message = await self.next() {
                if message != "WATCHDOG=1" { return message }
            }
            return nil
        }
    }

    @Test(arguments: [false, true]) func whatIsSaidIsHeard(_ abstract: Bool) async throws {
        let socket = try NotifySocket(abstract: abstract)
        let notifier = try #require(SystemdNotifier(environment: ["NOTIFY_SOCKET": socket.name]))
        for message in [SystemdNotifier.Message.ready, .alive, .stopping] {
            #expect(notifier.send(message))
            #expect(await socket.next() == message.rawValue)
        }
        #expect(notifier.watchdog == nil && SystemdWatchdog(notifier) { true } == nil)
    }

    @Test func whereNobodyListensNobodyIsTold() throws {
        let long = String(repeating: "n", count: 106)
        for name in ["", "/", "@", "relative", "vsock:2:1234", "/\(long)n", "@\(long)nn"] {
            #expect(SystemdNotifier(environment: ["NOTIFY_SOCKET": name]) == nil, "\(name)")
        }
        #expect(SystemdNotifier(environment: [:]) == nil)
        // The longest names that the kernel takes; nobody is there.
        for name in ["/\(long)", "@\(long)n"] {
            let notifier = try #require(SystemdNotifier(environment: ["NOTIFY_SOCKET": name]))
            #expect(!notifier.send(.ready))
        }
    }

    @Test func theWatchdogIsWhoeverItNames() throws {
        func watchdog(_ more: [String: String]) throws -> Duration? {
            let environment = more.merging(["NOTIFY_SOCKET": "@x"]) { own, _ in own }
            return try #require(SystemdNotifier(environment: environment, process: 7)).watchdog
        }
        #expect(try watchdog(["WATCHDOG_USEC": "30000000"]) == .seconds(30))
        #expect(try watchdog(["WATCHDOG_USEC": "30000000", "WATCHDOG_PID": "7"]) == .seconds(30))
        for other in [
            ["WATCHDOG_PID": "8"], ["WATCHDOG_USEC": "0"], ["WATCHDOG_USEC": "soon"], ["WATCHDOG_USEC": "-1"],
        ] {
            #expect(try watchdog(["WATCHDOG_USEC": "30000000"].merging(other) { _, own in own }) == nil, "\(other)")
        }
    }

    /// A loop that does not turn is silent, and heard again when it does.
    @Test func aStuckGatewayIsSilent() async throws {
        let socket = try NotifySocket(abstract: true)
        let environment = ["NOTIFY_SOCKET": socket.name, "WATCHDOG_USEC": "300000"]
        let isStuck = Atomic(false)
        let looks = Atomic(0)
        let watchdog = try #require(
            SystemdWatchdog(SystemdNotifier(environment: environment)) {
                looks.add(1, ordering: .sequentiallyConsistent)
                return !isStuck.load(ordering: .sequentiallyConsistent)
            })
        #expect(watchdog.interval == .milliseconds(50))
        let marker = try #require(SystemdNotifier(environment: environment))
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try await watchdog.run() }
            #expect(await socket.next() == "WATCHDOG=1")
            isStuck.store(true, ordering: .sequentiallyConsistent)
            func look(_ times: Int) async throws {
                let target = looks.load(ordering: .sequentiallyConsistent) + times
                while looks.load(ordering: .sequentiallyConsistent) < target {
                    try await Task.sleep(for: .milliseconds(1))
                }
            }
            try await look(2)
            // Marks the place: what is before it was sent before it was stuck.
            #expect(marker.send(.ready))
            try await look(5)
            #expect(marker.send(.stopping))
            #expect(await socket.nextNews() == "READY=1")
            #expect(await socket.next() == "STOPPING=1", "nothing in between")
            isStuck.store(false, ordering: .sequentiallyConsistent)
            #expect(await socket.next() == "WATCHDOG=1")
            group.cancelAll()
            try await group.waitForAll()
        }
    }

    @Test func aWholeLife() async throws {
        try await TestDatabase.with { test in
            let socket = try NotifySocket(abstract: false)
            let environment = ["NOTIFY_SOCKET": socket.name, "WATCHDOG_USEC": "3000000"]
            try await GatewayProgram.serving(on: test.url.description, environment: environment) { gateway, port in
                #expect(await socket.nextNews() == "READY=1")
                let readiness = try await PlainHTTP.get("/readyz", port: port)
                #expect(readiness.hasPrefix("HTTP/1.1 200"))
                for _ in 0..<2 { #expect(await socket.next() == "WATCHDOG=1") }
                gateway.signal(SIGTERM)
                #expect(await socket.nextNews() == "STOPPING=1")
                #expect(await gateway.end().status == 0)
            }
        }
    }
}
