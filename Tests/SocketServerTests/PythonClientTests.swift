import Foundation
import FoundationNetworking
import Testing

/// The conformance server under a stock python-socketio 5 client: Tests/Clients/python/app_listener.py.
///
/// The interpreter is `PUENTE_PYTHON5`, or what `scripts/setup.sh test` made. Without one the test is skipped;
/// `make test` always has one.
@Suite struct PythonClientTests {
    private static let root = URL(fileURLWithPath: #filePath)
        .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()

    private static let python =
        ProcessInfo.processInfo.environment["PUENTE_PYTHON5"]
        ?? Self.root.appendingPathComponent("tools/py5/bin/python").path

    private static var hasPython: Bool { FileManager.default.isExecutableFile(atPath: Self.python) }

    /// Checks of the script, and the offset of the listener's port.
    @Test(
        "python-socketio 5: polling, websocket and upgrade", .enabled(if: hasPython), .timeLimit(.minutes(5)),
        arguments: [(["default"], 2, 48), (["msgpack"], 3, 48)])
    func listener(arguments: [String], offset: Int, checks: Int) async throws {
        let server = try ConformanceProcess.start()
        defer { server.stop() }
        let script = Self.root.appendingPathComponent("Tests/Clients/python/app_listener.py")
        let client = Process()
        client.executableURL = URL(fileURLWithPath: Self.python)
        client.arguments = [script.path, "http://127.0.0.1:\(server.port + offset)"] + arguments
        let pipe = Pipe()
        client.standardOutput = pipe
        client.standardError = pipe
        try client.run()
        let output = String(decoding: try pipe.fileHandleForReading.readToEnd() ?? Data(), as: UTF8.self)
        client.waitUntilExit()
        #expect(client.terminationStatus == 0, "\(output)")
        #expect(output.hasSuffix("\(checks) passed, 0 failed\n"), "\(output)")
    }

    @Test("Listeners that are still to be built say so", .timeLimit(.minutes(1)))
    func unavailableListeners() async throws {
        let server = try ConformanceProcess.start()
        defer { server.stop() }
        for offset in [1, 4] {
            let url = try #require(
                URL(string: "http://127.0.0.1:\(server.port + offset)/socket.io/?EIO=4&transport=polling"))
            let (body, response) = try await URLSession.shared.data(from: url)
            #expect((response as? HTTPURLResponse)?.statusCode == 501)
            #expect(String(decoding: body, as: UTF8.self).contains("is not built yet"))
        }
    }
}

/// The executable of this build, running on seven free ports.
private struct ConformanceProcess {
    let port: Int
    private let process: Process

    static func start() throws -> ConformanceProcess {
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
            process.arguments = ["--port", "\(port)", "--loops", "2"]
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
