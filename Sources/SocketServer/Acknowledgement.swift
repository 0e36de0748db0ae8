package import SocketIO
internal import Synchronization

/// The answer that a client asked for with an event. Only the first one is sent.
package final class Acknowledgement: Sendable {
    private let socket: Socket
    private let id: UInt64
    private let isSent = Atomic(false)

    init(socket: Socket, id: UInt64) {
        self.socket = socket
        self.id = id
    }

    /// Sends the answer, from any thread.
    package func send(_ arguments: EventArguments) {
        guard !self.isSent.exchange(true, ordering: .relaxed) else { return }
        self.socket.send(self.socket.namespace.codec.ack(self.id, arguments, namespace: self.socket.namespace.name))
    }

    /// Sends the answer, from any thread.
    package func callAsFunction(_ values: JSONValue...) {
        self.send(EventArguments(values))
    }
}

/// Why an answer to one of our events did not come.
package enum AckError: String, Error, Sendable, Hashable {
    case timeout = "operation has timed out"
    case disconnected = "socket has been disconnected"
    /// The event was not sent: its name is one of ``SocketPacket/reservedNames``.
    case reservedName = "the event's name is reserved"
}
