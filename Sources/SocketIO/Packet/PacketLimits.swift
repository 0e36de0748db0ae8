package import NIOCore

/// What one peer may make us hold.
package struct PacketLimits: Sendable, Hashable {
    /// Bytes of a namespace's name.
    package var namespaceLength = 255
    /// Bytes of a query behind it, which only ``Dialect/revision4`` has; the other dialect ignores this limit.
    package var queryLength = 8192
    /// Bytes of an event's name as it stands on the wire, quotes included.
    package var nameLength = 258
    /// Attachments of one packet; 10 in the official parser since 4.2.6.
    package var attachments = 10
    /// Bytes of all attachments of one packet.
    package var attachmentBytes = 10_000_000
    /// Binary values of one packet in the MessagePack form, where each costs the sender two bytes.
    package var inlineBinaries = 256
    /// From a binary packet's header to its last attachment.
    package var reassemblyTime: TimeAmount = .seconds(10)
    /// Namespaces of one connection, those that are being joined included.
    package var namespaces = 16
    /// Packets that wait for one namespace's asynchronous middleware.
    package var waitingPackets = 16
    /// Bytes of those packets.
    package var waitingBytes = 65_536

    package init() {}
}
