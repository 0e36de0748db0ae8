internal import EngineIO
internal import NIOCore

/// Sending where permessage-deflate was agreed on. Each function says whether it sent the message; if not, it is to be
/// sent as it is.
extension WebSocketConnection {
    func sendCompressed(_ packet: EnginePacket) -> Bool {
        guard let deflate, deflate.isWorthwhile(packet.textLength(form.revision)) else { return false }
        switch packet {
        case .message(.binary(let payload)) where !form.usesBase64 && form.revision == .v4:
            return sendCompressed(payload, as: .binary)
        case .message(.binary(let message)) where !form.usesBase64:
            var payload = ByteBufferAllocator().buffer(capacity: message.readableBytes + 1)
            payload.writeInteger(EnginePacket.binaryMessage)
            payload.writeImmutableBuffer(message)
            return sendCompressed(payload, as: .binary)
        case .message, .open, .close, .ping, .pong, .upgrade, .noop:
            var payload = ByteBufferAllocator().buffer(capacity: packet.textLength(form.revision))
            packet.writeText(into: &payload, revision: form.revision)
            return sendCompressed(payload, as: .text)
        }
    }

    /// A message for many sockets is compressed once, where they can share that.
    func sendCompressed(_ prepared: PreparedMessage) -> Bool {
        guard let deflate, prepared.mayBeCompressed, deflate.isWorthwhile(prepared.payloadLength) else { return false }
        guard deflate.sharesMessages else { return sendCompressed(prepared.payload, as: prepared.opcode) }
        let frame = prepared.compressedFrame { payload in
            deflate.compress(payload).map { compressed in
                var frame = ByteBufferAllocator().buffer(
                    capacity: compressed.readableBytes + WebSocketFrameHeader.maximumServerLength)
                frame.writeFrame(prepared.opcode, isCompressed: true, payload: compressed)
                return frame
            }
        }
        send(frame: frame)
        return true
    }

    func sendCompressed(_ payload: ByteBuffer, as opcode: WebSocketOpcode) -> Bool {
        guard state == .open, let deflate, deflate.isWorthwhile(payload.readableBytes),
            let compressed = deflate.compress(payload)
        else { return false }
        gather(compressed.readableBytes) { $0.writeFrame(opcode, isCompressed: true, payload: compressed) }
        return true
    }
}
