import Glibc
import NIOCore
import NIOPosix
import Testing

/// A WebSocket client that sends and shows every Engine.IO message as it is; only pings are answered by itself.
///
/// Ends by itself after a minute, unless told otherwise, so that a message that never comes fails a test instead of
/// hanging it.
final class WireClient {
    enum Received: Hashable, Sendable {
        case text(String)
        case binary([UInt8])
        /// A message that permessage-deflate made this short.
        case compressed(Int)
        /// The connection is over.
        case closed
    }

    /// The id of the Engine.IO session.
    private(set) var sessionID = ""
    let channel: any Channel
    private var inbox: AsyncStream<Received>.Iterator

    private init(channel: any Channel, inbox: AsyncStream<Received>) {
        self.channel = channel
        self.inbox = inbox.makeAsyncIterator()
    }

    /// - Parameters:
    ///   - receiveBuffer: bytes that the system keeps for a client that does not read; nil leaves it to it.
    ///   - extensions: what is offered of RFC 7692.
    ///   - first: a text message that goes with the request, so that it comes in time however busy the machine is.
    static func connect(
        port: Int, query: String = "EIO=4&transport=websocket", group: any EventLoopGroup,
        lifetime: TimeAmount = .seconds(60), receiveBuffer: Int? = nil, extensions: String? = nil, first: String? = nil
    ) async throws -> WireClient {
        let (inbox, continuation) = AsyncStream<Received>.makeStream()
        var bootstrap = ClientBootstrap(group: group)
        if let receiveBuffer {
            // Short segments too: the server's system sizes its own buffer by them.
            bootstrap = bootstrap.channelOption(.socketOption(.so_rcvbuf), value: receiveBuffer)
                .channelOption(.tcpOption(NIOBSDSocket.Option(rawValue: TCP_MAXSEG)), value: 536)
        }
        let channel =
            try await bootstrap
            .channelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    try channel.pipeline.syncOperations.addHandler(WireHandler(continuation))
                }
            }
            .connect(host: "127.0.0.1", port: port).get()
        channel.eventLoop.scheduleTask(in: lifetime) { channel.close(promise: nil) }
        let client = WireClient(channel: channel, inbox: inbox)
        var request = ByteBuffer(
            string: "GET /socket.io/?\(query) HTTP/1.1\r\nHost: localhost\r\n"
                + "Upgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\n"
                + (extensions.map { "Sec-WebSocket-Extensions: \($0)\r\n" } ?? "")
                + "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n")
        if let first { request.writeImmutableBuffer(Self.frame(0x81, ByteBuffer(string: first))) }
        client.write(request)
        client.sessionID = String(try await client.expect(prefix: "0{\"sid\":\"").prefix(20))
        return client
    }

    // MARK: Sending

    /// Sends a text message, Engine.IO type included: `42["m"]`.
    func send(_ text: String) {
        self.write(Self.frame(0x81, ByteBuffer(string: text)))
    }

    func send(binary bytes: [UInt8]) {
        self.write(Self.frame(0x82, ByteBuffer(bytes: bytes)))
    }

    /// Masked with zeros, which changes nothing and is allowed.
    private static func frame(_ opcode: UInt8, _ payload: ByteBuffer) -> ByteBuffer {
        var frame = ByteBuffer(bytes: [opcode])
        switch payload.readableBytes {
        case ..<126:
            frame.writeInteger(0x80 | UInt8(payload.readableBytes))
        case ..<65_536:
            frame.writeInteger(0x80 | UInt8(126))
            frame.writeInteger(UInt16(payload.readableBytes))
        default:
            frame.writeInteger(0x80 | UInt8(127))
            frame.writeInteger(UInt64(payload.readableBytes))
        }
        frame.writeInteger(UInt32(0))
        frame.writeImmutableBuffer(payload)
        return frame
    }

    private func write(_ buffer: ByteBuffer) {
        self.channel.writeAndFlush(buffer, promise: nil)
    }

    /// Drops the TCP connection.
    func close() async throws {
        try await self.channel.close()
    }

    // MARK: Receiving

    /// Takes nothing more from the system.
    func stopReading() async throws {
        try await self.channel.setOption(.autoRead, value: false).get()
    }

    func next() async -> Received {
        await self.inbox.next(isolation: #isolation) ?? .closed
    }

    func expect(_ text: String, sourceLocation: SourceLocation = #_sourceLocation) async {
        let received = await self.next()
        #expect(received == .text(text), sourceLocation: sourceLocation)
    }

    func expectClosed(sourceLocation: SourceLocation = #_sourceLocation) async {
        let received = await self.next()
        #expect(received == .closed, sourceLocation: sourceLocation)
    }

    /// The rest of a text message that starts like this.
    func expect(prefix: String, sourceLocation: SourceLocation = #_sourceLocation) async throws -> String {
        let received = await self.next()
        guard case .text(let text) = received, text.hasPrefix(prefix) else {
            Issue.record("\(received) does not start with \(prefix)", sourceLocation: sourceLocation)
            throw CancellationError()
        }
        return String(text.dropFirst(prefix.count))
    }
}

/// Passes the HTTP answer, then takes the server's frames apart.
private final class WireHandler: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer
    typealias OutboundOut = ByteBuffer

    private var buffer = ByteBuffer()
    private var isUpgraded = false
    private let inbox: AsyncStream<WireClient.Received>.Continuation

    init(_ inbox: AsyncStream<WireClient.Received>.Continuation) {
        self.inbox = inbox
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        var bytes = self.unwrapInboundIn(data)
        self.buffer.writeBuffer(&bytes)
        if !self.isUpgraded {
            let head = String(buffer: self.buffer)
            guard let end = head.range(of: "\r\n\r\n") else { return }
            guard head.hasPrefix("HTTP/1.1 101") else { return context.close(promise: nil) }
            self.buffer.moveReaderIndex(forwardBy: head[..<end.upperBound].utf8.count)
            self.isUpgraded = true
        }
        while let (isCompressed, opcode, payload) = self.readFrame() {
            switch opcode {
            case _ where isCompressed:
                self.inbox.yield(.compressed(payload.readableBytes))
            case 1 where payload == ByteBuffer(string: "2"):
                // An Engine.IO ping: answered with a pong, masked with zeros.
                context.writeAndFlush(
                    self.wrapOutboundOut(ByteBuffer(bytes: [0x81, 0x81, 0, 0, 0, 0, UInt8(ascii: "3")])), promise: nil)
            case 1:
                self.inbox.yield(.text(String(buffer: payload)))
            case 2:
                self.inbox.yield(.binary(Array(payload.readableBytesView)))
            default:
                context.close(promise: nil)
            }
        }
    }

    func channelInactive(context: ChannelHandlerContext) {
        self.inbox.finish()
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        context.close(promise: nil)
    }

    private func readFrame() -> (isCompressed: Bool, opcode: UInt8, payload: ByteBuffer)? {
        var rest = self.buffer
        guard let first = rest.readInteger(as: UInt8.self), let short = rest.readInteger(as: UInt8.self) else {
            return nil
        }
        let length: Int? =
            switch short {
            case 126: rest.readInteger(as: UInt16.self).map(Int.init)
            case 127: rest.readInteger(as: UInt64.self).map { Int(clamping: $0) }
            default: Int(short)
            }
        guard let length, let payload = rest.readSlice(length: length) else { return nil }
        self.buffer = rest
        return (first & 0x40 != 0, first & 0x0F, payload)
    }
}

extension String {
    fileprivate func range(of text: String) -> Range<Index>? { self.firstRange(of: text) }
}
