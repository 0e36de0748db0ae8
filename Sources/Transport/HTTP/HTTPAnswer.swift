internal import EngineIO
internal import NIOCore
internal import NIOHTTP1

/// A complete answer to one HTTP request.
struct HTTPAnswer: Sendable {
    var status: HTTPResponseStatus
    /// Headers that are always the same, as they go over the wire, each with its line end.
    var fixedHeaders: StaticString = ""
    var headers = HTTPHeaders()
    var body = ByteBuffer()
    /// End the connection after it.
    var closes = false
    /// Whether the body may be compressed for a client that accepts it.
    var mayBeCompressed = false

    /// An empty answer.
    static func empty(_ status: HTTPResponseStatus, closes: Bool = false) -> HTTPAnswer {
        HTTPAnswer(status: status, closes: closes)
    }

    /// A numbered refusal of Engine.IO.
    static func refusal(_ error: EngineError) -> HTTPAnswer {
        HTTPAnswer(
            status: HTTPResponseStatus(statusCode: error.status),
            fixedHeaders: "Content-Type: application/json\r\n",
            body: error.body())
    }

    /// A handshake refused by the layer above.
    static func refusal(_ rejection: Rejection) -> HTTPAnswer {
        var answer = HTTPAnswer(
            status: HTTPResponseStatus(statusCode: rejection.status),
            fixedHeaders: "Content-Type: application/json\r\n",
            body: EngineError.forbidden.body(message: rejection.message))
        if let retryAfter = rejection.retryAfter { answer.headers.add(name: "Retry-After", value: "\(retryAfter)") }
        return answer
    }

    /// The answer to a POST that was processed.
    static let postDone = HTTPAnswer(
        status: .ok,
        fixedHeaders: "Content-Type: text/html\r\ncache-control: no-store\r\n",
        body: ByteBuffer(string: "ok"))

    /// The answer to a GET: a payload of packets.
    static func poll(_ payload: EncodedPayload, mayBeCompressed: Bool = false) -> HTTPAnswer {
        HTTPAnswer(
            status: .ok, fixedHeaders: payload.kind.headers, body: payload.body, mayBeCompressed: mayBeCompressed)
    }

    /// The answer to a preflight, whose headers are the request's own.
    static func preflight(status: Int) -> HTTPAnswer {
        // 204 needs no length, but some browsers wait for a body without it.
        HTTPAnswer(
            status: HTTPResponseStatus(statusCode: status), fixedHeaders: status == 204 ? "Content-Length: 0\r\n" : "")
    }
}

extension EncodedPayload.Kind {
    fileprivate var headers: StaticString {
        switch self {
        case .text: "Content-Type: text/plain; charset=UTF-8\r\ncache-control: no-store\r\n"
        // Clients compare the whole value.
        case .binary: "Content-Type: application/octet-stream\r\ncache-control: no-store\r\n"
        case .script: "Content-Type: text/javascript; charset=UTF-8\r\ncache-control: no-store\r\n"
        }
    }
}
