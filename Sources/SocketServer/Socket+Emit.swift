internal import EngineIO
package import NIOCore
package import SocketIO
internal import Transport

/// Somebody who waits for a socket's ack.
struct AckWaiter {
    let resume: @Sendable (Result<EventArguments, AckError>) -> Void
    let timer: Scheduled<Void>?
}

extension Socket {
    /// Sends an event. Before the CONNECT is answered it goes out in front of the answer; after the end it is dropped.
    ///
    /// - Parameters:
    ///   - event: none of ``SocketPacket/reservedNames``, which the protocol keeps for itself.
    ///   - volatile: drop it when the transport is not writable right now.
    ///   - compress: whether the transport may compress it, where compression is on.
    package func emit(
        _ event: String, _ arguments: EventArguments = [], volatile: Bool = false, compress: Bool = true
    ) {
        guard self.namespace.maySend(event) else { return }
        let flags = BroadcastFlags(volatile: volatile, local: true, compress: compress)
        if self.recovery != nil, !volatile {
            return self.namespace.adapter.send(BroadcastEvent(event, arguments), to: self, flags: flags)
        }
        let packet = self.namespace.codec.event(event, arguments, namespace: self.namespace.name)
        guard self.namespace.host.observesOutgoing else {
            return self.send(packet, flags)
        }
        self.onLoop {
            self.noteOutgoing(BroadcastEvent(event, arguments))
            self.sendInLoop(packet, flags)
        }
    }

    /// Sends an event and calls back on the socket's loop with the client's answer, once.
    ///
    /// - Parameters:
    ///   - timeout: how long to wait; nil waits until the socket is gone.
    ///   - compress: whether the transport may compress it, where compression is on.
    package func emit(
        _ event: String, _ arguments: EventArguments = [], timeout: TimeAmount? = nil, compress: Bool = true,
        ack: @escaping @Sendable (Result<EventArguments, AckError>) -> Void
    ) {
        guard self.namespace.maySend(event) else { return ack(.failure(.reservedName)) }
        let id = self.namespace.host.takeAckID()
        let packet = self.namespace.codec.event(event, arguments, id: id, namespace: self.namespace.name)
        self.onLoop {
            self.expectAck(id, timeout: timeout, ack)
            self.noteOutgoing(BroadcastEvent(event, arguments))
            self.sendInLoop(packet, BroadcastFlags(compress: compress))
        }
    }

    /// Sends an event and waits for the client's answer.
    package func emitWithAck(
        _ event: String, _ arguments: EventArguments = [], timeout: TimeAmount, compress: Bool = true
    ) async throws(AckError) -> EventArguments {
        let result = await withCheckedContinuation { continuation in
            self.emit(event, arguments, timeout: timeout, compress: compress) { continuation.resume(returning: $0) }
        }
        return try result.get()
    }

    // MARK: In the loop

    /// Remembers who waits for an ack; on the loop.
    func expectAck(
        _ id: UInt64, timeout: TimeAmount?, _ resume: @escaping @Sendable (Result<EventArguments, AckError>) -> Void
    ) {
        let state = self.confined.value
        guard !state.isGone else { return resume(.failure(.disconnected)) }
        let timer = timeout.map { timeout in
            self.namespace.host.timers.schedule(on: self.eventLoop, at: .now() + timeout) {
                self.confined.value.acks.resolve(id)?.resume(.failure(.timeout))
            }
        }
        state.acks.register(id, AckWaiter(resume: resume, timer: timer))
    }

    /// Waits no longer for an ack, without telling the waiter; on the loop.
    func forgetAck(_ id: UInt64) {
        _ = self.confined.value.acks.resolve(id)
    }

    /// Sends an encoded packet, from any thread.
    func send(_ packet: EncodedPacket, _ flags: BroadcastFlags = BroadcastFlags()) {
        if self.takesEffectAtOnce {
            self.sendInLoop(packet, flags)
        } else {
            self.eventLoop.execute { self.sendInLoop(packet, flags) }
        }
    }

    private func sendInLoop(_ packet: EncodedPacket, _ flags: BroadcastFlags) {
        guard self.takes(flags) else { return }
        if packet.hasText { self.engine.send(.text(packet.text), compress: flags.compress) }
        for attachment in packet.attachments { self.engine.send(.binary(attachment), compress: flags.compress) }
    }

    /// Sends a packet that was prepared for many; on the loop.
    func sendInLoop(_ packet: PreparedPacket, _ flags: BroadcastFlags) {
        guard self.takes(flags) else { return }
        packet.send(on: self.engine)
    }

    /// Whether what has these flags goes out now; on the loop.
    private func takes(_ flags: BroadcastFlags) -> Bool {
        !self.confined.value.isGone && (!flags.volatile || self.engine.isWritable)
            && (!flags.dispensable || !self.engine.isCongested)
    }
}
