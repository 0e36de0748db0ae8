internal import CPostgres
internal import Foundation
package import Logging
internal import Synchronization

/// A connection of its own, on a thread of its own, that waits for the word of other nodes.
///
/// As long as it stands, this node counts as one that listens (``Nodes/othersListen(_:node:)``): a session lock says so,
/// and ends with the session, however that ends. A lost connection is made again; whoever waits is woken then too, because
/// what was said meanwhile was not heard.
package final class NodeListener: Sendable {
    private struct State {
        var isStopped = false
        var isRunning = false
    }

    private static let firstDelay: Duration = .milliseconds(100)
    private static let longestDelay: Duration = .seconds(5)

    private let configuration: Database.Configuration
    private let node: String
    private let logger: Logger
    private let wakeUp = WakeUp()
    private let state = Mutex(State())
    private let stream: AsyncStream<Void>
    private let continuation: AsyncStream<Void>.Continuation

    /// - Parameter node: The run of the node that listens; its own word does not wake it.
    init(configuration: Database.Configuration, node: String, logger: Logger) {
        self.configuration = configuration
        self.node = node
        self.logger = logger
        // One is as good as many: whoever is woken looks at everything.
        (self.stream, self.continuation) = AsyncStream.makeStream(bufferingPolicy: .bufferingNewest(1))
    }

    /// An element whenever another node has said something, and with every connection. For one reader, once; the connection
    /// ends with the reader's task.
    package func news() -> AsyncStream<Void> {
        let isFirst = self.state.withLock { state in
            defer { state.isRunning = true }
            return !state.isRunning
        }
        if isFirst {
            self.continuation.onTermination = { _ in self.stop() }
            let thread = Thread { self.run() }
            thread.name = "pg-listen"
            thread.start()
        }
        return self.stream
    }

    /// Closes the connection and ends ``news()``.
    package func stop() {
        self.state.withLock { $0.isStopped = true }
        self.wakeUp.signal()
    }

    private var isStopped: Bool { self.state.withLock { $0.isStopped } }

    private func run() {
        var delay = Self.firstDelay
        while !self.isStopped {
            do {
                let connection = try self.connect()
                delay = Self.firstDelay
                self.continuation.yield()
                self.listen(on: connection)
            } catch {
                self.logger.debug("not listening to other nodes yet", metadata: ["error": "\(error)"])
            }
            guard !self.isStopped else { break }
            let next = ContinuousClock.now + delay
            while !self.isStopped, self.wakeUp.wait(orFor: nil, until: next) != .timeout {}
            delay = min(delay * 2, Self.longestDelay)
        }
        self.continuation.finish()
    }

    private func connect() throws(StorageError) -> PostgresConnection {
        let connection = try PostgresConnection(self.configuration.url, patience: self.configuration.patience)
        try self.configuration.session.apply(to: connection)
        _ = try connection.run([
            Statement(sql: "listen puente_nodes"),
            // Shared: should two nodes' names fall on the same number, both still listen.
            Statement(
                sql: "select pg_advisory_lock_shared(hashtext('puente.nodes'), hashtext($1))",
                parameters: [.text(self.node)]),
        ])
        return connection
    }

    private func listen(on connection: PostgresConnection) {
        while !self.isStopped, connection.isUsable {
            // At first: what came in with the last answer is in no socket any more.
            if connection.takeNotifications().contains(where: { $0 != self.node }) { self.continuation.yield() }
            guard self.wakeUp.wait(orFor: connection.socket, until: nil) == .socket else { continue }
            connection.drainIdleInput()
        }
    }
}

extension Database {
    /// Waits for the word of other nodes, on a connection outside the pool.
    ///
    /// - Parameter node: The run of this node.
    package func listener(node: String, logger: Logger) -> NodeListener {
        NodeListener(configuration: self.configuration, node: node, logger: logger)
    }
}
