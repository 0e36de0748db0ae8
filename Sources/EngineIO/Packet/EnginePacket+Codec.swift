package import NIOCore

// The text form of a packet, revision 4: one type character and data. It is a whole WebSocket text frame or one part
// of a polling payload. Revision 3 differs only in binary (`b4…`, a leading byte 04), which its codec will add.

extension EnginePacket {
    /// Reads a packet from its text form, which the caller has checked to be UTF-8.
    package init(text: ByteBuffer) throws(PacketError) {
        var data = text
        guard let type = data.readInteger(as: UInt8.self) else { throw .empty }
        switch type {
        case UInt8(ascii: "4"): self = .message(.text(data))
        case UInt8(ascii: "0"): self = .open(data)
        case UInt8(ascii: "1"): self = .close
        case UInt8(ascii: "2"): self = .ping(probe: data.isProbe)
        case UInt8(ascii: "3"): self = .pong(probe: data.isProbe)
        case UInt8(ascii: "5"): self = .upgrade
        case UInt8(ascii: "6"): self = .noop
        case UInt8(ascii: "b"):
            guard let bytes = Base64.decode(data) else { throw .invalidBase64 }
            self = .message(.binary(bytes))
        default: throw .unknownType
        }
    }

    /// Appends the text form; binary data becomes `b` and base64.
    package func writeText(into buffer: inout ByteBuffer) {
        switch self {
        case .message(.text(let data)):
            buffer.writeInteger(UInt8(ascii: "4"))
            buffer.writeImmutableBuffer(data)
        case .message(.binary(let data)):
            buffer.writeInteger(UInt8(ascii: "b"))
            Base64.encode(data, into: &buffer)
        case .open(let data):
            buffer.writeInteger(UInt8(ascii: "0"))
            buffer.writeImmutableBuffer(data)
        case .close: buffer.writeInteger(UInt8(ascii: "1"))
        case .ping(let probe):
            buffer.writeInteger(UInt8(ascii: "2"))
            if probe { buffer.writeStaticString(Self.probe) }
        case .pong(let probe):
            buffer.writeInteger(UInt8(ascii: "3"))
            if probe { buffer.writeStaticString(Self.probe) }
        case .upgrade: buffer.writeInteger(UInt8(ascii: "5"))
        case .noop: buffer.writeInteger(UInt8(ascii: "6"))
        }
    }

    /// Bytes of the text form.
    package var textLength: Int {
        switch self {
        case .message(.text(let data)), .open(let data): 1 + data.readableBytes
        case .message(.binary(let data)): 1 + Base64.encodedLength(data.readableBytes)
        case .ping(probe: true), .pong(probe: true): 1 + Self.probe.utf8CodeUnitCount
        case .ping, .pong, .close, .upgrade, .noop: 1
        }
    }

    fileprivate static let probe: StaticString = "probe"
}

extension ByteBuffer {
    fileprivate var isProbe: Bool {
        readableBytes == 5 && readableBytesView.elementsEqual("probe".utf8)
    }
}
