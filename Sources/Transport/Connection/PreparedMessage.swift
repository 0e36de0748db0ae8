package import EngineIO
package import NIOCore
internal import Synchronization

/// A message encoded once for any number of sessions.
///
/// One buffer holds an unmasked WebSocket frame. Its payload is, for text, also the packet that polling sends, so both
/// transports share the same bytes. Revision 3, and clients that take no raw bytes, want binary in other forms: the first
/// of these makes the frame for all that want the same. Likewise the first of the sockets with permessage-deflate that can
/// share a compressed frame.
///
/// An object, so that a receiver costs one reference count for it, not one for each of its parts.
package final class PreparedMessage: Sendable {
    /// The complete WebSocket frame.
    package let frame: ByteBuffer
    /// Where in `frame` the packet starts.
    let headerLength: Int
    let isBinary: Bool
    /// Whether transports may compress it.
    let mayBeCompressed: Bool
    private let compressed = Mutex<ByteBuffer?>(nil)
    /// In revision 3, the same as text, and as text in revision 4; empty until one of them is asked for.
    private let otherForms = Mutex<[ByteBuffer?]>([])

    /// - Parameter compress: whether transports may compress it, where compression is on.
    package init(_ message: EngineMessage, compress: Bool = true) {
        var buffer = ByteBufferAllocator().buffer(
            capacity: message.byteCount + 1 + WebSocketFrameHeader.maximumServerLength)
        switch message {
        case .text(let payload):
            buffer.writeFrame(.text, type: UInt8(ascii: "4"), payload: payload)
            headerLength = buffer.readableBytes - payload.readableBytes - 1
            isBinary = false
        case .binary(let payload):
            buffer.writeFrame(.binary, payload: payload)
            headerLength = buffer.readableBytes - payload.readableBytes
            isBinary = true
        }
        frame = buffer
        mayBeCompressed = compress
    }

    var opcode: WebSocketOpcode { isBinary ? .binary : .text }

    /// Bytes of the frame's payload.
    var payloadLength: Int { frame.readableBytes - headerLength }

    /// The frame's payload, sharing its bytes.
    var payload: ByteBuffer {
        var payload = frame
        payload.moveReaderIndex(forwardBy: headerLength)
        return payload
    }

    /// The frame that all sockets share whose messages are compressed independently of one another; made by the first
    /// that asks. Where compressing gains nothing it is the plain frame.
    func compressedFrame(_ make: (_ payload: ByteBuffer) -> ByteBuffer?) -> ByteBuffer {
        guard mayBeCompressed else { return frame }
        return compressed.withLock { shared in
            if let shared { return shared }
            let made = make(payload) ?? frame
            shared = made
            return made
        }
    }

    /// Whether sockets of this form take another frame than ``frame``.
    func differs(in form: WireForm) -> Bool { isBinary && (form.revision == .v3 || form.usesBase64) }

    /// The frame for sockets of this form, made by the first that asks.
    func frame(in form: WireForm) -> ByteBuffer {
        guard differs(in: form) else { return frame }
        let place = form.revision == .v4 ? 2 : form.usesBase64 ? 1 : 0
        return otherForms.withLock { frames in
            if frames.isEmpty { frames = [nil, nil, nil] }
            if let frame = frames[place] { return frame }
            var buffer = ByteBufferAllocator().buffer(
                capacity: packet.textLength(form.revision) + WebSocketFrameHeader.maximumServerLength)
            buffer.writeFrame(of: packet, form: form)
            frames[place] = buffer
            return buffer
        }
    }

    /// The same message for a transport that frames packets itself, sharing the frame's bytes.
    var packet: EnginePacket {
        var payload = frame
        payload.moveReaderIndex(forwardBy: isBinary ? headerLength : headerLength + 1)
        return .message(isBinary ? .binary(payload) : .text(payload))
    }
}
