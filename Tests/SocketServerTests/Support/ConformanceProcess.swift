import Foundation
import Testing

/// The executable of this build, running on seven free ports.
struct ConformanceProcess {
    let port: Int
    private let process: Process

    /// The process's id.
    var id: pid_t { self.process.processIdentifier }

    static func start(
        _ arguments: [String] = [], loops: Int = 2, environment: [String: String] = [:]
    ) throws -> ConformanceProcess {
        // The test bundle lies beside the products.
        let folder = URL(fileURLWithPath: CommandLine.arguments.first ?? "").deletingLastPathComponent()
        let candidates = [folder, Bundle.main.bundleURL, Bundle.main.bundleURL.deletingLastPathComponent()]
            .map { $0.appendingPathComponent("conformance") }
        let executable = try #require(
            candidates.first { FileManager.default.isExecutableFile(atPath: $0.path) }, "conformance is not built")
        // Seven consecutive ports cannot be asked of the system: the next try has others.
        for _ in 0..<10 {
            let port = Int.random(in: 20_000..<32_000)
            let process = Process()
            process.executableURL = executable
            process.arguments = ["--port", "\(port)", "--loops", "\(loops)"] + arguments
            process.environment = ProcessInfo.processInfo.environment.merging(environment) { $1 }
            let output = Pipe()
            process.standardOutput = output
            process.standardError = FileHandle.nullDevice
            try process.run()
            // Ends with `ready`, or empty when the process could not bind and is gone.
            if output.fileHandleForReading.availableData == Data("ready\n".utf8) {
                return ConformanceProcess(port: port, process: process)
            }
            process.waitUntilExit()
        }
        throw CocoaError(.fileNoSuchFile)
    }

    func stop() {
        self.process.terminate()
        self.process.waitUntilExit()
    }
}
