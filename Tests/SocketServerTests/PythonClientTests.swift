import Foundation
import FoundationNetworking
import Testing

/// The conformance server under stock Python clients of both generations: Tests/Clients/python.
///
/// The interpreters are `PUENTE_PYTHON5` and `PUENTE_PYTHON4`, or what `scripts/setup.sh test` made. Without one its
/// test is skipped; `make test` always has both.
@Suite struct PythonClientTests {
    private static let root = URL(fileURLWithPath: #filePath)
        .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()

    /// A generation of the client: its interpreter, its script, and how many checks that has.
    enum Client: CaseIterable, CustomTestStringConvertible {
        case version4
        case version5
        case version5Secure
        case version5MessagePack

        var testDescription: String {
            switch self {
            case .version4: "python-socketio 4"
            case .version5: "python-socketio 5"
            case .version5Secure: "python-socketio 5 over TLS"
            case .version5MessagePack: "python-socketio 5, MessagePack"
            }
        }

        var interpreter: String {
            let environment = ProcessInfo.processInfo.environment
            return switch self {
            case .version4:
                environment["PUENTE_PYTHON4"] ?? root.appendingPathComponent("tools/py4/bin/python").path
            case .version5, .version5Secure, .version5MessagePack:
                environment["PUENTE_PYTHON5"] ?? root.appendingPathComponent("tools/py5/bin/python").path
            }
        }

        /// The script, the offset of its listener's port, and what it is told besides the address.
        var run: (script: String, offset: Int, arguments: [String]) {
            switch self {
            case .version4: ("app_listener_eio3.py", 2, [])
            case .version5, .version5Secure: ("app_listener.py", 2, ["default"])
            case .version5MessagePack: ("app_listener.py", 3, ["msgpack"])
            }
        }

        /// Checks that the script makes.
        var checks: Int {
            switch self {
            case .version4: 51
            case .version5, .version5Secure, .version5MessagePack: 54
            }
        }

        var isSecure: Bool { self == .version5Secure }

        var isThere: Bool { FileManager.default.isExecutableFile(atPath: self.interpreter) }
    }

    @Test(
        "Polling, websocket and upgrade", .enabled(if: !Client.allCases.filter(\.isThere).isEmpty),
        .timeLimit(.minutes(5)), arguments: Client.allCases.filter(\.isThere))
    func listener(client: Client) async throws {
        let certificates = Self.root.appendingPathComponent("Tests/Certificates").path
        let (certificate, key) = ("\(certificates)/first.pem", "\(certificates)/first.key")
        let server = try ConformanceProcess.start(
            client.isSecure ? ["--tls-cert", certificate, "--tls-key", key] : [])
        defer { server.stop() }
        let process = Process()
        process.executableURL = URL(fileURLWithPath: client.interpreter)
        let (script, offset, arguments) = client.run
        let path = Self.root.appendingPathComponent("Tests/Clients/python").appendingPathComponent(script).path
        let base = client.isSecure ? "https://localhost" : "http://127.0.0.1"
        process.arguments = [path, "\(base):\(server.port + offset)"] + arguments
        // The client verifies as ever, only by another authority.
        process.environment = ProcessInfo.processInfo.environment.merging(
            client.isSecure ? ["SSL_CERT_FILE": "\(certificates)/authority.pem"] : [:], uniquingKeysWith: { $1 })
        let pipe = Pipe()
        process.standardOutput = pipe
        process.standardError = pipe
        try process.run()
        let output = String(decoding: try pipe.fileHandleForReading.readToEnd() ?? Data(), as: UTF8.self)
        process.waitUntilExit()
        #expect(process.terminationStatus == 0, "\(output)")
        #expect(output.hasSuffix("\(client.checks) passed, 0 failed\n"), "\(output)")
    }
}
