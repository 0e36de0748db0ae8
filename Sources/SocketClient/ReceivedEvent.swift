package import SocketIO

/// An event that the server emitted.
package struct ReceivedEvent: Sendable, Equatable {
    package var name: String
    package var arguments: [JSONValue]
    /// Set where the server waits for an answer; see ``SocketClientConnection/acknowledge(_:_:)``.
    package var ackID: UInt64?

    package init(name: String, arguments: [JSONValue], ackID: UInt64?) {
        self.name = name
        self.arguments = arguments
        self.ackID = ackID
    }

    /// The first argument, null when there is none: events of this gateway have one object.
    package var payload: JSONValue { self.arguments.first ?? .null }
}
