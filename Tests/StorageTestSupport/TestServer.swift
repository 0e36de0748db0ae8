internal import Logging
package import Storage

/// One private PostgreSQL for all tests of a process.
package enum TestServer {
    /// The process's server; the first call starts it. Its database `puente` holds nothing.
    package static func running() async throws -> EmbeddedServer {
        try await Self.shared.value
    }

    private static let shared = Task { try await TestServer.start(in: TestDataDirectory.withCluster()) }

    /// Starts, or finds, the server of a directory, for tests that kill servers.
    package static func start(
        in directory: TestDataDirectory, as use: EmbeddedServer.Use = .gateway
    ) async throws -> EmbeddedServer {
        try await EmbeddedServer.attachOrStart(
            dataDirectory: directory.path, as: use,
            settings: [
                // A test may kill processes, but not the machine.
                "fsync": "off", "full_page_writes": "off", "max_connections": "300", "shared_buffers": "64MB",
                "autovacuum": "off",
            ],
            logger: TestDatabase.silence
        )
    }
}
