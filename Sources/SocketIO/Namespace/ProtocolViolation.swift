/// What a peer did that ends its connection.
package enum ProtocolViolation: Error, Sendable, Hashable {
    /// A packet that cannot be read.
    case badPacket(PacketError)
    /// An event, ack or DISCONNECT for a namespace that the connection never joined.
    case notConnected
    /// A second CONNECT to the same namespace.
    case alreadyConnected
    /// CONNECT_ERROR from a client.
    case unexpectedConnectError
    /// More than ``PacketLimits/namespaces``.
    case tooManyNamespaces
    /// More than ``PacketLimits/waitingPackets`` or ``PacketLimits/waitingBytes`` before the CONNECT was decided.
    case tooManyWaitingPackets

    /// What the connection's sockets are told.
    package var reason: DisconnectReason {
        switch self {
        case .badPacket:
            .forcedClose
        case .notConnected, .alreadyConnected, .unexpectedConnectError, .tooManyNamespaces, .tooManyWaitingPackets:
            .forcedServerClose
        }
    }
}
