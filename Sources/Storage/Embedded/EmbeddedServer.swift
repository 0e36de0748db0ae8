package import Logging
internal import Synchronization

/// A private PostgreSQL that lives in a data directory: found, made, started, shared and stopped.
///
/// A gateway holds the data directory alone; command-line tools come and go beside it. All of them share one server:
/// whoever needs it first starts it, whoever leaves last stops it. A server that outlived a killed gateway is adopted.
///
/// ```swift
/// let server = try await EmbeddedServer.attachOrStart(dataDirectory: ".puente", as: .gateway, logger: logger)
/// … server.url …
/// await server.stop()
/// ```
package final class EmbeddedServer: Sendable {
    /// Who uses the server.
    package enum Use: Sendable {
        /// The only gateway on this data directory; a second one is refused.
        case gateway
        /// A command that runs for a moment, beside a gateway or alone.
        case command
    }

    /// Where to connect, as the owner of everything. The database exists.
    package let url: DatabaseURL
    /// The data directory as an absolute path without links.
    package let dataDirectory: String
    /// PostgreSQL's own directory. Elsewhere than in the data directory if root's server cannot reach that.
    package let clusterDirectory: String
    /// Whether a running server was found, of another command or of a gateway that was killed.
    package let isAdopted: Bool

    private let launcher: ServerLauncher
    private let locks: Mutex<ServerLocks?>
    private let logger: Logger

    private init(
        url: DatabaseURL, launcher: ServerLauncher, locks: ServerLocks, isAdopted: Bool, logger: Logger
    ) {
        self.url = url
        self.dataDirectory = launcher.location.dataDirectory
        self.clusterDirectory = launcher.location.cluster
        self.launcher = launcher
        self.locks = Mutex(locks)
        self.isAdopted = isAdopted
        self.logger = logger
    }

    /// Finds the data directory's server running, or starts it, making the cluster on the first occasion.
    ///
    /// - Parameters:
    ///   - dataDirectory: relative to the working directory or absolute; made if it is missing.
    ///   - use: a gateway, or a command beside it.
    ///   - settings: PostgreSQL settings on top of ours, for tests (names and values without spaces or quotes).
    package static func attachOrStart(
        dataDirectory: String, as use: Use, settings: [String: String] = [:], logger: Logger
    ) async throws(EmbeddedServerError) -> EmbeddedServer {
        try await DedicatedThread.run("pg-start") { () throws(EmbeddedServerError) in
            let location = try ClusterLocation.resolve(dataDirectory: dataDirectory)
            let locks = try ServerLocks(root: location.root, use: use)
            if location.isMoved {
                logger.notice(
                    "the user of PostgreSQL cannot reach the data directory; its files are elsewhere",
                    metadata: ["dataDirectory": "\(location.dataDirectory)", "cluster": "\(location.cluster)"]
                )
            }
            let launcher = ServerLauncher(location: location, settings: settings, logger: logger)
            do throws(EmbeddedServerError) {
                return try locks.whileChanging { () throws(EmbeddedServerError) in
                    let (postmaster, url, isAdopted) = try launcher.usable()
                    logger.info(
                        isAdopted ? "running private PostgreSQL found" : "private PostgreSQL started",
                        metadata: ["cluster": "\(location.cluster)", "pid": "\(postmaster.process)"]
                    )
                    return EmbeddedServer(
                        url: url, launcher: launcher, locks: locks, isAdopted: isAdopted, logger: logger
                    )
                }
            } catch {
                locks.release()
                throw error
            }
        }
    }

    /// The process id of the server, `nil` while there is none.
    package var process: Int32? {
        PostmasterFile.livingProcess(cluster: self.clusterDirectory)
    }

    /// Starts the server again whenever it dies, until the task is cancelled. A gateway runs this beside its service.
    package func supervise() async {
        while !Task.isCancelled {
            if self.process == nil { await self.restart() }
            try? await Task.sleep(for: .milliseconds(500))
        }
    }

    private func restart() async {
        self.logger.warning("private PostgreSQL is gone; starting it again")
        do throws(EmbeddedServerError) {
            try await DedicatedThread.run("pg-start") { () throws(EmbeddedServerError) in
                // The lock is taken out of the mutex only by `stop`, which ends supervision first.
                guard let locks = self.locks.withLock({ $0 }) else { return }
                try locks.whileChanging { () throws(EmbeddedServerError) in
                    if try self.launcher.running() == nil { _ = try self.launcher.start() }
                }
            }
        } catch {
            self.logger.error("private PostgreSQL did not start", metadata: ["error": "\(error)"])
        }
    }

    /// Gives up the server, and stops it if nobody else uses it. Connections must be closed before; others are cut.
    package func stop() async {
        let locks = self.locks.withLock { locks in
            defer { locks = nil }
            return locks
        }
        guard let locks else { return }
        await DedicatedThread.run("pg-stop") { [launcher, logger] in
            defer { locks.release() }
            do throws(EmbeddedServerError) {
                try locks.whileChanging { () throws(EmbeddedServerError) in
                    guard locks.isLastUser else { return }
                    launcher.stop()
                    logger.info("private PostgreSQL stopped")
                }
            } catch {
                logger.error("private PostgreSQL was not stopped", metadata: ["error": "\(error)"])
            }
        }
    }
}
