internal import Assignment
internal import Synchronization

/// One authenticated socket: who it is, and what lives exactly as long as the connection.
///
/// Its events are handled one after the other (`Namespace.onAny`): a client that sends three messages without waiting for acks
/// gets them numbered in that order.
final class Session: Sendable {
    private struct State {
        var principal: Principal
        var modes: [String: JoinMode] = [:]
        var hasConsented: Bool
    }

    let socket: any ClientSocket
    private let state: Mutex<State>

    init(principal: Principal, socket: any ClientSocket, hasConsented: Bool = false) {
        self.socket = socket
        self.state = Mutex(State(principal: principal, hasConsented: hasConsented))
    }

    var principal: Principal { self.state.withLock { $0.principal } }

    /// The same identity with a later expiry, after `session:refresh`.
    func renew(_ principal: Principal) {
        self.state.withLock { $0.principal = principal }
    }

    /// Whether the visitor lets their actions be observed.
    var hasConsented: Bool {
        get { self.state.withLock { $0.hasConsented } }
        set { self.state.withLock { $0.hasConsented = newValue } }
    }

    /// How this socket joined a chat; nil where it did not.
    func mode(in chat: String) -> JoinMode? {
        self.state.withLock { $0.modes[chat] }
    }

    func setMode(_ mode: JoinMode?, in chat: String) {
        self.state.withLock { $0.modes[chat] = mode }
    }

    /// The chats that this socket joined, with how.
    var modes: [String: JoinMode] { self.state.withLock { $0.modes } }
}
