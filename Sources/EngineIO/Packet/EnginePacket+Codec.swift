package import NIOCore

// The text form of a packet: one type character and data. It is a whole WebSocket text frame or one part of a polling
// payload. The revisions differ only in binary: `b…` and bare bytes in revision 4, `b4…` and a leading byte 04 in 3.

extension EnginePacket {
    /// Reads a packet from its text form, which the caller has checked to be UTF-8.
    package init(text: ByteBuffer, revision: Revision) throws(PacketError) {
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
            if revision == .v3 {
                guard data.readInteger(as: UInt8.self) == UInt8(ascii: "4") else { throw .unknownType }
            }
            guard let bytes = Base64.decode(data) else { throw .invalidBase64 }
            self = .message(.binary(bytes))
        default: throw .unknownType
        }
    }

    /// Reads a packet from a binary WebSocket frame or a binary part of a payload: always a message.
    package init(binary: ByteBuffer, revision: Revision) throws(PacketError) {
        var data = binary
        if revision == .v3 {
            guard let type = data.readInteger(as: UInt8.self) else { throw .empty }
            guard type == Self.binaryMessage else { throw .unknownType }
        }
        self = .message(.binary(data))
    }

    /// Appends the text form; binary data becomes base64 behind `b` or `b4`.
    package func writeText(into buffer: inout ByteBuffer, revision: Revision) {
        switch self {
        case .message(.text(let data)):
            buffer.writeInteger(UInt8(ascii: "4"))
            buffer.writeImmutableBuffer(data)
        case .message(.binary(let data)):
            buffer.writeInteger(UInt8(ascii: "b"))
            if revision == .v3 { buffer.writeInteger(UInt8(ascii: "4")) }
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
    package func textLength(_ revision: Revision) -> Int {
        switch self {
        case .message(.text(let data)), .open(let data): 1 + data.readableBytes
        case .message(.binary(let data)):
            (revision == .v3 ? 2 : 1) + Base64.encodedLength(data.readableBytes)
        case .ping(probe: true), .pong(probe: true): 1 + Self.probe.utf8CodeUnitCount
        case .ping, .pong, .close, .upgrade, .noop: 1
        }
    }

    /// The type of a message as revision 3 puts it in front of bytes.
    package static let binaryMessage: UInt8 = 4

    fileprivate static let probe: StaticString = "probe"
}

extension ByteBuffer {
    fileprivate var isProbe: Bool {
        readableBytes == 5 && readableBytesView.elementsEqual("probe".utf8)
    }
}
