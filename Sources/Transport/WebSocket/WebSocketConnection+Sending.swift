package import EngineIO
internal import NIOCore

extension WebSocketConnection {
    /// Bytes gathered in one turn before they are handed on early.
    private static let flushThreshold = 65_536

    /// Sends a message as one frame.
    ///
    /// - Parameter compress: whether it may be compressed, if permessage-deflate was agreed on.
    package func send(_ message: EngineMessage, compress: Bool = true) {
        let (opcode, payload): (WebSocketOpcode, ByteBuffer) =
            switch message {
            case .text(let payload): (.text, payload)
            case .binary(let payload): (.binary, payload)
            }
        if compress, deflate != nil, sendCompressed(payload, as: opcode) { return }
        writeFrame(opcode, payload: payload)
    }

    /// Sends an engine packet as one frame: text form, or the bytes of a binary message, in revision 3 behind its type.
    func send(_ packet: EnginePacket, compress: Bool = true) {
        guard state == .open else { return }
        if compress, deflate != nil, case .message = packet, sendCompressed(packet) { return }
        gather(packet.textLength(form.revision)) { $0.writeFrame(of: packet, form: form) }
    }

    /// Sends a message that was encoded once for many sockets.
    func send(prepared: PreparedMessage) {
        if prepared.differs(in: form) {
            guard deflate == nil else { return send(prepared.packet, compress: prepared.mayBeCompressed) }
            send(frame: prepared.frame(in: form))
        } else if deflate == nil || !sendCompressed(prepared) {
            send(frame: prepared.frame)
        }
    }

    /// Sends a frame that others send too, without copying it where it is the only one.
    func send(frame: ByteBuffer) {
        guard state == .open, context != nil else { return }
        switch outgoing {
        case nil:
            take(frame, isShared: true)
        case let waiting? where isOutgoingShared:
            take(loop.sharedFrames.join(waiting, frame), isShared: true)
        case .some:
            gather(frame.readableBytes) { $0.writeImmutableBuffer(frame) }
        }
    }

    func writeFrame(_ opcode: WebSocketOpcode, payload: ByteBuffer) {
        guard state == .open || opcode == .close else { return }
        gather(payload.readableBytes) { $0.writeFrame(opcode, payload: payload) }
    }

    /// Appends raw bytes: the answer to the handshake.
    func writeRaw(_ bytes: ByteBuffer) {
        gather(bytes.readableBytes) { $0.writeImmutableBuffer(bytes) }
    }

    func gather(_ length: Int, _ write: (inout ByteBuffer) -> Void) {
        let capacity = length + WebSocketFrameHeader.maximumServerLength
        var buffer = outgoing ?? ByteBufferAllocator().buffer(capacity: capacity)
        outgoing = nil
        write(&buffer)
        take(buffer, isShared: false)
    }

    /// Keeps what waits for the end of the turn, unless it is much already.
    private func take(_ bytes: ByteBuffer, isShared: Bool) {
        outgoing = bytes
        isOutgoingShared = isShared
        if bytes.readableBytes >= Self.flushThreshold {
            flush()
        } else if !isReading {
            scheduleFlush()
        }
    }

    func scheduleFlush() {
        guard !isFlushScheduled else { return }
        isFlushScheduled = true
        loop.scheduleFlush(self)
    }

    /// Hands what was gathered to the system, in one write.
    func flush() {
        guard let context else {
            outgoing = nil
            return
        }
        pongsInTurn = 0
        if let payload = heldPong, isChannelWritable {
            heldPong = nil
            writeFrame(.pong, payload: payload)
        }
        guard var buffer = outgoing else { return }
        outgoing = nil
        if let descriptor, isChannelEmpty(context) { descriptor.send(&buffer) }
        guard buffer.readableBytes > 0 else { return }
        mayChannelHoldBytes = true
        context.writeAndFlush(wrapOutboundOut(buffer), promise: nil)
    }

    /// Whether bytes written past the channel overtake nothing. What does not fit goes through it, and it is asked only
    /// as long as some of that may be left.
    private func isChannelEmpty(_ context: ChannelHandlerContext) -> Bool {
        guard mayChannelHoldBytes else { return true }
        let held = try? context.channel.syncOptions?.getOption(.bufferedWritableBytes)
        mayChannelHoldBytes = held != 0
        return !mayChannelHoldBytes
    }
}

extension WebSocketConnection: FlushTarget {
    func flushPending() {
        isFlushScheduled = false
        flush()
    }
}

extension ByteBuffer {
    /// Appends an engine packet as one unmasked frame.
    mutating func writeFrame(of packet: EnginePacket, form: WireForm) {
        switch packet {
        case .message(.text(let payload)):
            writeFrame(.text, type: UInt8(ascii: "4"), payload: payload)
        case .message(.binary(let payload)) where !form.usesBase64:
            writeFrame(.binary, type: form.revision == .v3 ? EnginePacket.binaryMessage : nil, payload: payload)
        case .message, .open, .close, .ping, .pong, .upgrade, .noop:
            var text = ByteBuffer()
            packet.writeText(into: &text, revision: form.revision)
            writeFrame(.text, payload: text)
        }
    }
}
