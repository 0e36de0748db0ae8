internal import ArgumentParser
internal import Logging
internal import Storage

/// Which install a command works on.
struct StorageOptions: ParsableArguments {
    @Option(
        help: "Directory of the private PostgreSQL and the node's own files. Default: .puente; none on a --database-url"
    )
    var dataDir: String?

    @Option(help: "Use this PostgreSQL (15 or newer) instead of a private one.")
    var databaseUrl: String?

    @Option(help: "YAML file of settings.")
    var config: String?

    var flags: [String: String] {
        var flags: [String: String] = [:]
        flags["dataDir"] = self.dataDir
        flags["databaseUrl"] = self.databaseUrl
        return flags
    }

    /// Reads the configuration and sets logging up by it.
    ///
    /// - Parameter quiet: only what goes wrong; what a command has to say is its result.
    func load(
        flags: [String: String] = [:], quiet: Bool = true
    ) async throws -> (configuration: GatewayConfiguration, logger: Logger) {
        let loader = ConfigurationLoader(flags: self.flags.merging(flags) { _, new in new }, file: self.config)
        let loaded = try await loader.load()
        var settings = loaded.configuration.log
        if quiet, settings.level == .info { settings.level = .warning }
        let effective = settings
        LoggingSystem.bootstrap { StandardErrorLog(label: $0, settings: effective) }
        let logger = Logger(label: "puente")
        for name in loaded.unknownVariables {
            logger.warning("unknown variable", metadata: [LogKey.variable.rawValue: "\(name)"])
        }
        return (loaded.configuration, logger)
    }

    /// Does one thing in a workspace.
    func transaction<Value: Sendable>(
        in workspace: String, _ body: @escaping @Sendable (Transaction) throws -> Value
    ) async throws -> Value {
        let (configuration, logger) = try await self.load()
        return try await OpenStorage.with(configuration.storage, logger: logger) { storage in
            try await storage.database.transaction(.workspace(workspace), body)
        }
    }
}
