internal import ArgumentParser
internal import Dispatch
internal import Foundation
internal import Logging
internal import NIOPosix
internal import SocketServer
internal import Transport

/// The behaviours that the official protocol suites, real clients' tests, the load generator and Autobahn expect, as an
/// ordinary application of the library: docs/compatibility.md.
@main
struct Conformance: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "conformance",
        abstract: "Serves the protocol suites' behaviours on seven consecutive ports."
    )

    @Option(help: "Address to bind.")
    var host = "127.0.0.1"

    @Option(help: "First of seven consecutive ports.")
    var port = 3000

    @Option(help: "Event loops; by default one for each core that the process may use.")
    var loops: Int?

    @Option(help: "PEM file of a certificate chain: speak TLS on all ports. SIGHUP reads it again.")
    var tlsCert: String?

    @Option(help: "PEM file of its key.")
    var tlsKey: String?

    func validate() throws {
        guard (self.tlsCert == nil) == (self.tlsKey == nil) else {
            throw ValidationError("--tls-cert and --tls-key go together.")
        }
        guard (1...65_535 - Listener.allCases.count + 1).contains(self.port) else {
            throw ValidationError("--port must leave room for \(Listener.allCases.count) ports.")
        }
        guard self.loops.map({ $0 > 0 }) ?? true else { throw ValidationError("--loops must be positive.") }
    }

    func run() async throws {
        let logger = Logger(label: "conformance") { StreamLogHandler.standardError(label: $0) }
        let group = MultiThreadedEventLoopGroup(numberOfThreads: self.loops ?? ProcessResources.usableCores)
        let bundle = ClientBundle.find()
        let tls = try self.identity()
        let hangUps = tls.map { Self.reloadOnHangUp($0, logger: logger) }
        defer { hangUps?.cancel() }
        var servers: [(transport: TransportServer, sockets: SocketServer?)] = []
        for listener in Listener.allCases {
            let server = listener.makeServer(
                host: self.host, firstPort: self.port, tls: tls, bundle: bundle, group: group, logger: logger)
            try await server.transport.start()
            servers.append(server)
        }
        let gauges = Gauges.tell(of: servers)
        defer { gauges.cancel() }
        FileHandle.standardOutput.write(Data("ready\n".utf8))
        // Serves until a signal ends the process; the servers live as long as this never-ending sleep.
        while !Task.isCancelled {
            try await Task.sleep(for: .seconds(3600))
        }
        for server in servers { try await server.transport.shutdown() }
    }

    private func identity() throws -> TLSIdentity? {
        guard let certificate = self.tlsCert, let key = self.tlsKey else { return nil }
        return try TLSIdentity(certificatePath: certificate, keyPath: key)
    }

    private static func reloadOnHangUp(_ identity: TLSIdentity, logger: Logger) -> any DispatchSourceSignal {
        signal(SIGHUP, SIG_IGN)
        let source = DispatchSource.makeSignalSource(signal: SIGHUP, queue: .global())
        source.setEventHandler {
            do throws(TLSIdentityError) {
                try identity.reload()
                logger.info("certificate read again")
            } catch {
                logger.error("the certificate stays: \(error)")
            }
        }
        source.resume()
        return source
    }
}
