package import HTTPTypes
package import NIOCore

/// Answers every request that is not Engine.IO's. One task per request runs it; an idle connection has none.
package protocol FallbackHandler: Sendable {
    /// Answers one request. Errors are the implementation's to translate: this function cannot throw.
    ///
    /// The task is cancelled when the client goes away.
    func respond(to request: FallbackRequest) async -> FallbackResponse
}

/// A complete HTTP request.
package struct FallbackRequest: Sendable {
    package var head: HTTPRequest
    /// The whole body, at most ``TransportConfiguration/maxFallbackBody`` bytes.
    package var body: ByteBuffer
    /// The peer's IP address, without port.
    package var remoteAddress: String
    /// Whether the request came over TLS.
    package var isSecure: Bool

    package init(head: HTTPRequest, body: ByteBuffer, remoteAddress: String, isSecure: Bool) {
        self.head = head
        self.body = body
        self.remoteAddress = remoteAddress
        self.isSecure = isSecure
    }
}

/// An HTTP answer: complete, or written piece by piece.
package struct FallbackResponse: Sendable {
    package enum Body: Sendable {
        /// The whole body; its `Content-Length` is added, and the answer to `HEAD` leaves the body itself out.
        case complete(ByteBuffer)
        /// A body of unknown length (chunked). Throwing after the first piece ends the connection, so that the client
        /// does not take a part for the whole.
        case streamed(@Sendable (FallbackBodyWriter) async throws -> Void)
    }

    package var head: HTTPResponse
    package var body: Body

    package init(head: HTTPResponse, body: Body) {
        self.head = head
        self.body = body
    }

    package init(status: HTTPResponse.Status, headers: HTTPFields = [:], body: ByteBuffer = ByteBuffer()) {
        self.init(head: HTTPResponse(status: status, headerFields: headers), body: .complete(body))
    }
}

/// The fallback of a server that has nothing besides its engines: 404 for everything.
package struct NotFoundFallback: FallbackHandler {
    package init() {}

    package func respond(to request: FallbackRequest) async -> FallbackResponse {
        FallbackResponse(
            status: .notFound,
            headers: [.contentType: "text/html; charset=utf-8"],
            body: ByteBuffer(string: "<!DOCTYPE html><title>404</title><p>Not found</p>\n")
        )
    }
}
