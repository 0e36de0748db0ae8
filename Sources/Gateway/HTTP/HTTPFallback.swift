internal import HTTPTypes
internal import Hummingbird
internal import Logging
internal import NIOCore
internal import SocketServer
internal import Synchronization
internal import Transport

/// Answers everything on the port that is not Engine.IO, through Hummingbird's router. Hummingbird's own server is not
/// used: its child channel costs a task and an async channel per connection, idle WebSockets included.
struct HTTPFallback: FallbackHandler {
    private let responder: RouterResponder<GatewayRequestContext>
    /// Asked first; it knows its few names.
    private let clientBundle: ClientBundle?
    private let logger: Logger
    private let ids = RequestIDs()

    init(router: Router<GatewayRequestContext>, clientBundle: ClientBundle? = nil, logger: Logger) {
        self.responder = router.buildResponder()
        self.clientBundle = clientBundle
        self.logger = logger
    }

    /// Browsers that were here over TLS come over TLS for a year. For this host alone: its neighbours are not ours.
    private static let secureOnly = "max-age=31536000"

    func respond(to request: FallbackRequest) async -> FallbackResponse {
        var response = await self.answer(request)
        // RFC 6797 section 7.2: not over plain HTTP. Behind a proxy that ends TLS it is the proxy's to say.
        if request.isSecure { response.head.headerFields[.strictTransportSecurity] = Self.secureOnly }
        return response
    }

    private func answer(_ request: FallbackRequest) async -> FallbackResponse {
        if let file = self.clientBundle?.respond(to: request) { return file }
        let logger = self.logger.with(.requestID, self.ids.next())
        let context = GatewayRequestContext(
            source: GatewayRequestSource(
                logger: logger, remoteAddress: request.remoteAddress, isSecure: request.isSecure
            )
        )
        do {
            let response = try await self.responder.respond(
                to: Request(head: request.head, body: RequestBody(buffer: request.body)), context: context
            )
            // The path only: a query may carry a credential.
            logger.debug(
                "request",
                metadata: [
                    LogKey.method.rawValue: "\(request.head.method)",
                    LogKey.path.rawValue: "\(request.head.path?.prefix { $0 != "?" } ?? "")",
                    LogKey.status.rawValue: "\(response.status.code)",
                ]
            )
            // The router has no page of its own for a path that nobody has.
            return response.status == .notFound ? NotFoundPage.response : try await Self.convert(response)
        } catch {
            logger.error("request failed", error: error)
            return FallbackResponse(status: .internalServerError)
        }
    }

    /// Small bodies are collected; one of unknown length is passed on piece by piece.
    private static func convert(_ response: Response) async throws -> FallbackResponse {
        let body = response.body
        guard body.contentLength == nil else {
            let collected = CollectingBodyWriter()
            try await body.write(collected)
            return FallbackResponse(head: response.head, body: .complete(collected.body))
        }
        return FallbackResponse(
            head: response.head,
            body: .streamed { writer in try await body.write(StreamingBodyWriter(writer: writer)) }
        )
    }
}

/// Ids of requests: unique in the log of one process.
private final class RequestIDs: Sendable {
    private let last = Atomic<UInt64>(0)
    private let prefix = Hexadecimal.encode(SecureRandom.bytes(count: 3))

    func next() -> String {
        "\(self.prefix)-\(self.last.wrappingAdd(1, ordering: .relaxed).newValue)"
    }
}

/// Gathers a body whose length is known.
private final class CollectingBodyWriter: ResponseBodyWriter {
    private(set) var body = ByteBuffer()

    func write(_ buffer: ByteBuffer) async throws {
        self.body.writeImmutableBuffer(buffer)
    }

    func finish(_ trailingHeaders: HTTPFields?) async throws {}
}

/// Passes a body on to the connection.
private struct StreamingBodyWriter: ResponseBodyWriter {
    let writer: FallbackBodyWriter

    mutating func write(_ buffer: ByteBuffer) async throws {
        try await self.writer.write(buffer)
    }

    consuming func finish(_ trailingHeaders: HTTPFields?) async throws {}
}
