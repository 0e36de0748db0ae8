import Synchronization

/// The clients and sessions that an attack brought along.
final class Guests: Sendable {
    private let state = Mutex((clients: [RawClient](), sessions: [String]()))

    func add(_ client: RawClient) { state.withLock { $0.clients.append(client) } }
    func add(_ session: String) { state.withLock { $0.sessions.append(session) } }

    var clients: [RawClient] { state.withLock { $0.clients } }
    var sessions: [String] { state.withLock { $0.sessions } }
}
