import Foundation
import Synchronization
import Testing

/// The built executable, as a user runs it: nothing of this process's environment but the path reaches it.
final class GatewayProgram: Sendable {
    struct Outcome: Sendable {
        var status: Int32
        var output: String
        var errors: String
    }

    /// Beside the test bundle: both are products of the same build.
    static let executable = URL(fileURLWithPath: "/proc/self/exe").resolvingSymlinksInPath()
        .deletingLastPathComponent().appendingPathComponent("gateway")

    private struct State {
        var output = ""
        var errors = ""
        var status: Int32?
        var openPipes = 2
        /// Woken on every change.
        var waiters: [CheckedContinuation<Void, Never>] = []

        var isOver: Bool { self.status != nil && self.openPipes == 0 }
    }

    private let process = Process()
    private let state = Mutex(State())

    var processID: Int32 { self.process.processIdentifier }
    var isRunning: Bool { self.process.isRunning }
    var output: String { self.state.withLock { $0.output } }
    var errors: String { self.state.withLock { $0.errors } }

    /// Starts the program. Its working directory is `/proc`, where nobody can make a file, root included: nothing may
    /// depend on it.
    ///
    /// - Parameter limits: what `prlimit` shall allow it, such as `--nofile=64`.
    init(
        _ arguments: [String], environment: [String: String] = [:], input: FileHandle = .nullDevice,
        limits: [String] = []
    ) throws {
        // It becomes what it runs: the process stays the same.
        let command = (limits.isEmpty ? [] : ["/usr/bin/prlimit"] + limits) + [Self.executable.path]
        self.process.executableURL = URL(fileURLWithPath: command[0])
        self.process.arguments = command.dropFirst() + arguments
        // A busy machine is not what a test is about, unless it says so.
        let patient = ["PATH": "/usr/bin:/bin", "PUENTE_LIMITS_QUEUE_DELAY": "1m", "PUENTE_LIMITS_LOOP_LAG": "1m"]
        self.process.environment = environment.merging(patient) { own, _ in own }
        self.process.currentDirectoryURL = URL(fileURLWithPath: "/proc")
        self.process.standardInput = input
        self.process.standardOutput = self.pipe { $0.output += $1 }
        self.process.standardError = self.pipe { $0.errors += $1 }
        self.process.terminationHandler = { process in
            let status =
                process.terminationReason == .exit ? process.terminationStatus : 128 + process.terminationStatus
            self.change { $0.status = status }
        }
        try self.process.run()
    }

    /// A pipe that a thread of its own reads to its end.
    private func pipe(_ append: @escaping @Sendable (inout State, String) -> Void) -> Pipe {
        let pipe = Pipe()
        let end = pipe.fileHandleForReading
        Thread.detachNewThread {
            while true {
                let data = end.availableData
                if data.isEmpty { break }
                self.change { append(&$0, String(decoding: data, as: UTF8.self)) }
            }
            self.change { $0.openPipes -= 1 }
        }
        return pipe
    }

    private func change(_ body: (inout State) -> Void) {
        let waiters = self.state.withLock { state in
            body(&state)
            defer { state.waiters = [] }
            return state.waiters
        }
        for waiter in waiters { waiter.resume() }
    }

    /// Waits until `condition` holds on what was printed so far, or the program has ended and all of it was read.
    private func wait(until condition: @escaping @Sendable (borrowing State) -> Bool) async {
        while !self.state.withLock({ condition($0) || $0.isOver }) {
            await withCheckedContinuation { continuation in
                let isLate = self.state.withLock { state in
                    if condition(state) || state.isOver { return true }
                    state.waiters.append(continuation)
                    return false
                }
                if isLate { continuation.resume() }
            }
        }
    }

    /// The port of the `ready` line.
    func ready(host: String = "127.0.0.1", scheme: String = "http") async throws -> Int {
        await self.wait { $0.output.contains("\n") }
        let line = try #require(self.output.split(separator: "\n").first, "it ended: \(self.errors)")
        #expect(line.hasPrefix("ready \(scheme)://\(host):"))
        return try #require(Int(line.split(separator: ":").last ?? ""))
    }

    func waitForErrors(containing text: String) async {
        await self.wait { $0.errors.contains(text) }
    }

    /// Waits for the end.
    func end() async -> Outcome {
        await self.wait { _ in false }
        return self.state.withLock { Outcome(status: $0.status ?? -1, output: $0.output, errors: $0.errors) }
    }

    func signal(_ signal: Int32) {
        kill(self.processID, signal)
    }

    /// Runs a command to its end.
    static func run(_ arguments: [String], environment: [String: String] = [:]) async throws -> Outcome {
        try await GatewayProgram(arguments, environment: environment).end()
    }
}
