internal import EngineIO
internal import NIOCore
internal import NIOHTTP1

/// A complete answer to one HTTP request.
struct HTTPAnswer: Sendable {
    var status: HTTPResponseStatus
    var headers = HTTPHeaders()
    var body = ByteBuffer()
    /// End the connection after it.
    var closes = false

    /// An empty answer.
    static func empty(_ status: HTTPResponseStatus, closes: Bool = false) -> HTTPAnswer {
        HTTPAnswer(status: status, closes: closes)
    }

    /// A numbered refusal of Engine.IO.
    static func refusal(_ error: EngineError) -> HTTPAnswer {
        HTTPAnswer(
            status: HTTPResponseStatus(statusCode: error.status),
            headers: [("Content-Type", "application/json")].asHeaders,
            body: error.body())
    }

    /// A handshake refused by the layer above.
    static func refusal(_ rejection: Rejection) -> HTTPAnswer {
        var answer = HTTPAnswer(
            status: HTTPResponseStatus(statusCode: rejection.status),
            headers: [("Content-Type", "application/json")].asHeaders,
            body: EngineError.forbidden.body(message: rejection.message))
        if let retryAfter = rejection.retryAfter { answer.headers.add(name: "Retry-After", value: "\(retryAfter)") }
        return answer
    }

    /// The answer to a POST that was processed.
    static let postDone = HTTPAnswer(
        status: .ok,
        headers: [("Content-Type", "text/html"), ("cache-control", "no-store")].asHeaders,
        body: ByteBuffer(string: "ok"))

    /// The answer to a GET: a payload of packets.
    static func poll(_ payload: EncodedPayload) -> HTTPAnswer {
        HTTPAnswer(
            status: .ok,
            headers: [("Content-Type", payload.kind.contentType), ("cache-control", "no-store")].asHeaders,
            body: payload.body)
    }
}

extension EncodedPayload.Kind {
    fileprivate var contentType: String {
        switch self {
        case .text: "text/plain; charset=UTF-8"
        // Clients compare the whole value.
        case .binary: "application/octet-stream"
        case .script: "text/javascript; charset=UTF-8"
        }
    }
}

extension [(String, String)] {
    fileprivate var asHeaders: HTTPHeaders { HTTPHeaders(self) }
}
