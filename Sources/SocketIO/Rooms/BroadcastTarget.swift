/// Who a broadcast is for.
package struct BroadcastTarget: Sendable, Hashable {
    /// The union of these rooms; empty means the whole namespace. Every socket is in the room of its own id.
    package var rooms: [String]
    /// Members of these rooms get nothing.
    package var except: [String]

    package init(rooms: [String] = [], except: [String] = []) {
        self.rooms = rooms
        self.except = except
    }
}

/// How a broadcast is sent.
package struct BroadcastFlags: Sendable, Hashable {
    /// Drop it for sockets whose transport is not writable at that moment.
    package var volatile = false
    /// Drop it for sockets for which so much waits at that moment that they are behind.
    package var dispensable = false
    /// Keep it on this server.
    package var local = false
    /// Whether transports may compress it, where compression is on.
    package var compress = true

    package init(volatile: Bool = false, dispensable: Bool = false, local: Bool = false, compress: Bool = true) {
        self.volatile = volatile
        self.dispensable = dispensable
        self.local = local
        self.compress = compress
    }

    /// Whether a socket may be left out: what it never was sent, nobody brings it later.
    package var mayBeDropped: Bool { self.volatile || self.dispensable }
}
