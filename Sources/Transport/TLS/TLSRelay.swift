internal import NIOCore
internal import NIOPosix

#if canImport(Glibc)
    internal import Glibc
#elseif canImport(Musl)
    internal import Musl
#endif

/// One half of a pair that passes bytes on between two channels of one loop: a TLS connection and a local socket whose
/// other end is a channel of another loop.
///
/// TLS state belongs to its channel's loop and cannot move, so an upgraded WebSocket reaches its session's home loop by
/// way of a socket pair: two descriptors more and one copy, for connections that are both upgraded and elsewhere.
final class TLSRelay: ChannelDuplexHandler {
    typealias InboundIn = ByteBuffer
    typealias OutboundIn = ByteBuffer
    typealias OutboundOut = ByteBuffer

    private var partner: TLSRelay?
    private var context: ChannelHandlerContext?
    /// A read that waits until the partner has room.
    private var isReadHeld = false
    private let onEnd: () -> Void

    private init(onEnd: @escaping () -> Void) {
        self.onEnd = onEnd
    }

    /// Two relays that belong together; `onEnd` is called once for each as its channel ends.
    static func pair(onEnd: @escaping () -> Void) -> (TLSRelay, TLSRelay) {
        let (first, second) = (TLSRelay(onEnd: onEnd), TLSRelay(onEnd: onEnd))
        first.partner = second
        second.partner = first
        return (first, second)
    }

    /// Both ends of a new local stream socket; nil when descriptors are short.
    static func socketPair() -> (CInt, CInt)? {
        var ends: [CInt] = [-1, -1]
        let kind = CInt(SOCK_STREAM.rawValue) | CInt(SOCK_CLOEXEC.rawValue)
        guard socketpair(AF_UNIX, kind, 0, &ends) == 0 else { return nil }
        return (ends[0], ends[1])
    }

    func handlerAdded(context: ChannelHandlerContext) {
        self.context = context
        // The partner may have waited for this side.
        partner?.resumeReading()
    }

    func handlerRemoved(context: ChannelHandlerContext) {
        self.context = nil
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        partner?.context?.write(data, promise: nil)
    }

    func channelReadComplete(context: ChannelHandlerContext) {
        partner?.context?.flush()
    }

    func read(context: ChannelHandlerContext) {
        if let next = partner?.context, next.channel.isWritable {
            context.read()
        } else {
            isReadHeld = true
        }
    }

    func channelWritabilityChanged(context: ChannelHandlerContext) {
        if context.channel.isWritable { partner?.resumeReading() }
        context.fireChannelWritabilityChanged()
    }

    func channelInactive(context: ChannelHandlerContext) {
        let partner = self.partner
        self.partner = nil
        partner?.partner = nil
        partner?.context?.close(promise: nil)
        onEnd()
        context.fireChannelInactive()
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        // A reset, or an end without TLS's farewell: the partner learns of it as the end.
        context.close(promise: nil)
    }

    private func resumeReading() {
        guard isReadHeld, let context else { return }
        isReadHeld = false
        context.read()
    }
}
