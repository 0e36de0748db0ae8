internal import NIOCore

/// One client of a load: opens a WebSocket, joins the namespace, answers pings and hands on what else comes.
final class LoadConnection: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer
    typealias OutboundOut = ByteBuffer

    private static let key: UInt32 = 0x1234_ABCD
    private var input = ByteBuffer()
    private var isUpgraded = false
    private var context: ChannelHandlerContext?
    private let joined: (LoadConnection) -> Void
    /// Takes a packet without its engine type; changes with what the scenario is at.
    var received: (ByteBuffer) -> Void = { _ in }
    private let lost: () -> Void
    private let auth: String

    /// - Parameter auth: the JSON object that goes with the CONNECT, or nothing.
    init(auth: String = "", joined: @escaping (LoadConnection) -> Void, lost: @escaping () -> Void) {
        self.auth = auth
        self.joined = joined
        self.lost = lost
    }

    func channelActive(context: ChannelHandlerContext) {
        self.context = context
        let request = ByteBuffer(
            string: "GET /socket.io/?EIO=4&transport=websocket HTTP/1.1\r\nHost: localhost\r\nUpgrade: websocket\r\n"
                + "Connection: Upgrade\r\nSec-WebSocket-Version: 13\r\n"
                + "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n")
        context.writeAndFlush(self.wrapOutboundOut(request), promise: nil)
    }

    func channelInactive(context: ChannelHandlerContext) {
        self.context = nil
        self.lost()
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) { context.close(promise: nil) }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        self.input.writeImmutableBuffer(self.unwrapInboundIn(data))
        if !self.isUpgraded {
            let view = self.input.readableBytesView
            guard let end = view.firstRange(of: Array("\r\n\r\n".utf8)) else { return }
            self.input.moveReaderIndex(to: end.upperBound)
            self.isUpgraded = true
        }
        while let packet = self.frame() { self.take(packet) }
        self.input.discardReadBytes()
    }

    func channelReadComplete(context: ChannelHandlerContext) { context.flush() }

    /// The next frame's payload; servers do not mask, and none of this is longer than 64 KB.
    private func frame() -> ByteBuffer? {
        guard let short = self.input.getInteger(at: self.input.readerIndex + 1, as: UInt8.self) else { return nil }
        var (header, length) = (2, Int(short))
        if short == 126 {
            guard let long = self.input.getInteger(at: self.input.readerIndex + 2, as: UInt16.self) else { return nil }
            (header, length) = (4, Int(long))
        }
        guard self.input.readableBytes >= header + length else { return nil }
        self.input.moveReaderIndex(forwardBy: header)
        return self.input.readSlice(length: length)
    }

    private func take(_ packet: ByteBuffer) {
        var packet = packet
        switch packet.readInteger(as: UInt8.self) {
        case UInt8(ascii: "0"):
            self.send("40" + self.auth)
        case UInt8(ascii: "2"):
            self.send("3")
        case UInt8(ascii: "4") where packet.readableBytesView.first == UInt8(ascii: "0"):
            self.joined(self)
        default:
            self.received(packet)
        }
    }

    /// Sends a text frame; flushed at the end of the read under way, or by ``flush()``.
    func send(_ text: String) {
        let length = text.utf8.count
        var buffer = ByteBufferAllocator().buffer(capacity: 8 + length)
        buffer.writeInteger(UInt8(0x81))
        if length < 126 {
            buffer.writeInteger(0x80 | UInt8(length))
        } else {
            buffer.writeInteger(UInt8(0x80 | 126))
            buffer.writeInteger(UInt16(length))
        }
        buffer.writeInteger(Self.key)
        var key = Self.key
        for byte in text.utf8 {
            key = key << 8 | key >> 24
            buffer.writeInteger(byte ^ UInt8(truncatingIfNeeded: key))
        }
        self.context?.write(self.wrapOutboundOut(buffer), promise: nil)
    }

    func flush() { self.context?.flush() }
}
