internal import Foundation
internal import Glibc
internal import Logging
@testable internal import Storage
internal import Synchronization

/// One private PostgreSQL for all tests of a process.
///
/// A shell in a session of its own waits until this process ends, however it ends, and then stops the server and
/// removes its files.
struct TestServer: Sendable {
    /// As the owner; the database holds nothing.
    let url: DatabaseURL

    private static let shared = Task { try await TestServer.start() }

    /// The process's server; the first call starts it.
    static func running() async throws -> TestServer {
        try await Self.shared.value
    }

    private static func start() async throws -> TestServer {
        var template = Array("/tmp/puente-test-\(getpid())-XXXXXX".utf8CString)
        guard mkdtemp(&template) != nil else { throw POSIXError(.EIO) }
        let directory = String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
        // As root the server runs as another user, who has to pass through.
        chmod(directory, 0o711)
        let server = try await EmbeddedServer.attachOrStart(
            dataDirectory: directory, as: .gateway,
            settings: [
                // A test may kill processes, but not the machine.
                "fsync": "off", "full_page_writes": "off", "max_connections": "300", "shared_buffers": "64MB",
                "autovacuum": "off",
            ],
            logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
        )
        // Its locks are those of this process: they last as long as it does.
        try Self.stopWhenProcessEnds(server, directory: directory)
        Self.servers.withLock { $0.append(server) }
        return TestServer(url: server.url)
    }

    /// Keeps the server's locks alive.
    private static let servers = Mutex<[EmbeddedServer]>([])

    private static func stopWhenProcessEnds(_ server: EmbeddedServer, directory: String) throws {
        let script = """
            read -r line
            kill -QUIT "$(head -n 1 "$1/postmaster.pid")"
            while [ -e "$1/postmaster.pid" ]; do sleep 0.05; done
            rm -rf "$2" "$3"
            """
        let watcher = Process()
        watcher.executableURL = URL(fileURLWithPath: "/usr/bin/setsid")
        watcher.arguments = [
            "/bin/sh", "-c", script, "sh", server.clusterDirectory, directory, server.url["host"] ?? "",
        ]
        // The pipe's other end is closed by the kernel when this process ends; no child inherits it.
        let pipe = Pipe()
        _ = fcntl(pipe.fileHandleForWriting.fileDescriptor, F_SETFD, FD_CLOEXEC)
        watcher.standardInput = pipe
        watcher.standardOutput = FileHandle.nullDevice
        watcher.standardError = FileHandle.nullDevice
        try watcher.run()
        Self.pipes.withLock { $0.append(pipe) }
    }

    private static let pipes = Mutex<[Pipe]>([])
}
