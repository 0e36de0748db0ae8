import Foundation
import NIOCore
import NIOHTTP1
import NIOPosix
import NIOSSL
import Synchronization

/// Somebody's receiver of webhooks on a real socket, who keeps what came and answers as told.
final class WebhookReceiver: Sendable {
    enum Answer: Sendable {
        case status(Int, headers: [String: String] = [:])
        /// Nothing, ever.
        case silence
        /// The connection ends without a word.
        case hangUp
        /// 200, and then a body that does not end.
        case endless
        /// After so many milliseconds.
        case late(Int)
    }

    struct Received: Sendable, Equatable {
        var path: String
        var headers: [String: String]
        var body: String

        var delivery: String { self.headers["puente-delivery"] ?? "" }
        /// Any member of the body, found by its name.
        func member(_ name: String) -> String? {
            guard let start = self.body.range(of: "\"\(name)\":")?.upperBound else { return nil }
            return String(self.body[start...].prefix { $0 != "," && $0 != "}" }).replacing("\"", with: "")
        }
    }

    private struct State {
        var received: [Received] = []
        var open: Set<String> = []
        var overlaps: [String] = []
    }

    private let state = Mutex(State())
    private let decide: @Sendable (Received, _ number: Int) -> Answer

    init(_ decide: @escaping @Sendable (Received, _ number: Int) -> Answer = { _, _ in .status(204) }) {
        self.decide = decide
    }

    var received: [Received] { self.state.withLock { $0.received } }
    /// Deliveries that came while the same one was being answered.
    var overlaps: [String] { self.state.withLock { $0.overlaps } }

    /// Listens while `body` runs; then nobody does, and what is open is cut.
    func listening(
        on host: String = "127.0.0.1", tls: TLSConfiguration? = nil, _ body: (_ port: Int) async throws -> Void
    ) async throws {
        let context = try tls.map { try NIOSSLContext(configuration: $0) }
        let children = Mutex<[any Channel]>([])
        let channel = try await ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
            .childChannelInitializer { channel in
                children.withLock { $0.append(channel) }
                return channel.eventLoop.makeCompletedFuture {
                    if let context {
                        try channel.pipeline.syncOperations.addHandler(NIOSSLServerHandler(context: context))
                    }
                    try channel.pipeline.syncOperations.configureHTTPServerPipeline()
                    try channel.pipeline.syncOperations.addHandler(Handler(self))
                }
            }
            .bind(host: host, port: 0).get()
        func end() async {
            try? await channel.close()
            for child in children.withLock({ $0 }) { try? await child.close() }
        }
        do {
            try await body(channel.localAddress?.port ?? 0)
            await end()
        } catch {
            await end()
            throw error
        }
    }

    fileprivate func take(_ request: Received) -> Answer {
        let number = self.state.withLock { state in
            if !state.open.insert(request.delivery).inserted { state.overlaps.append(request.delivery) }
            state.received.append(request)
            return state.received.count
        }
        return self.decide(request, number)
    }

    fileprivate func answered(_ request: Received) {
        _ = self.state.withLock { $0.open.remove(request.delivery) }
    }

    private final class Handler: ChannelInboundHandler {
        typealias InboundIn = HTTPServerRequestPart
        typealias OutboundOut = HTTPServerResponsePart

        private let receiver: WebhookReceiver
        private var request = Received(path: "", headers: [:], body: "")

        init(_ receiver: WebhookReceiver) { self.receiver = receiver }

        func channelRead(context: ChannelHandlerContext, data: NIOAny) {
            switch self.unwrapInboundIn(data) {
            case .head(let head):
                let headers = head.headers.map { ($0.name.lowercased(), $0.value) }
                self.request = Received(
                    path: head.uri, headers: Dictionary(headers, uniquingKeysWith: { first, _ in first }), body: "")
            case .body(let part):
                self.request.body += String(buffer: part)
            case .end:
                self.answer(self.receiver.take(self.request), context)
            }
        }

        private func answer(_ answer: Answer, _ context: ChannelHandlerContext) {
            switch answer {
            case .status(let code, let headers):
                self.respond(code, headers, context)
            case .late(let milliseconds):
                let bound = NIOLoopBound((self, context), eventLoop: context.eventLoop)
                context.eventLoop.scheduleTask(in: .milliseconds(Int64(milliseconds))) {
                    bound.value.0.respond(204, [:], bound.value.1)
                }
            case .hangUp:
                self.receiver.answered(self.request)
                context.close(promise: nil)
            case .silence:
                self.receiver.answered(self.request)
            case .endless:
                self.receiver.answered(self.request)
                let head = HTTPResponseHead(version: .http1_1, status: .ok)
                context.writeAndFlush(self.wrapOutboundOut(.head(head)), promise: nil)
                self.pour(context)
            }
        }

        private func pour(_ context: ChannelHandlerContext) {
            guard context.channel.isActive else { return }
            let bound = NIOLoopBound((self, context), eventLoop: context.eventLoop)
            let data = ByteBuffer(repeating: 0x61, count: 65_536)
            context.writeAndFlush(self.wrapOutboundOut(.body(.byteBuffer(data)))).whenSuccess {
                bound.value.0.pour(bound.value.1)
            }
        }

        private func respond(_ code: Int, _ headers: [String: String], _ context: ChannelHandlerContext) {
            self.receiver.answered(self.request)
            var all = HTTPHeaders(headers.map { ($0.key, $0.value) })
            all.replaceOrAdd(name: "content-length", value: "0")
            let head = HTTPResponseHead(
                version: .http1_1, status: HTTPResponseStatus(statusCode: code),
                headers: code == 204 ? HTTPHeaders(headers.map { ($0.key, $0.value) }) : all)
            context.write(self.wrapOutboundOut(.head(head)), promise: nil)
            context.writeAndFlush(self.wrapOutboundOut(.end(nil)), promise: nil)
        }
    }
}
