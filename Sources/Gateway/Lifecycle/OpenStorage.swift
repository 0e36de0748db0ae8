internal import Foundation
internal import Logging
internal import Storage

/// The database as a process uses it: found or started, migrated, with its pool open.
struct OpenStorage: Sendable {
    let database: Database
    /// The private server; `nil` where an operator's is used.
    let server: EmbeddedServer?
    /// Where the node's own files are; `nil` on an operator's database where nobody named a directory.
    let dataDirectory: String?
    /// This run of the process: what its leases and events carry.
    let life: String

    /// Connects to the database URL where one is set, else to the data directory's server, which is started if it does
    /// not run; then migrates. An operator's database needs no files: nothing is made in the file system for it.
    ///
    /// - Parameter patience: How long a statement may take; nil: as long as a node waits.
    static func open(
        _ settings: StorageSettings, silences: Database.Silences = .init(), as use: EmbeddedServer.Use,
        patience: Duration? = nil, logger: Logger
    ) async throws -> OpenStorage {
        let life = UUID().uuidString.lowercased()
        if let text = settings.databaseURL {
            let url = try DatabaseURL(parsing: text.reveal())
            let database = try await Self.connect(
                url, life, silences, patience, settings: settings, logger: logger)
            return OpenStorage(database: database, server: nil, dataDirectory: settings.dataDirectory, life: life)
        }
        let server = try await EmbeddedServer.attachOrStart(
            dataDirectory: settings.dataDirectory ?? StorageSettings.defaultDataDirectory, as: use, logger: logger
        )
        do {
            let database = try await Self.connect(
                server.url, life, silences, patience, settings: settings, logger: logger)
            return OpenStorage(database: database, server: server, dataDirectory: server.dataDirectory, life: life)
        } catch {
            await server.stop()
            throw error
        }
    }

    private static func connect(
        _ url: DatabaseURL, _ life: String, _ silences: Database.Silences, _ patience: Duration?,
        settings: StorageSettings, logger: Logger
    ) async throws -> Database {
        try await Migrator.migrate(url, logger: logger)
        var configuration = Database.Configuration(url: url)
        configuration.size = settings.connections
        configuration.node = life
        configuration.silences = silences
        if let patience {
            configuration.statementTimeout = patience
            // Nobody waits for the command; it may wait for others.
            configuration.lockTimeout = .seconds(10)
        }
        let database = Database(configuration: configuration, logger: logger)
        do {
            try await database.start()
            return database
        } catch {
            await database.shutDown()
            throw error
        }
    }

    /// Closes the pool, then gives up the private server.
    func close() async {
        await self.database.shutDown()
        await self.server?.stop()
    }

    /// Runs a command on the storage and closes it whatever happens.
    ///
    /// - Parameter patience: How long a statement may take; nil: as long as a node waits.
    static func with<Value>(
        _ settings: StorageSettings, patience: Duration? = nil, logger: Logger,
        _ body: (OpenStorage) async throws -> Value
    ) async throws -> Value {
        // A command has one thing to do at a time.
        var settings = settings
        settings.connections = 1
        let storage = try await Self.open(settings, as: .command, patience: patience, logger: logger)
        do {
            let value = try await body(storage)
            await storage.close()
            return value
        } catch {
            await storage.close()
            throw error
        }
    }
}

extension OpenStorage {
    /// The install's signing key: `jwt.secret`, else a file in the data directory beside the private server's data,
    /// else a row of the operator's database. Made on first use.
    func installKey(_ settings: JWTSettings) async throws -> InstallKey {
        if let secret = settings.secret { return InstallKey(secret: secret) }
        let proposal = InstallKey.generate()
        let text: String
        if let server = self.server {
            text = try PrivateFile.text(
                at: server.dataDirectory + "/signing-key", isSecret: true, proposal: proposal.reveal
            )
        } else {
            let bytes = Array(proposal.reveal().utf8)
            let filed = try await self.database.transaction(.workspace(Keys.installScope)) { transaction in
                try Keys.signingSecret(transaction, proposal: bytes)
            }
            text = String(decoding: filed, as: UTF8.self)
        }
        guard text.utf8.count >= 32 else {
            throw PrivateFile.Failure(description: "the signing key is damaged: it has less than 32 bytes")
        }
        return InstallKey(secret: Secret(text))
    }

    /// The name under which this node holds leases, kept through restarts so that the next life ends those of the last
    /// one. Without a directory to keep it in it is a name for this life only, and what a killed life left behind ends
    /// when its leases run out.
    func nodeID() throws -> String {
        guard let directory = self.dataDirectory else { return self.life }
        try FileManager.default.createDirectory(
            atPath: directory, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700]
        )
        return try PrivateFile.text(at: directory + "/node-id", isSecret: false) { UUID().uuidString.lowercased() }
    }
}
