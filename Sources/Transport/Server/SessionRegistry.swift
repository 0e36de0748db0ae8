internal import EngineIO
internal import Synchronization

/// The sessions of one engine by id, so that a request finds its session's home loop.
///
/// One uncontended lock per polling request, handshake or end of a session, none per packet.
final class SessionRegistry: Sendable {
    private let sessions = Mutex<[SessionID: EngineConnection]>([:])

    func insert(_ session: EngineConnection) {
        sessions.withLock { $0[session.id] = session }
    }

    func remove(_ id: SessionID) {
        _ = sessions.withLock { $0.removeValue(forKey: id) }
    }

    subscript(id: SessionID) -> EngineConnection? {
        sessions.withLock { $0[id] }
    }

    var all: [EngineConnection] { sessions.withLock { Array($0.values) } }

    var count: Int { sessions.withLock { $0.count } }
}
