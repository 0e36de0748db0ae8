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
    package typealias AdapterFactory = @Sendable (_ context: AdapterContext<Socket>) -> any Adapter<Socket>

    package let configuration: SocketServerConfiguration
    let logger: Logger
    let work = WorkCounter()
    let observers = ConnectObservers()
    let timers = TimerCounter()
    let newcomers: NewcomerLine
    private let makeAdapter: AdapterFactory
    private let admission: (@Sendable (EngineHandshake) -> Admission)?
    private let registry = Mutex(Registry())

    private struct Registry {
        var namespaces: [String: Namespace] = [:]
        /// In the order of registration: the first that matches creates the child.
        var templates: [NamespaceTemplate] = []
        /// CONNECTs under way to namespaces that go away when they are empty: until they are decided, these stay.
        var arrivals: [String: Int] = [:]

        mutating func arrive(at namespace: Namespace) -> Namespace {
            if namespace.isTransient { self.arrivals[namespace.name, default: 0] += 1 }
            return namespace
        }
    }

    /// - Parameters:
    ///   - adapter: makes the adapter of each namespace; nil for a single server.
    ///   - admission: decides on handshakes before anything is allocated for them; nil admits all.
    package init(
        configuration: SocketServerConfiguration = SocketServerConfiguration(), logger: Logger,
        adapter: AdapterFactory? = nil, admission: (@Sendable (EngineHandshake) -> Admission)? = nil
    ) {
        self.configuration = configuration
        self.logger = logger
        self.newcomers = NewcomerLine(capacity: configuration.maxNewcomers)
        self.makeAdapter = adapter ?? { LocalAdapter($0) }
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

    /// Namespaces that come into being when a client asks for a name that matches.
    ///
    /// - Returns: a template. What is registered on it holds for each namespace that is made from it afterwards; it has
    ///   no sockets of its own.
    package func namespaces(matching matches: @escaping @Sendable (String) -> Bool) -> Namespace {
        self.addTemplate(.name(matches))
    }

    /// Namespaces that come into being when a client asks for a name that the pattern matches as a whole.
    ///
    /// Names come from strangers: a pattern that backtracks without end is theirs to run.
    package func namespaces(matching pattern: sending Regex<Substring>) -> Namespace {
        let pattern = Mutex(pattern)
        return self.addTemplate(.name { name in pattern.withLock { (try? $0.wholeMatch(in: name)) != nil } })
    }

    /// Namespaces that come into being when a client asks for a name and `decide` says yes, possibly after a while.
    ///
    /// - Parameter decide: is given the name and what the client sent with its CONNECT.
    package func namespaces(
        decidedBy decide: @escaping @Sendable (_ name: String, _ auth: JSONValue) async -> Bool
    ) -> Namespace {
        self.addTemplate(.nameAndAuth(decide))
    }

    private func addTemplate(_ rule: NamespaceTemplate.Rule) -> Namespace {
        let template = self.makeNamespace("")
        self.registry.withLock { $0.templates.append(NamespaceTemplate(rule: rule, namespace: template)) }
        return template
    }

    /// All namespaces that exist now.
    package var namespaces: [Namespace] {
        self.registry.withLock { Array($0.namespaces.values) }
    }

    /// Handlers and middleware at work: 0 when an orderly end need not wait.
    package var runningHandlers: Int { self.work.count }

    /// Timers that wait for a CONNECT, for attachments or for answers: 0 where nothing of these is awaited.
    package var pendingTimers: Int { self.timers.count }

    // MARK: Finding a namespace

    /// What is known of a name that a client asked for. Whoever is given a namespace says ``arrived(at:)`` once.
    enum Resolution {
        case found(Namespace)
        case unknown
        /// These templates must be asked, which may take a while.
        case undecided(ArraySlice<NamespaceTemplate>)
    }

    /// The namespace that a client asked for; exact names first, then the templates in order.
    func resolve(_ name: String) -> Resolution {
        let (existing, templates) = self.registry.withLock { registry in
            (registry.namespaces[name].map { registry.arrive(at: $0) }, registry.templates)
        }
        if let existing { return .found(existing) }
        for (index, template) in templates.enumerated() {
            switch template.rule {
            case .name(let matches):
                if matches(name) { return .found(self.child(name, of: template)) }
            case .nameAndAuth:
                return .undecided(templates[index...])
            }
        }
        return .unknown
    }

    /// Asks templates in order; nil when none wants the name.
    func resolve(
        _ name: String, auth: JSONValue, asking templates: ArraySlice<NamespaceTemplate>
    ) async -> Namespace? {
        for template in templates {
            let isWanted =
                switch template.rule {
                case .name(let matches): matches(name)
                case .nameAndAuth(let decide): await decide(name, auth)
                }
            if isWanted { return self.child(name, of: template) }
        }
        return nil
    }

    private func child(_ name: String, of template: NamespaceTemplate) -> Namespace {
        self.registry.withLock { registry -> Namespace in
            if let existing = registry.namespaces[name] { return registry.arrive(at: existing) }
            let child = self.makeNamespace(name, template: template.namespace)
            registry.namespaces[name] = child
            return registry.arrive(at: child)
        }
    }

    /// A CONNECT to this namespace was decided: its socket is in, or will never be.
    func arrived(at namespace: Namespace) {
        guard namespace.isTransient else { return }
        self.registry.withLock { registry in
            guard let count = registry.arrivals[namespace.name] else { return }
            registry.arrivals[namespace.name] = count > 1 ? count - 1 : nil
        }
        namespace.socketLeft()
    }

    private func makeNamespace(_ name: String, template: Namespace? = nil) -> Namespace {
        var onEmpty: (@Sendable (Namespace) -> Void)?
        if template != nil, self.configuration.cleanupEmptyChildNamespaces {
            onEmpty = { [weak self] in self?.removeIfEmpty($0) }
        }
        let host = NamespaceHost(name: name, codec: self.configuration.codec, timers: self.timers)
        let context = AdapterContext<Socket>(
            namespace: name, codec: self.configuration.codec, host: host, recovery: self.configuration.recovery)
        return Namespace(
            name: name, adapter: self.makeAdapter(context), host: host, configuration: self.configuration,
            logger: self.logger, work: self.work, table: template?.handlers, onEmpty: onEmpty)
    }

    private func removeIfEmpty(_ namespace: Namespace) {
        let isRemoved = self.registry.withLock { registry in
            // Who is on the way in would find itself in a namespace that nobody else can find.
            guard registry.namespaces[namespace.name] === namespace, registry.arrivals[namespace.name] == nil,
                namespace.socketCount == 0
            else { return false }
            registry.namespaces[namespace.name] = nil
            return true
        }
        if isRemoved { namespace.adapter.close() }
    }

    // MARK: EngineHandler

    package func admit(_ handshake: EngineHandshake) -> Admission {
        self.admission?(handshake) ?? .accept
    }

    package func refused(_ error: ConnectionError) { self.observers.tell(error) }

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
