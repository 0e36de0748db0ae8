/// How packets stand on the wire; the same on both sides of a connection.
///
/// Handlers do not notice which: arguments are JSON text with attachments either way.
package enum PacketCodec: Sendable, Hashable {
    /// The protocol's own form: a text message, binary values as messages of their own behind it.
    case text
    /// The format of socket.io-msgpack-parser: one binary message, binary values inside.
    case messagePack

    /// An event, with an ack id where an answer is wanted.
    package func event(
        _ name: String, _ arguments: EventArguments, id: UInt64? = nil, namespace: String = "/"
    ) -> EncodedPacket {
        switch self {
        case .text:
            PacketEncoder.event(name, arguments, id: id, namespace: namespace)
        case .messagePack:
            MessagePackCodec.event(name, arguments, id: id, namespace: namespace)
        }
    }

    /// The answer to an event.
    package func ack(_ id: UInt64, _ arguments: EventArguments, namespace: String = "/") -> EncodedPacket {
        switch self {
        case .text:
            PacketEncoder.ack(id, arguments, namespace: namespace)
        case .messagePack:
            MessagePackCodec.ack(id, arguments, namespace: namespace)
        }
    }

    /// The answer to a CONNECT that was accepted. The older dialect is spoken in text only.
    package func connect(
        sid: String, pid: String? = nil, namespace: String = "/", dialect: Dialect = .revision5
    ) -> EncodedPacket {
        switch self {
        case .text:
            PacketEncoder.connect(sid: sid, pid: pid, namespace: namespace, dialect: dialect)
        case .messagePack:
            MessagePackCodec.encode(0, namespace: namespace, data: PacketEncoder.connectPayload(sid: sid, pid: pid))
        }
    }

    /// The answer to a CONNECT that was refused. The older dialect is spoken in text only.
    package func connectError(
        message: String, data: JSONValue? = nil, namespace: String = "/", dialect: Dialect = .revision5
    ) -> EncodedPacket {
        switch self {
        case .text:
            return PacketEncoder.connectError(message: message, data: data, namespace: namespace, dialect: dialect)
        case .messagePack:
            var payload: JSONObject = ["message": .string(message)]
            payload["data"] = data
            return MessagePackCodec.encode(4, namespace: namespace, data: payload)
        }
    }

    /// The end of a membership.
    package func disconnect(namespace: String = "/") -> EncodedPacket {
        switch self {
        case .text:
            PacketEncoder.disconnect(namespace: namespace)
        case .messagePack:
            MessagePackCodec.encode(1, namespace: namespace, data: nil)
        }
    }
}
