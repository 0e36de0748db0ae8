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
    package func emit(_ event: String, _ arguments: EventArguments = [], volatile: Bool = false) {
        if self.recovery != nil, !volatile {
            return self.namespace.adapter.send(BroadcastEvent(event, arguments), to: self)
        }
        let packet = self.namespace.codec.event(event, arguments, namespace: self.namespace.name)
        guard self.namespace.host.observesOutgoing else { return self.send(packet, volatile: volatile) }
        self.onLoop {
            self.noteOutgoing(BroadcastEvent(event, arguments))
            self.sendInLoop(packet, volatile: volatile)
        }
    }

    /// Sends an event and calls back on the socket's loop with the client's answer, once.
    ///
    /// - Parameter timeout: how long to wait; nil waits until the socket is gone.
    package func emit(
        _ event: String, _ arguments: EventArguments = [], timeout: TimeAmount? = nil,
        ack: @escaping @Sendable (Result<EventArguments, AckError>) -> Void
    ) {
        let id = self.namespace.host.takeAckID()
        let packet = self.namespace.codec.event(event, arguments, id: id, namespace: self.namespace.name)
        self.onLoop {
            self.expectAck(id, timeout: timeout, ack)
            self.noteOutgoing(BroadcastEvent(event, arguments))
            self.sendInLoop(packet, volatile: false)
        }
    }

    /// Sends an event and waits for the client's answer.
    package func emitWithAck(
        _ event: String, _ arguments: EventArguments = [], timeout: TimeAmount
    ) async throws(AckError) -> EventArguments {
        let result = await withCheckedContinuation { continuation in
            self.emit(event, arguments, timeout: timeout) { continuation.resume(returning: $0) }
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
            self.eventLoop.scheduleTask(in: timeout) {
                self.confined.value.acks.resolve(id)?.resume(.failure(.timeout))
                return
            }
        }
        state.acks.register(id, AckWaiter(resume: resume, timer: timer))
    }

    /// Waits no longer for an ack, without telling the waiter; on the loop.
    func forgetAck(_ id: UInt64) {
        _ = self.confined.value.acks.resolve(id)
    }

    /// Sends an encoded packet, from any thread.
    func send(_ packet: EncodedPacket, volatile: Bool = false) {
        if self.takesEffectAtOnce {
            self.sendInLoop(packet, volatile: volatile)
        } else {
            self.eventLoop.execute { self.sendInLoop(packet, volatile: volatile) }
        }
    }

    private func sendInLoop(_ packet: EncodedPacket, volatile: Bool) {
        guard !self.confined.value.isGone, !volatile || self.engine.isWritable else { return }
        if packet.hasText { self.engine.send(.text(packet.text)) }
        for attachment in packet.attachments { self.engine.send(.binary(attachment)) }
    }

    /// Sends a packet that was prepared for many; on the loop.
    func sendInLoop(_ packet: PreparedPacket, volatile: Bool) {
        guard !self.confined.value.isGone, !volatile || self.engine.isWritable else { return }
        packet.send(on: self.engine)
    }
}
