package import NIOCore

/// A packet as it goes out: one text message, then its attachments.
///
/// Encoded once per packet, however many receivers it has.
package struct EncodedPacket: Sendable, Hashable {
    /// Empty where the codec knows only binary messages: a text message never is.
    package var text: ByteBuffer
    package var attachments: [ByteBuffer]

    package init(text: ByteBuffer, attachments: [ByteBuffer] = []) {
        self.text = text
        self.attachments = attachments
    }

    /// A packet that is one binary message.
    package init(binary: ByteBuffer) {
        self.init(text: ByteBuffer(), attachments: [binary])
    }

    /// Whether a text message comes first.
    package var hasText: Bool { self.text.readableBytes > 0 }

    /// Bytes of text and attachments.
    package var byteCount: Int {
        self.attachments.reduce(self.text.readableBytes) { $0 + $1.readableBytes }
    }
}

/// Writes the text form of packets: `<type>[<n>-][<namespace>,][<id>][<json>]`.
package enum PacketEncoder {
    /// `2…` or, with attachments, `5…`.
    package static func event(
        _ name: String, _ arguments: EventArguments, id: UInt64? = nil, namespace: String = "/",
        allocator: ByteBufferAllocator = ByteBufferAllocator()
    ) -> EncodedPacket {
        var writer = JSONWriter(into: self.buffer(name.utf8.count, arguments, namespace, allocator))
        self.writeHeader(
            arguments.attachments.isEmpty ? "2" : "5", arguments, id: id, namespace: namespace, into: &writer.buffer)
        writer.buffer.writeInteger(UInt8(ascii: "["))
        writer.write(name)
        if !arguments.isEmpty {
            writer.buffer.writeInteger(UInt8(ascii: ","))
            writer.buffer.writeImmutableBuffer(arguments.json)
        }
        writer.buffer.writeInteger(UInt8(ascii: "]"))
        return EncodedPacket(text: writer.buffer, attachments: arguments.attachments)
    }

    /// `3…` or, with attachments, `6…`.
    package static func ack(
        _ id: UInt64, _ arguments: EventArguments, namespace: String = "/",
        allocator: ByteBufferAllocator = ByteBufferAllocator()
    ) -> EncodedPacket {
        var buffer = self.buffer(0, arguments, namespace, allocator)
        self.writeHeader(
            arguments.attachments.isEmpty ? "3" : "6", arguments, id: id, namespace: namespace, into: &buffer)
        buffer.writeInteger(UInt8(ascii: "["))
        buffer.writeImmutableBuffer(arguments.json)
        buffer.writeInteger(UInt8(ascii: "]"))
        return EncodedPacket(text: buffer, attachments: arguments.attachments)
    }

    /// The answer to a CONNECT that was accepted: `0{"sid":"…"}`, with `pid` where sessions are recovered, or a bare `0` in
    /// the older dialect.
    package static func connect(
        sid: String, pid: String? = nil, namespace: String = "/", dialect: Dialect = .revision5
    ) -> EncodedPacket {
        var writer = JSONWriter()
        writer.buffer.writeStaticString("0")
        self.writeNamespace(namespace, into: &writer.buffer)
        if dialect == .revision5 { writer.write(.object(self.connectPayload(sid: sid, pid: pid))) }
        return EncodedPacket(text: writer.buffer)
    }

    /// What a client is told of itself.
    static func connectPayload(sid: String, pid: String?) -> JSONObject {
        var payload: JSONObject = ["sid": .string(sid)]
        payload["pid"] = pid.map(JSONValue.string)
        return payload
    }

    /// The answer to a CONNECT that was refused: `4{"message":"…","data":…}`, or in the older dialect `4` and the data,
    /// where there is none the message.
    package static func connectError(
        message: String, data: JSONValue? = nil, namespace: String = "/", dialect: Dialect = .revision5
    ) -> EncodedPacket {
        var writer = JSONWriter()
        writer.buffer.writeStaticString("4")
        self.writeNamespace(namespace, into: &writer.buffer)
        switch dialect {
        case .revision4:
            writer.write(data ?? .string(message))
        case .revision5:
            var payload: JSONObject = ["message": .string(message)]
            payload["data"] = data
            writer.write(.object(payload))
        }
        return EncodedPacket(text: writer.buffer)
    }

    /// `1` or `1/namespace,`.
    package static func disconnect(namespace: String = "/") -> EncodedPacket {
        var buffer = ByteBuffer()
        buffer.writeStaticString("1")
        self.writeNamespace(namespace, into: &buffer)
        return EncodedPacket(text: buffer)
    }

    private static func buffer(
        _ name: Int, _ arguments: EventArguments, _ namespace: String, _ allocator: ByteBufferAllocator
    ) -> ByteBuffer {
        // Type, count, comma, id, brackets and quotes take at most 32 bytes.
        allocator.buffer(capacity: 32 + name + namespace.utf8.count + arguments.json.readableBytes)
    }

    private static func writeHeader(
        _ type: StaticString, _ arguments: EventArguments, id: UInt64?, namespace: String,
        into buffer: inout ByteBuffer
    ) {
        buffer.writeStaticString(type)
        if !arguments.attachments.isEmpty {
            self.writeDecimal(UInt64(arguments.attachments.count), into: &buffer)
            buffer.writeInteger(UInt8(ascii: "-"))
        }
        self.writeNamespace(namespace, into: &buffer)
        if let id { self.writeDecimal(id, into: &buffer) }
    }

    private static func writeNamespace(_ namespace: String, into buffer: inout ByteBuffer) {
        guard namespace != "/" else { return }
        buffer.writeString(namespace)
        buffer.writeInteger(UInt8(ascii: ","))
    }

    private static func writeDecimal(_ value: UInt64, into buffer: inout ByteBuffer) {
        if value < 10 {
            buffer.writeInteger(UInt8(ascii: "0") &+ UInt8(truncatingIfNeeded: value))
        } else {
            // Short decimals live inside the String value: no allocation.
            buffer.writeString(String(value))
        }
    }
}
