package import NIOCore

/// How long, and how much of it, is kept for clients that lost their connection.
///
/// All bounds are per namespace. Beyond them the oldest goes first, and whoever would have needed it starts afresh.
package struct RecoveryConfiguration: Sendable, Hashable {
    /// From the loss of the connection to the end of the session. Default 2 minutes.
    package var maxDisconnectionDuration: TimeAmount = .seconds(120)
    /// Whether a recovered client passes without middleware. Default true.
    package var skipMiddlewares = true
    /// Events kept. Default 10,000.
    package var maxPackets = 10_000
    /// Bytes of these events, with what it takes to keep them. Default 16 MiB.
    package var maxBytes = 16 << 20
    /// Sessions without connection kept. Default 10,000.
    package var maxSessions = 10_000

    package init() {}
}

/// What a socket needs in order to be recovered later.
package struct RecoveryTicket: Sendable, Hashable {
    /// The session's private id: whoever knows it may take the session over.
    package let pid: String
    /// The number of the first event that can have been for this session: earlier ones are none of its business.
    let since: UInt64

    init(pid: String, since: UInt64) {
        self.pid = pid
        self.since = since
    }
}

/// A session whose connection was lost.
package struct RecoverableSession: Sendable {
    package let sid: String
    package let ticket: RecoveryTicket
    package let rooms: [String]
    /// What the application remembers of the client.
    package let data: (any AnyObject & Sendable)?

    package init(sid: String, ticket: RecoveryTicket, rooms: [String], data: (any AnyObject & Sendable)?) {
        self.sid = sid
        self.ticket = ticket
        self.rooms = rooms
        self.data = data
    }
}
