/// Why bytes are no Engine.IO packet or payload. All of them close the session as `parse error`.
package enum PacketError: Error, Sendable, Equatable, CaseIterable {
    /// No type character.
    case empty
    /// A first character that is no type.
    case unknownType
    /// `b` with text that is not padded standard base64.
    case invalidBase64
    /// A payload that is not UTF-8.
    case invalidUTF8
    /// More packets than one payload may hold.
    case tooManyPackets
    /// Revision 3: a packet's length is no number, missing, or does not fit what follows.
    case invalidLength
}
