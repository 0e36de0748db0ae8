package import NIOCore

/// A complete Socket.IO packet (protocol revision 5, section "Packet encoding"), attachments joined.
///
/// Binary events and acks are events and acks with attachments. Arguments stay bytes until somebody reads them.
package struct SocketPacket: Sendable, Hashable {
    package enum Kind: Sendable, Hashable {
        case connect
        case disconnect
        case event
        case ack
        case connectError
    }

    package var kind: Kind
    /// `/` or a name that starts with `/`.
    package var namespace: String
    /// The ack id: on an event it asks for an answer, on an ack it says which event is answered.
    package var id: UInt64?
    /// The event's name; a numeric name is kept as its text. Empty for every other kind.
    package var name: String
    /// The arguments of an event (without its name) or of an ack.
    package var arguments: EventArguments
    /// The JSON object of a CONNECT or CONNECT_ERROR; empty when there is none.
    package var data: ByteBuffer

    package init(
        _ kind: Kind, namespace: String = "/", id: UInt64? = nil, name: String = "",
        arguments: EventArguments = EventArguments(), data: ByteBuffer = ByteBuffer()
    ) {
        self.kind = kind
        self.namespace = namespace
        self.id = id
        self.name = name
        self.arguments = arguments
        self.data = data
    }

    /// The largest ack id: what a JavaScript client can count without rounding, 2^53 - 1.
    package static let maximumID: UInt64 = 9_007_199_254_740_991

    /// Names that the protocol's implementations use for themselves; refused from clients and never emitted.
    package static let reservedNames: Set<String> = [
        "connect", "connect_error", "disconnect", "disconnecting", "newListener", "removeListener",
    ]

    /// Whether a name is one of those; the first letter tells for most that it is not.
    package static func isReserved(_ name: String) -> Bool {
        switch name.utf8.first {
        case UInt8(ascii: "c"), UInt8(ascii: "d"), UInt8(ascii: "n"), UInt8(ascii: "r"):
            self.reservedNames.contains(name)
        default: false
        }
    }
}
