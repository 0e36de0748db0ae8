package import SocketIO

/// Thrown by middleware: the client gets CONNECT_ERROR with this message and does not come back by itself.
package struct ConnectRefusal: Error, Sendable, Hashable {
    package var message: String
    /// What a client finds as `error.data`.
    package var data: JSONValue?

    package init(message: String, data: JSONValue? = nil) {
        self.message = message
        self.data = data
    }
}

/// Thrown by middleware that cannot decide: the transport is closed without CONNECT_ERROR, so that the client comes
/// back. Every error that is no ``ConnectRefusal`` is treated like this one.
package struct ConnectAbort: Error, Sendable, Hashable {
    package init() {}
}
