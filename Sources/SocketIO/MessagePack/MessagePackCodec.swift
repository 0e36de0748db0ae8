internal import NIOCore

/// Packets in the format of socket.io-msgpack-parser: one binary message each, a map `{type, nsp, data?, id?}`.
///
/// Types are 0-4 only: binary values stand inside `data`. Other members of the map are ignored.
enum MessagePackCodec {
    // MARK: Encoding

    static func event(_ name: String, _ arguments: EventArguments, id: UInt64?, namespace: String) -> EncodedPacket {
        self.encode(2, namespace: namespace, arguments: arguments, before: [.string(name)], id: id)
    }

    static func ack(_ id: UInt64, _ arguments: EventArguments, namespace: String) -> EncodedPacket {
        self.encode(3, namespace: namespace, arguments: arguments, before: [], id: id)
    }

    /// A packet with an object or with nothing.
    static func encode(_ type: Int64, namespace: String, data: JSONObject?) -> EncodedPacket {
        var writer = MessagePackWriter()
        self.writeHeader(type, namespace: namespace, members: data == nil ? 2 : 3, into: &writer)
        if let data {
            writer.write("data")
            writer.write(.object(data))
        }
        return EncodedPacket(binary: writer.buffer)
    }

    private static func encode(
        _ type: Int64, namespace: String, arguments: EventArguments, before: [JSONValue], id: UInt64?
    ) -> EncodedPacket {
        // Arguments are valid by contract; text that is not would be the application's mistake and is sent as none.
        let values = (try? JSONReader.decodeListLeniently(arguments.json)) ?? []
        var writer = MessagePackWriter(attachments: arguments.attachments)
        self.writeHeader(type, namespace: namespace, members: id == nil ? 3 : 4, into: &writer)
        writer.write("data")
        writer.writeArrayHeader(before.count + values.count)
        for value in before { writer.write(value) }
        for value in values { writer.write(value) }
        if let id {
            writer.write("id")
            writer.write(Int64(clamping: id))
        }
        return EncodedPacket(binary: writer.buffer)
    }

    private static func writeHeader(
        _ type: Int64, namespace: String, members: Int, into writer: inout MessagePackWriter
    ) {
        writer.writeMapHeader(members)
        writer.write("type")
        writer.write(type)
        writer.write("nsp")
        writer.write(namespace)
    }

    // MARK: Decoding

    static func decode(_ buffer: ByteBuffer, limits: PacketLimits) throws(PacketError) -> SocketPacket {
        let fields: Fields
        do throws(MessagePackError) {
            fields = try self.fields(buffer, limits: limits)
        } catch {
            throw .invalidMessagePack(error)
        }
        guard let type = fields.type, type <= 4 else { throw .unknownType }
        guard let namespace = fields.namespace, namespace.utf8.first == UInt8(ascii: "/") else {
            throw .invalidPayload
        }
        guard namespace.utf8.count <= limits.namespaceLength else { throw .namespaceTooLong }
        guard !fields.hasInvalidID else { throw .invalidID }
        guard fields.data.attachments.reduce(0, { $0 + $1.readableBytes }) <= limits.attachmentBytes else {
            throw .attachmentsTooLarge
        }
        var packet = try PacketDecoder.packet(
            type: 0x30 + UInt8(truncatingIfNeeded: type), namespace: namespace, id: fields.id,
            payload: fields.data.isNil ? ByteBuffer() : fields.data.json, limits: limits)
        packet.arguments.attachments = fields.data.attachments
        return packet
    }

    private struct Fields {
        var type: UInt64?
        var namespace: String?
        var id: UInt64?
        var hasInvalidID = false
        var data = MessagePackReader.Value()
    }

    /// As in JavaScript, of equal keys the last one counts. A field of the wrong kind ends the reading: it stays nil.
    private static func fields(_ buffer: ByteBuffer, limits: PacketLimits) throws(MessagePackError) -> Fields {
        var reader = MessagePackReader(buffer, maximumBinaries: limits.inlineBinaries)
        var fields = Fields()
        guard let count = try reader.readMapHeader() else { throw .unsupportedType }
        for _ in 0..<count {
            switch try reader.readString() {
            case "type":
                fields.type = try reader.readUnsigned()
                if fields.type == nil { return fields }
            case "nsp":
                fields.namespace = try reader.readString()
                if fields.namespace == nil { return fields }
            case "id":
                fields.id = try reader.readUnsigned()
                fields.hasInvalidID = fields.id.map { $0 > SocketPacket.maximumID } ?? true
                if fields.hasInvalidID { return fields }
            case "data":
                fields.data = try reader.readValue()
            case nil:
                throw .invalidKey
            default:
                _ = try reader.readValue()
            }
        }
        guard reader.isAtEnd else { throw .trailingBytes }
        return fields
    }
}
