internal import ArgumentParser
internal import Logging
internal import Metrics

#if DEBUG
    internal import Storage
#endif

/// `gateway serve`
struct ServeCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "serve",
        abstract: "Serve until SIGTERM.",
        discussion: "Prints `ready http(s)://HOST:PORT` on stdout once it accepts connections; logs go to stderr."
    )

    @Option(help: "Address to listen on. Default: 127.0.0.1")
    var host: String?

    @Option(help: "Port; 0 lets the system choose. Default: 3000")
    var port: String?

    @Option(help: "PEM file of a certificate chain: speak TLS. SIGHUP reads it again.")
    var tlsCert: String?

    @Option(help: "PEM file of its key.")
    var tlsKey: String?

    @Option(help: "A listener of its own for /metrics.")
    var metricsPort: String?

    @Option(help: "Event loops. Default: the cores that the process may use")
    var loops: String?

    @OptionGroup var storage: StorageOptions

    @Flag(help: "Seed the demonstration workspace and serve its pages.")
    var demo = false

    @Flag(help: "Allow --demo on a host that is not loopback.")
    var demoPublic = false

    func run() async throws {
        var flags: [String: String] = [:]
        flags["host"] = self.host
        flags["port"] = self.port
        flags["tls.certificate"] = self.tlsCert
        flags["tls.key"] = self.tlsKey
        flags["metricsPort"] = self.metricsPort
        flags["loops"] = self.loops
        if self.demo { flags["demo"] = "true" }
        if self.demoPublic { flags["demoPublic"] = "true" }
        let (configuration, logger) = try await self.storage.load(flags: flags, quiet: false)
        #if DEBUG
            if let mutation = Mutation.active { logger.critical("broken on purpose: \(mutation.rawValue)") }
        #endif
        if !configuration.limits.enabled {
            logger.warning("rate and per-address limits are off")
        }
        let metrics = MetricsRegistry()
        MetricsSystem.bootstrap(metrics)
        try await GatewayProcess(configuration: configuration, metrics: metrics, logger: logger).run()
    }
}
