internal import HTTPTypes
internal import NIOCore
internal import NIOHTTP1

extension HTTPConnection {
    /// Starts the task that answers one request.
    ///
    /// It is not part of a task group: its owner is the connection, which cancels it when the client leaves, and its
    /// only way out is `respond`, which cannot throw.
    func startFallback(_ request: IncomingRequest) {
        guard let head = HTTPRequest(request.head) else {
            answer(.empty(.badRequest, closes: true), to: request.serial)
            return
        }
        let fallbackRequest = FallbackRequest(
            head: head, body: request.body, remoteAddress: remoteAddress, isSecure: server.isSecure)
        request.body = ByteBuffer()
        request.task = Self.task(
            answering: fallbackRequest, server.fallback, NIOLoopBound(self, eventLoop: loop.eventLoop),
            loop.eventLoop, request.serial)
    }

    private static func task(
        answering request: FallbackRequest,
        _ fallback: any FallbackHandler,
        _ bound: NIOLoopBound<HTTPConnection>,
        _ eventLoop: any EventLoop,
        _ serial: Int
    ) -> Task<Void, Never> {
        Task {
            await respond(to: request, fallback, bound, eventLoop, serial)
        }
    }

    private static func respond(
        to request: FallbackRequest,
        _ fallback: any FallbackHandler,
        _ bound: NIOLoopBound<HTTPConnection>,
        _ eventLoop: any EventLoop,
        _ serial: Int
    ) async {
        let response = await fallback.respond(to: request)
        switch response.body {
        case .complete(let body):
            let answer = HTTPAnswer(response.head, body: body)
            eventLoop.execute { bound.value.answer(answer, to: serial) }
        case .streamed(let produce):
            await stream(response.head, produce, bound, eventLoop, serial)
        }
    }

    private static func stream(
        _ head: HTTPResponse,
        _ produce: @Sendable (FallbackBodyWriter) async throws -> Void,
        _ bound: NIOLoopBound<HTTPConnection>,
        _ eventLoop: any EventLoop,
        _ serial: Int
    ) async {
        do {
            try await eventLoop.flatSubmit { bound.value.beginStream(head, serial) }.get()
            let writer = FallbackBodyWriter { piece in
                try await eventLoop.flatSubmit { bound.value.writePiece(piece, serial) }.get()
            }
            try await produce(writer)
            eventLoop.execute { bound.value.endStream(serial) }
        } catch {
            // The client must not take what it got for the whole: no terminating chunk.
            eventLoop.execute { bound.value.breakStream(serial) }
        }
    }

    /// The request that a stream answers, if it is still the current one.
    private func streaming(_ serial: Int) -> IncomingRequest? {
        switch phase {
        case .answering(let request) where request.serial == serial: request
        case .idle, .receiving, .answering, .draining, .upgrading, .closed: nil
        }
    }

    private func beginStream(_ response: HTTPResponse, _ serial: Int) -> EventLoopFuture<Void> {
        guard let request = streaming(serial) else {
            return loop.eventLoop.makeFailedFuture(ChannelError.ioOnClosedChannel)
        }
        var head = HTTPResponseHead(
            version: request.responseVersion, status: .init(statusCode: response.status.code),
            headers: HTTPHeaders(response.headerFields))
        for (name, value) in request.extraHeaders { head.headers.add(name: name, value: value) }
        // A 1.0 client learns the end of the body from the end of the connection.
        if !request.head.version.isPersistent { request.closesAfterAnswer = true }
        if closesConnection(after: nil, to: request) { head.headers.replaceOrAdd(name: "Connection", value: "close") }
        write(.head(head))
        return flush()
    }

    private func writePiece(_ piece: ByteBuffer, _ serial: Int) -> EventLoopFuture<Void> {
        guard let request = streaming(serial) else {
            return loop.eventLoop.makeFailedFuture(ChannelError.ioOnClosedChannel)
        }
        guard request.head.method != .HEAD, piece.readableBytes > 0 else {
            return loop.eventLoop.makeSucceededVoidFuture()
        }
        write(.body(.byteBuffer(piece)))
        return flush()
    }

    private func endStream(_ serial: Int) {
        guard let request = streaming(serial) else { return }
        write(.end(nil))
        context?.flush()
        answered(isLast: closesConnection(after: nil, to: request))
    }

    private func breakStream(_ serial: Int) {
        guard streaming(serial) != nil else { return }
        context?.close(promise: nil)
    }

    /// Flushes; the future completes when the system has taken everything.
    private func flush() -> EventLoopFuture<Void> {
        guard let context else { return loop.eventLoop.makeFailedFuture(ChannelError.ioOnClosedChannel) }
        let promise = context.eventLoop.makePromise(of: Void.self)
        context.writeAndFlush(NIOAny(HTTPServerResponsePart.body(.byteBuffer(ByteBuffer()))), promise: promise)
        return promise.futureResult
    }
}

extension HTTPAnswer {
    fileprivate init(_ head: HTTPResponse, body: ByteBuffer) {
        self.init(
            status: HTTPResponseStatus(statusCode: head.status.code, reasonPhrase: head.status.reasonPhrase),
            headers: HTTPHeaders(head.headerFields),
            body: body)
    }
}

extension HTTPHeaders {
    fileprivate init(_ fields: HTTPFields) {
        self.init()
        reserveCapacity(fields.count)
        for field in fields { add(name: field.name.rawName, value: field.value) }
    }
}

extension HTTPRequest {
    /// Nil for a method or target that HTTP types cannot hold.
    fileprivate init?(_ head: HTTPRequestHead) {
        guard let method = Method(head.method.rawValue) else { return nil }
        var fields = HTTPFields()
        fields.reserveCapacity(head.headers.count)
        var authority: String?
        for (name, value) in head.headers {
            guard let fieldName = HTTPField.Name(name) else { return nil }
            if name.lowercased() == "host" {
                authority = value
            } else {
                fields.append(HTTPField(name: fieldName, value: value))
            }
        }
        self.init(method: method, scheme: "http", authority: authority, path: head.uri, headerFields: fields)
    }
}
