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
        let type = UInt8(ascii: arguments.attachments.isEmpty ? "2" : "5")
        var writer = JSONWriter(into: self.begin(type, name.utf8.count, arguments, id, namespace, allocator))
        writer.write(name)
        self.end(arguments, isFirst: false, &writer.buffer)
        return EncodedPacket(text: writer.buffer, attachments: arguments.attachments)
    }

    /// `3…` or, with attachments, `6…`.
    package static func ack(
        _ id: UInt64, _ arguments: EventArguments, namespace: String = "/",
        allocator: ByteBufferAllocator = ByteBufferAllocator()
    ) -> EncodedPacket {
        let type = UInt8(ascii: arguments.attachments.isEmpty ? "3" : "6")
        var buffer = self.begin(type, 0, arguments, id, namespace, allocator)
        self.end(arguments, isFirst: true, &buffer)
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

    /// A buffer with room for the whole packet, written up to and with the opening bracket.
    private static func begin(
        _ type: UInt8, _ nameLength: Int, _ arguments: EventArguments, _ id: UInt64?, _ namespace: String,
        _ allocator: ByteBufferAllocator
    ) -> ByteBuffer {
        // Type, count and its dash, the comma of the namespace, the id, the bracket.
        let headLength = 1 + 20 + 1 + namespace.utf8.count + 1 + 20 + 1
        // The name's quotes, its comma, the bracket.
        var buffer = allocator.buffer(capacity: headLength + nameLength + 4 + arguments.json.readableBytes)
        buffer.writeWithOutputRawSpan(minimumWritableBytes: headLength) { output in
            output.append(type)
            if !arguments.attachments.isEmpty {
                output.append(decimal: UInt64(arguments.attachments.count))
                output.append(UInt8(ascii: "-"))
            }
            if namespace != "/" {
                output.append(namespace)
                output.append(UInt8(ascii: ","))
            }
            if let id { output.append(decimal: id) }
            output.append(UInt8(ascii: "["))
        }
        return buffer
    }

    /// Appends the arguments and the closing bracket.
    private static func end(_ arguments: EventArguments, isFirst: Bool, _ buffer: inout ByteBuffer) {
        buffer.writeWithOutputRawSpan(minimumWritableBytes: arguments.json.readableBytes + 2) { output in
            if !isFirst, !arguments.isEmpty { output.append(UInt8(ascii: ",")) }
            output.append(arguments.json)
            output.append(UInt8(ascii: "]"))
        }
    }

    private static func writeNamespace(_ namespace: String, into buffer: inout ByteBuffer) {
        guard namespace != "/" else { return }
        buffer.writeString(namespace)
        buffer.writeInteger(UInt8(ascii: ","))
    }
}
