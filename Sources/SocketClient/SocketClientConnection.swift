package import NIOCore
internal import NIOWebSocket
package import SocketIO
internal import Synchronization

/// One open connection of a ``SocketClient``. May be used from any task.
package final class SocketClientConnection: Sendable {
    private struct State {
        var nextAckID: UInt64 = 0
        /// Requests under way; nil once the connection has ended.
        var waiting: [UInt64: CheckedContinuation<JSONValue, any Error>]? = [:]
        var connecting: CheckedContinuation<Void, any Error>?
        /// The answer to CONNECT, where it came before anybody waited for it.
        var connected: Result<Void, SocketClientError>?
        var reassembler = PacketReassembler()
    }

    /// What the server emits, in order; ends with the connection. For one reader.
    package let events: AsyncStream<ReceivedEvent>

    private let incoming: AsyncStream<ReceivedEvent>.Continuation
    private let outbound: NIOAsyncChannelOutboundWriter<WebSocketFrame>
    private let eventLoop: any EventLoop
    private let state = Mutex(State())

    init(outbound: NIOAsyncChannelOutboundWriter<WebSocketFrame>, eventLoop: any EventLoop) {
        self.outbound = outbound
        self.eventLoop = eventLoop
        (self.events, self.incoming) = AsyncStream.makeStream()
    }

    // MARK: Sending

    /// Emits an event and does not wait for an answer.
    package func emit(_ name: String, _ arguments: JSONValue...) async throws {
        try await self.send(PacketEncoder.event(name, EventArguments(arguments)))
    }

    /// Emits an event and waits for its ack.
    ///
    /// - Returns: the ack's first argument, null when it has none.
    /// - Throws: ``SocketClientError`` `timeout` or `disconnected`.
    package func request(
        _ name: String, _ payload: JSONValue, timeout: TimeAmount = .seconds(10)
    ) async throws -> JSONValue {
        let id = self.state.withLock { state in
            state.nextAckID += 1
            return state.nextAckID
        }
        let expiry = self.eventLoop.scheduleTask(in: timeout) {
            self.resume(id, with: .failure(SocketClientError(.timeout, "no ack for \(name) in time")))
        }
        defer { expiry.cancel() }
        let packet = PacketEncoder.event(name, [payload], id: id)
        return try await withCheckedThrowingContinuation { continuation in
            let open = self.state.withLock { state in
                state.waiting?[id] = continuation
                return state.waiting != nil
            }
            guard open else {
                continuation.resume(throwing: SocketClientError(.disconnected, "the connection has ended"))
                return
            }
            Task {
                do {
                    try await self.send(packet)
                } catch {
                    self.resume(id, with: .failure(SocketClientError(.disconnected, "\(error)")))
                }
            }
        }
    }

    /// Answers an event that asked for it.
    package func acknowledge(_ event: ReceivedEvent, _ arguments: JSONValue...) async throws {
        guard let id = event.ackID else { return }
        try await self.send(PacketEncoder.ack(id, EventArguments(arguments)))
    }

    private func send(_ packet: EncodedPacket) async throws {
        var text = ByteBuffer(string: "4")
        text.writeImmutableBuffer(packet.text)
        var frames = [WebSocketFrame(fin: true, opcode: .text, maskKey: .random(), data: text)]
        frames += packet.attachments.map {
            WebSocketFrame(fin: true, opcode: .binary, maskKey: .random(), data: $0)
        }
        try await self.outbound.write(contentsOf: frames)
    }

    private func sendEngine(_ packet: StaticString) async throws {
        var text = ByteBuffer()
        text.writeStaticString(packet)
        try await self.outbound.write(WebSocketFrame(fin: true, opcode: .text, maskKey: .random(), data: text))
    }

    // MARK: Life

    /// Sends CONNECT and waits for the answer.
    func connect(auth: JSONObject?) async throws {
        var text = ByteBuffer(string: "40")
        if let auth { text.writeImmutableBuffer(JSONValue.object(auth).encoded()) }
        try await self.outbound.write(WebSocketFrame(fin: true, opcode: .text, maskKey: .random(), data: text))
        try await withCheckedThrowingContinuation { (continuation: CheckedContinuation<Void, any Error>) in
            let answer = self.state.withLock { state -> Result<Void, SocketClientError>? in
                if state.connected == nil { state.connecting = continuation }
                return state.connected
            }
            if let answer { continuation.resume(with: answer) }
        }
    }

    /// Says that the client leaves on purpose; a peer that is gone already does not mind.
    func leave() async {
        try? await self.sendEngine("41")
        self.end()
    }

    /// Reads until the connection ends.
    func read(_ inbound: NIOAsyncChannelInboundStream<WebSocketFrame>) async {
        defer { self.end() }
        do {
            for try await frame in inbound {
                guard try await self.receive(frame) else { return }
            }
        } catch {
            // A reset and a packet that is none end alike: whoever waits is told in `end`.
        }
    }

    /// - Returns: whether the connection goes on.
    private func receive(_ frame: WebSocketFrame) async throws -> Bool {
        var data = frame.unmaskedData
        switch frame.opcode {
        case .connectionClose:
            return false
        case .ping:
            try await self.outbound.write(WebSocketFrame(fin: true, opcode: .pong, maskKey: .random(), data: data))
        case .binary:
            let packet = try self.state.withLock { try $0.reassembler.receiveBinary(data, now: .now()) }
            if let packet { try self.take(packet) }
        case .text:
            switch data.readInteger(as: UInt8.self) {
            case UInt8(ascii: "1"):
                return false
            case UInt8(ascii: "2"):
                try await self.sendEngine("3")
            case UInt8(ascii: "4"):
                let packet = try self.state.withLock { try $0.reassembler.receiveText(data, now: .now()) }
                if let packet, packet.kind == .disconnect { return false }
                if let packet { try self.take(packet) }
            default:
                break  // The handshake (0) and no-ops (6) ask for nothing.
            }
        default:
            break
        }
        return true
    }

    private func take(_ packet: SocketPacket) throws {
        switch packet.kind {
        case .connect:
            self.answered(.success(()))
        case .connectError:
            let data = try? JSONReader.decode(packet.data)
            let message = data?["message"]?.string ?? "refused"
            self.answered(.failure(SocketClientError(.refused, message, data: data)))
        case .event:
            let arguments = try packet.arguments.decode()
            self.incoming.yield(ReceivedEvent(name: packet.name, arguments: arguments, ackID: packet.id))
        case .ack:
            guard let id = packet.id else { return }
            let values = try packet.arguments.decode()
            self.resume(id, with: .success(values.first ?? .null))
        case .disconnect:
            break
        }
    }

    private func answered(_ answer: Result<Void, SocketClientError>) {
        let waiter = self.state.withLock { state in
            if state.connected == nil { state.connected = answer }
            return state.connecting.take()
        }
        waiter?.resume(with: answer)
    }

    private func resume(_ id: UInt64, with result: Result<JSONValue, SocketClientError>) {
        let continuation = self.state.withLock { $0.waiting?.removeValue(forKey: id) }
        continuation?.resume(with: result)
    }

    /// Whoever still waits is told; nobody waits after this.
    private func end() {
        let gone = SocketClientError(.disconnected, "the connection has ended")
        let waiting = self.state.withLock { $0.waiting.take() } ?? [:]
        for continuation in waiting.values { continuation.resume(throwing: gone) }
        self.answered(.failure(gone))
        self.incoming.finish()
    }
}
