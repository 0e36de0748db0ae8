package import EngineIO
package import NIOCore

/// A message encoded once for any number of sessions.
///
/// One buffer holds an unmasked WebSocket frame. Its payload is, for text, also the packet that polling sends, so both
/// transports share the same bytes. Revision 3 writes binary otherwise, so that its clients get frames of their own. The
/// compressed form of permessage-deflate will be a second buffer here.
package struct PreparedMessage: Sendable {
    /// The complete WebSocket frame.
    package let frame: ByteBuffer
    /// Where in `frame` the packet starts.
    let headerLength: Int
    let isBinary: Bool

    package init(_ message: EngineMessage) {
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
    }

    /// The same message for a transport that frames packets itself, sharing the frame's bytes.
    var packet: EnginePacket {
        var payload = frame
        payload.moveReaderIndex(forwardBy: isBinary ? headerLength : headerLength + 1)
        return .message(isBinary ? .binary(payload) : .text(payload))
    }
}
