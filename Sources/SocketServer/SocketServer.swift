package import EngineIO
package import Logging
package import SocketIO
internal import Synchronization
package import Transport

/// Where the two protocols meet: the handler of an Engine.IO endpoint, and the namespaces that applications register
/// their handlers on.
///
///     let server = SocketServer(logger: logger)
///     server.namespace("/").on("echo", inLoop: { socket, event in event.ack?.send(event.arguments) })
///     let endpoint = EngineEndpoint(path: "/socket.io", handler: server)
package final class SocketServer: EngineHandler {
    package typealias AdapterFactory = @Sendable (_ namespace: String) -> any Adapter<Socket>

    package let configuration: SocketServerConfiguration
    let logger: Logger
    private let makeAdapter: AdapterFactory
    private let admission: (@Sendable (EngineHandshake) -> Admission)?
    private let work = WorkCounter()
    private let registry = Mutex(Registry())

    private struct Registry {
        var namespaces: [String: Namespace] = [:]
        /// In the order of registration: the first that matches creates the child.
        var templates: [Template] = []
    }

    private struct Template {
        let matches: @Sendable (String) -> Bool
        let namespace: Namespace
    }

    /// - Parameters:
    ///   - adapter: makes the adapter of each namespace; nil for a single node.
    ///   - admission: decides on handshakes before anything is allocated for them; nil admits all.
    package init(
        configuration: SocketServerConfiguration = SocketServerConfiguration(), logger: Logger,
        adapter: AdapterFactory? = nil, admission: (@Sendable (EngineHandshake) -> Admission)? = nil
    ) {
        self.configuration = configuration
        self.logger = logger
        self.makeAdapter = adapter ?? { _ in LocalAdapter(sink: LoopSink()) }
        self.admission = admission
    }

    // MARK: Namespaces

    /// The namespace with this name, created on first use. Others are refused with `Invalid namespace`.
    @discardableResult
    package func namespace(_ name: String) -> Namespace {
        self.registry.withLock { registry in
            if let existing = registry.namespaces[name] { return existing }
            let namespace = self.makeNamespace(name)
            registry.namespaces[name] = namespace
            return namespace
        }
    }

    /// Namespaces that come into being when a client asks for a name that matches. What is registered on the template
    /// that is returned holds for each of them.
    package func namespaces(matching matches: @escaping @Sendable (String) -> Bool) -> Namespace {
        let template = self.makeNamespace("")
        self.registry.withLock { $0.templates.append(Template(matches: matches, namespace: template)) }
        return template
    }

    /// All namespaces that exist now.
    package var namespaces: [Namespace] {
        self.registry.withLock { Array($0.namespaces.values) }
    }

    /// Handlers and middleware at work: 0 when an orderly end need not wait.
    package var runningHandlers: Int { self.work.count }

    /// The namespace that a client asked for; exact names first, then the templates in order.
    func resolve(_ name: String) -> Namespace? {
        if let existing = self.registry.withLock({ $0.namespaces[name] }) { return existing }
        let templates: [Template] = self.registry.withLock { $0.templates }
        guard let template = templates.first(where: { $0.matches(name) })?.namespace else { return nil }
        return self.registry.withLock { registry -> Namespace in
            if let existing = registry.namespaces[name] { return existing }
            let child = self.makeNamespace(name, template: template)
            registry.namespaces[name] = child
            return child
        }
    }

    private func makeNamespace(_ name: String, template: Namespace? = nil) -> Namespace {
        var onEmpty: (@Sendable () -> Void)?
        if template != nil, self.configuration.cleanupEmptyChildNamespaces {
            onEmpty = { [weak self] in self?.removeIfEmpty(name) }
        }
        return Namespace(
            name: name, adapter: self.makeAdapter(name), configuration: self.configuration, logger: self.logger,
            work: self.work, table: template?.handlers, onEmpty: onEmpty)
    }

    private func removeIfEmpty(_ name: String) {
        self.registry.withLock { registry in
            if registry.namespaces[name]?.socketCount == 0 { registry.namespaces[name] = nil }
        }
    }

    // MARK: EngineHandler

    package func admit(_ handshake: EngineHandshake) -> Admission {
        self.admission?(handshake) ?? .accept
    }

    package func opened(_ connection: EngineConnection) {
        let client = SocketConnection(server: self, engine: connection)
        connection.context = client
        client.start()
    }

    package func received(_ message: EngineMessage, on connection: EngineConnection) {
        (connection.context as? SocketConnection)?.receive(message)
    }

    package func closed(_ connection: EngineConnection, reason: CloseReason) {
        (connection.context as? SocketConnection)?.closed(reason)
        // Breaks the cycle of connection and session.
        connection.context = nil
    }
}
