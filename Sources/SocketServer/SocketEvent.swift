package import SocketIO

/// An event that a client sent.
package struct SocketEvent: Sendable {
    package let name: String
    /// As bytes; decode what is needed, or send it on as it is.
    package let arguments: EventArguments
    /// Nil where the client wants no answer.
    package let ack: Acknowledgement?
}
