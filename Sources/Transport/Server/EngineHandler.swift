package import EngineIO

/// The layer above Engine.IO, told of everything that concerns a session on that session's home event loop.
///
/// The calls are synchronous and on the hot path: an implementation that has slow work to do starts it elsewhere and
/// returns. `opened` comes first and once, `closed` last and once; `received` only between them.
package protocol EngineHandler: AnyObject, Sendable {
    /// Decides whether a handshake may become a session; called before anything is allocated for it, on any loop.
    ///
    /// Requests of existing sessions are not asked about again.
    func admit(_ handshake: EngineHandshake) -> Admission

    /// A handshake that was admitted comes to nothing: its peer left before the session began. Every other one that was
    /// admitted is ``opened(_:)``. On any loop.
    func abandoned(_ handshake: EngineHandshake)

    /// A request was refused: one that should have become a session, or one of a session that is over or that breaks its
    /// rules. On any loop; the client's answer is independent of it.
    func refused(_ error: ConnectionError)

    /// A session exists; its handshake answer is on the way and messages may be sent.
    func opened(_ connection: EngineConnection)

    /// A message arrived. `connection.pauseReading()` holds the ones after it back.
    func received(_ message: EngineMessage, on connection: EngineConnection)

    /// The session is over; nothing that is sent any more is delivered.
    func closed(_ connection: EngineConnection, reason: CloseReason)

    /// A transport that was behind (``EngineConnection/isCongested``) has caught up.
    func drained(_ connection: EngineConnection)
}

extension EngineHandler {
    package func admit(_ handshake: EngineHandshake) -> Admission { .accept }
    package func abandoned(_ handshake: EngineHandshake) {}
    package func refused(_ error: ConnectionError) {}
    package func drained(_ connection: EngineConnection) {}
}

/// The answer to a handshake.
package enum Admission: Sendable, Equatable {
    case accept
    case reject(Rejection)
}

/// How a handshake is refused.
package struct Rejection: Sendable, Equatable {
    /// HTTP status, of polling handshakes and of refused WebSocket upgrades alike.
    package var status: Int
    /// Replaces the standard text of code 4; nil leaves `Forbidden`.
    package var message: String?
    /// Seconds for the header `Retry-After`.
    package var retryAfter: Int?

    package init(status: Int = 403, message: String? = nil, retryAfter: Int? = nil) {
        self.status = status
        self.message = message
        self.retryAfter = retryAfter
    }
}
