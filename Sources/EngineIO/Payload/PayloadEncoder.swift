package import NIOCore

/// The body of a poll's answer.
package struct EncodedPayload: Sendable, Equatable {
    /// What the body is, for the header `Content-Type`.
    package enum Kind: Sendable, Equatable, CaseIterable {
        case text
        /// Raw bytes, only in revision 3.
        case binary
        /// A script that calls the client's function, only in revision 3.
        case script
    }

    package let body: ByteBuffer
    package let kind: Kind

    package init(body: ByteBuffer, kind: Kind) {
        self.body = body
        self.kind = kind
    }
}

/// Joins packets to the body of a poll's answer; the forms are those of ``PayloadDecoder``.
package enum PayloadEncoder {
    /// The body with the given packets, which the caller has counted.
    package static func encode(_ packets: [EnginePacket], form: WireForm) -> EncodedPayload {
        switch form.revision {
        case .v4:
            return EncodedPayload(body: separated(packets), kind: .text)
        case .v3:
            if form.sendsBinaryPayloads, packets.contains(where: \.asksForBytes) {
                return EncodedPayload(body: binary(packets), kind: .binary)
            }
            let body = counted(packets)
            guard let callback = form.callback else { return EncodedPayload(body: body, kind: .text) }
            return EncodedPayload(body: ScriptForm.script(calling: callback, with: body), kind: .script)
        }
    }

    private static func separated(_ packets: [EnginePacket]) -> ByteBuffer {
        var body = ByteBufferAllocator().buffer(
            capacity: packets.reduce(packets.count) { $0 + $1.textLength(.v4) })
        var isFirst = true
        for packet in packets {
            if !isFirst { body.writeInteger(PayloadDecoder.separator) }
            isFirst = false
            packet.writeText(into: &body, revision: .v4)
        }
        return body
    }

    private static func counted(_ packets: [EnginePacket]) -> ByteBuffer {
        var body = ByteBufferAllocator().buffer(
            capacity: packets.reduce(packets.count * 8) { $0 + $1.textLength(.v3) })
        for packet in packets {
            body.writeString("\(packet.utf16Length):")
            packet.writeText(into: &body, revision: .v3)
        }
        return body
    }

    private static func binary(_ packets: [EnginePacket]) -> ByteBuffer {
        var body = ByteBufferAllocator().buffer(
            capacity: packets.reduce(packets.count * 8) { $0 + $1.textLength(.v3) })
        for packet in packets {
            switch packet {
            case .message(.binary(let data)):
                body.writeInteger(1 as UInt8)
                writeLength(1 + data.readableBytes, into: &body)
                body.writeInteger(EnginePacket.binaryMessage)
                body.writeImmutableBuffer(data)
            case .message(.text), .open, .close, .ping, .pong, .upgrade, .noop:
                body.writeInteger(0 as UInt8)
                writeLength(packet.textLength(.v3), into: &body)
                packet.writeText(into: &body, revision: .v3)
            }
        }
        return body
    }

    /// Decimal digits as bytes 0...9, and the byte that ends them.
    private static func writeLength(_ length: Int, into body: inout ByteBuffer) {
        body.writeBytes(String(length).utf8.lazy.map { $0 - 0x30 })
        body.writeInteger(PayloadDecoder.lengthEnd)
    }
}

extension EnginePacket {
    /// Whether revision 3 sends this as bytes to clients that take them: binary, and text with characters above U+FFFF,
    /// whose length python-engineio counts otherwise than JavaScript does.
    fileprivate var asksForBytes: Bool {
        switch self {
        case .message(.binary): true
        case .message(.text(let data)): data.readableBytesView.contains { $0 >= 0xF0 }
        case .open, .close, .ping, .pong, .upgrade, .noop: false
        }
    }

    /// UTF-16 code units of the text form in revision 3.
    fileprivate var utf16Length: Int {
        switch self {
        case .message(.text(let data)), .open(let data): 1 + data.utf16Length
        case .message(.binary), .close, .ping, .pong, .upgrade, .noop: textLength(.v3)
        }
    }
}
