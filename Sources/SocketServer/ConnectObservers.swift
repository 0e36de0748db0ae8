internal import Synchronization
package import Transport

/// A CONNECT to a namespace that did not become a socket.
package struct RefusedConnect: Sendable {
    /// The namespace that the client asked for; whether it exists is another question.
    package let namespace: String
    /// The request that started the connection.
    package let handshake: EngineHandshake
    package let reason: Reason

    package enum Reason: Sendable {
        /// No namespace has this name, and no template wants it. The client is told `Invalid namespace`.
        case unknownNamespace
        /// A middleware said no; the client is told what it threw.
        case refused(ConnectRefusal)
        /// A middleware could not decide (``ConnectAbort``), or failed: the transport is closed.
        case failed(any Error)
    }
}

/// Who wants to know of connections that did not come about. Nobody does unless something is registered.
final class ConnectObservers: Sendable {
    private struct State {
        var errors: [@Sendable (ConnectionError) -> Void] = []
        var refusals: [@Sendable (RefusedConnect) -> Void] = []
    }

    private let state = Mutex(State())

    func add(_ observer: @escaping @Sendable (ConnectionError) -> Void) {
        self.state.withLock { $0.errors.append(observer) }
    }

    func add(_ observer: @escaping @Sendable (RefusedConnect) -> Void) {
        self.state.withLock { $0.refusals.append(observer) }
    }

    func tell(_ error: ConnectionError) {
        for observer in self.state.withLock({ $0.errors }) { observer(error) }
    }

    func tell(_ refused: RefusedConnect) {
        for observer in self.state.withLock({ $0.refusals }) { observer(refused) }
    }
}

extension SocketServer {
    /// Adds what is told of every request that the engine refused: an unknown transport or session, a bad method, a broken
    /// handshake, a client that admission does not want, another protocol version. The Node server's `connection_error`.
    ///
    /// Runs at once on some event loop, so that it must not block. Strangers decide how often.
    @discardableResult
    package func onConnectionError(_ observer: @escaping @Sendable (ConnectionError) -> Void) -> Self {
        self.observers.add(observer)
        return self
    }

    /// Adds what is told of every CONNECT that was refused: by an unknown namespace, or by a middleware.
    ///
    /// Runs at once on the connection's event loop, so that it must not block. Strangers decide how often.
    @discardableResult
    package func onConnectRefused(_ observer: @escaping @Sendable (RefusedConnect) -> Void) -> Self {
        self.observers.add(observer)
        return self
    }
}
