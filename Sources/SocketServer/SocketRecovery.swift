internal import SocketIO

/// What a socket of a server that recovers sessions knows of its own; other sockets have none.
final class SocketRecovery: Sendable {
    /// What the client says that it has.
    struct Claim: Sendable {
        let pid: String
        let offset: String

        /// The claim in a CONNECT's payload; nil where there is none.
        init?(_ auth: JSONValue) {
            guard let pid = auth["pid"]?.string, let offset = auth["offset"]?.string else { return nil }
            self.pid = pid
            self.offset = offset
        }
    }

    let ticket: RecoveryTicket
    /// Set where the socket goes on in the place of one that was lost.
    let claim: Claim?

    init(ticket: RecoveryTicket, claim: Claim? = nil) {
        self.ticket = ticket
        self.claim = claim
    }
}
