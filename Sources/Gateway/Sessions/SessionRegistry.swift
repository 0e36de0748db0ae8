internal import Assignment
internal import SocketIO
internal import Synchronization

/// The sessions of this node.
final class SessionRegistry: Sendable {
    private let sessions = Mutex<[String: Session]>([:])

    func insert(_ session: Session) {
        self.sessions.withLock { $0[session.socket.id] = session }
    }

    func remove(_ socket: String) {
        self.sessions.withLock { $0[socket] = nil }
    }

    func contains(_ socket: String) -> Bool { self.sessions.withLock { $0[socket] != nil } }

    var all: [Session] { self.sessions.withLock { Array($0.values) } }
    var count: Int { self.sessions.withLock { $0.count } }

    /// The visitor does not want to be observed any longer, in whichever window they said so.
    func withdrawConsent(of visitor: Principal) {
        for session in self.all {
            let principal = session.principal
            guard principal.role == .visitor, principal.workspace == visitor.workspace,
                principal.subject == visitor.subject
            else { continue }
            session.hasConsented = false
        }
    }

    /// Tells sessions why they end, and ends them; only for identities that are revoked or expired.
    func kick(_ code: RefusalCode, where condition: (Principal) -> Bool) {
        for session in self.all where condition(session.principal) { session.kick(code) }
    }
}

extension Session {
    /// `session:kicked`, then `41`.
    func kick(_ code: RefusalCode) {
        self.socket.emit("session:kicked", JSONValue.object(["code": .word(code)]).encoded())
        self.socket.kick()
    }
}
