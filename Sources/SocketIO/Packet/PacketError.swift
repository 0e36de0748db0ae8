/// Why bytes are not a Socket.IO packet. All of them end the connection.
package enum PacketError: Error, Sendable, Hashable {
    /// An empty message, or a type that is not `0`-`6`.
    case unknownType
    /// Longer than ``PacketLimits/namespaceLength``.
    case namespaceTooLong
    /// A query behind a namespace's name that cannot be read; ``Dialect/revision4`` only.
    case invalidQuery
    /// No ASCII digits, above 2^53-1, on a packet that has none, or missing on an ack.
    case invalidID
    /// Not `n-` with n in 1...``PacketLimits/attachments``, or a placeholder that points at none of them.
    case illegalAttachments
    /// More bytes than ``PacketLimits/attachmentBytes``.
    case attachmentsTooLarge
    /// JSON of the wrong shape for the packet's type, or a name that is neither string nor number.
    case invalidPayload
    /// A name of ``SocketPacket/reservedNames``, or longer than ``PacketLimits/nameLength``.
    case invalidName
    /// Grammar or depth.
    case invalidJSON(JSONError.Code)
    /// Not the MessagePack form of a packet.
    case invalidMessagePack(MessagePackError)
    /// A text message where packets are binary.
    case textInsteadOfBinary
    /// Text while attachments are owed.
    case textInsteadOfAttachment
    /// Binary while none is owed.
    case unexpectedAttachment
    /// Attachments did not arrive in ``PacketLimits/reassemblyTime``.
    case reassemblyTimeout
}
