internal import EngineIO
package import NIOCore
internal import NIOSSL

/// One WebSocket: the only handler of its channel after the handshake.
///
/// Reads frames, answers pings and close frames, gathers everything written during one turn of the loop into one
/// buffer, and talks to one delegate. Confined to its event loop.
package final class WebSocketConnection {
    enum State: Equatable {
        /// In the pipeline; the handshake is not answered yet, and what arrives waits.
        case waiting
        case open
        /// Our close frame is sent; the peer's is awaited.
        case closing
        /// The last bytes are sent; input is discarded until the peer hangs up, so that it is not reset before it has
        /// read them.
        case draining
        case closed
    }

    var state = State.waiting
    let loop: LoopContext
    /// The layer above; let go, which breaks the cycle between the two, when the socket ends.
    var delegate: (any WebSocketDelegate)?
    var context: ChannelHandlerContext?
    var decoder: WebSocketDecoder
    /// How engine packets look on this socket.
    let form: WireForm

    /// Frames of this turn of the loop.
    var outgoing: ByteBuffer?
    /// Whether these are frames that other sockets send too, in memory that must stay as it is.
    var isOutgoingShared = false
    /// The socket under the channel, as long as it is open.
    var descriptor: SocketDescriptor?
    /// Whether earlier bytes may wait in the channel; those of HTTP may at first.
    var mayChannelHoldBytes = true
    var isChannelWritable = true
    var isReading = false
    var isFlushScheduled = false
    var isReadingPaused = false
    /// A read that was held back while reading was paused.
    var isReadHeld = false
    var pongsInTurn = 0
    /// How often in a row too much was found to be waiting; see ``lookAtBacklog(now:)``.
    private var looksBehind: UInt8 = 0
    /// The newest ping that waits for room.
    var heldPong: ByteBuffer?
    /// permessage-deflate, where it was agreed on.
    let deflate: DeflateSession?
    /// Bytes that arrived before the handshake was answered.
    var early: ByteBuffer?

    var wheelPosition = TimerWheel.Position()
    package private(set) var deadline = NIODeadline.distantFuture
    /// Time without a byte after which a plain service gives up; sessions have their heartbeat instead.
    var idleTimeout: TimeAmount?

    init(loop: LoopContext, limits: WebSocketLimits, form: WireForm, deflate agreement: DeflateAgreement? = nil) {
        self.loop = loop
        self.form = form
        decoder = WebSocketDecoder(limits: limits, allowsCompression: agreement != nil)
        deflate = agreement.map { DeflateSession(agreement: $0, pool: loop.deflatePool) }
    }

    /// The event loop that everything happens on.
    package var eventLoop: any EventLoop { loop.eventLoop }

    /// Whether all earlier bytes were handed to the system.
    package var isWritable: Bool {
        state == .open && isChannelWritable && outgoing == nil
    }

    /// Whether the peer does not take bytes as fast as they are written.
    package var isBehind: Bool { !isChannelWritable }

    /// Bytes that wait to be taken by the system.
    package var pendingBytes: Int {
        let gathered = outgoing?.readableBytes ?? 0
        // Below the channel's low-water mark nothing worth counting waits there.
        guard !isChannelWritable, let context else { return gathered }
        let option = try? context.channel.syncOptions?.getOption(.bufferedWritableBytes)
        return gathered + (option ?? 0)
    }

    func setDeadline(_ deadline: NIODeadline) {
        self.deadline = deadline
        loop.arm(self)
    }

    func setIdleTimeout(_ timeout: TimeAmount) {
        idleTimeout = timeout
        setDeadline(.now() + timeout)
    }

    func deadlineWithoutArming(_ deadline: NIODeadline) { self.deadline = deadline }
}

// MARK: Peers that fall behind

extension WebSocketConnection {
    /// Looks within ``TransportConfiguration/softPendingTimeout``: a peer above the mark at each of them is cut off.
    private static let looks: UInt8 = 10

    private var lookInterval: TimeAmount {
        .nanoseconds(loop.server.configuration.softPendingTimeout.nanoseconds / Int64(Self.looks))
    }

    /// Sessions have no deadline of their own while their socket keeps up.
    private func watchBacklog() {
        guard state == .open, idleTimeout == nil else { return }
        looksBehind = 0
        if isChannelWritable {
            deadline = .distantFuture
            loop.disarm(self)
        } else {
            setDeadline(.now() + lookInterval)
        }
    }

    private func lookAtBacklog(now: NIODeadline) {
        looksBehind = pendingBytes > loop.server.configuration.softPendingBytes ? looksBehind + 1 : 0
        guard looksBehind >= Self.looks else {
            deadline = now + lookInterval
            return
        }
        if let delegate { delegate.webSocketStalled(self) } else { abandon() }
    }
}

extension WebSocketConnection: TimerWheelTarget {
    func deadlineReached(now: NIODeadline) {
        switch state {
        case .waiting, .closing, .draining:
            context?.close(promise: nil)
        case .open where idleTimeout == nil:
            lookAtBacklog(now: now)
        case .open:
            // Idle for too long.
            close()
        case .closed:
            break
        }
    }

    func serverIsClosing() {
        delegate?.webSocketServerClosing(self)
    }

    func closeNow() { abandon() }
}

extension WebSocketConnection: ChannelDuplexHandler, RemovableChannelHandler {
    package typealias InboundIn = ByteBuffer
    package typealias OutboundIn = Never
    package typealias OutboundOut = ByteBuffer

    package func handlerAdded(context: ChannelHandlerContext) {
        self.context = context
        isChannelWritable = context.channel.isWritable
        if loop.server.writesPastChannels { descriptor = SocketDescriptor(of: context.channel) }
    }

    package func handlerRemoved(context: ChannelHandlerContext) {
        self.context = nil
        // Again, after `channelInactive`: a write that found the peer gone may have ended the channel in the middle of
        // what then set a deadline.
        state = .closed
        loop.disarm(self)
    }

    package func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        let bytes = unwrapInboundIn(data)
        switch state {
        case .waiting:
            early.setOrWriteImmutableBuffer(bytes)
        case .open, .closing:
            receive(bytes)
        case .draining, .closed:
            break
        }
    }

    package func channelReadComplete(context: ChannelHandlerContext) {
        if outgoing != nil, !isFlushScheduled { flush() }
        context.fireChannelReadComplete()
    }

    package func read(context: ChannelHandlerContext) {
        if isReadingPaused {
            isReadHeld = true
        } else {
            context.read()
        }
    }

    package func channelWritabilityChanged(context: ChannelHandlerContext) {
        isChannelWritable = context.channel.isWritable
        watchBacklog()
        if isChannelWritable {
            if heldPong != nil { scheduleFlush() }
            if state == .open { delegate?.webSocketDrained(self) }
        }
        context.fireChannelWritabilityChanged()
    }

    package func channelInactive(context: ChannelHandlerContext) {
        state = .closed
        descriptor = nil
        deflate?.end()
        loop.disarm(self)
        loop.connectionClosed()
        ended(byFault: false)
        context.fireChannelInactive()
    }

    package func errorCaught(context: ChannelHandlerContext, error: any Error) {
        // Reset by the peer and the like. Many clients end TLS without its farewell.
        ended(byFault: (error as? NIOSSLError) != .uncleanShutdown)
        context.close(promise: nil)
    }
}
