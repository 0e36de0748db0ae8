internal import NIOCore

/// The header of a WebSocket frame: RFC 6455, section 5.2.
struct WebSocketFrameHeader: Equatable {
    /// The longest header that a server writes: no mask.
    static let maximumServerLength = 10

    var opcode: WebSocketOpcode
    var isFinal: Bool
    /// RSV1: the message that this frame begins is compressed.
    var isCompressed = false
    /// The size of the payload in bytes.
    var length: Int
    /// The masking key in the order of the wire, first byte in the lowest bits.
    var mask: UInt32
}

extension ByteBuffer {
    /// Appends an unmasked, unfragmented frame in one go.
    ///
    /// - Parameters:
    ///   - type: the byte that goes in front of the payload, where an engine packet has one.
    ///   - isCompressed: whether the payload is, which RSV1 says.
    mutating func writeFrame(
        _ opcode: WebSocketOpcode, type: UInt8? = nil, isCompressed: Bool = false, payload: ByteBuffer
    ) {
        let length = payload.readableBytes + (type == nil ? 0 : 1)
        writeWithOutputRawSpan(minimumWritableBytes: WebSocketFrameHeader.maximumServerLength + length) { output in
            output.append((isCompressed ? 0xC0 : 0x80) | opcode.rawValue, as: UInt8.self)
            switch length {
            case ...125:
                output.append(UInt8(truncatingIfNeeded: length), as: UInt8.self)
            case ...0xFFFF:
                output.append(126, as: UInt8.self)
                output.append(UInt16(truncatingIfNeeded: length).bigEndian, as: UInt16.self)
            default:
                output.append(127, as: UInt8.self)
                output.append(UInt64(truncatingIfNeeded: length).bigEndian, as: UInt64.self)
            }
            if let type { output.append(type, as: UInt8.self) }
            let source = payload.readableBytesSpan
            guard source.byteCount > 0 else { return }
            output.withUnsafeMutableBytes { memory, count in
                source.withUnsafeBytes { source in
                    UnsafeMutableRawBufferPointer(rebasing: memory[count...]).copyMemory(from: source)
                }
                count += source.byteCount
            }
        }
    }
}
