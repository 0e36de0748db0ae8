internal import NIOCore

/// The header of a WebSocket frame: RFC 6455, section 5.2.
struct WebSocketFrameHeader: Equatable {
    /// The longest header that a server writes: no mask.
    static let maximumServerLength = 10
    /// The longest header that a client may send.
    static let maximumClientLength = 14

    var opcode: WebSocketOpcode
    var isFinal: Bool
    /// The size of the payload in bytes.
    var length: Int
    /// The masking key in the order of the wire, first byte in the lowest bits.
    var mask: UInt32

    /// Appends the header of an unmasked, unfragmented frame.
    static func write(opcode: WebSocketOpcode, length: Int, into buffer: inout ByteBuffer) {
        let first = 0x80 | opcode.rawValue
        switch length {
        case ...125:
            buffer.writeMultipleIntegers(first, UInt8(truncatingIfNeeded: length))
        case ...0xFFFF:
            buffer.writeMultipleIntegers(first, UInt8(126), UInt16(truncatingIfNeeded: length))
        default:
            buffer.writeMultipleIntegers(first, UInt8(127), UInt64(truncatingIfNeeded: length))
        }
    }
}
