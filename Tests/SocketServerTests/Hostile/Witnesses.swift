import EngineIO
import SocketServer
import Synchronization
import Transport

/// Sees whether sockets and sessions are let go of once they are over.
final class Witnesses: Sendable {
    private struct Witness {
        weak var object: AnyObject?
    }

    private struct State {
        var sockets: [Witness] = []
        var sessions: [Witness] = []
    }

    private let state = Mutex(State())

    func watch(_ socket: Socket) { self.state.withLock { $0.sockets.append(Witness(object: socket)) } }
    func watch(_ session: EngineConnection) { self.state.withLock { $0.sessions.append(Witness(object: session)) } }

    var sockets: Int { self.state.withLock { state in state.sockets.count { $0.object != nil } } }
    var sessions: Int { self.state.withLock { state in state.sessions.count { $0.object != nil } } }
}

/// Stands between Engine.IO and a server, and has every session watched.
final class SessionWatch: EngineHandler {
    private let server: SocketServer
    private let witnesses: Witnesses

    init(_ server: SocketServer, _ witnesses: Witnesses) {
        self.server = server
        self.witnesses = witnesses
    }

    func admit(_ handshake: EngineHandshake) -> Admission { self.server.admit(handshake) }
    func refused(_ error: ConnectionError) { self.server.refused(error) }

    func opened(_ connection: EngineConnection) {
        self.witnesses.watch(connection)
        self.server.opened(connection)
    }

    func received(_ message: EngineMessage, on connection: EngineConnection) {
        self.server.received(message, on: connection)
    }

    func closed(_ connection: EngineConnection, reason: CloseReason) { self.server.closed(connection, reason: reason) }
    func drained(_ connection: EngineConnection) { self.server.drained(connection) }
}
