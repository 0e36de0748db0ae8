internal import EngineIO
internal import NIOCore
internal import NIOHTTP1

/// A request under way on an ``HTTPConnection``.
final class IncomingRequest {
    /// What is to be done once the body is complete.
    enum Plan {
        /// This answer, whatever the body says.
        case answer(HTTPAnswer)
        case openSession(Engine, EngineHandshake)
        case poll(EngineConnection)
        case post(EngineConnection)
        case upgrade(WebSocketHandshake, UpgradeGoal)
        case fallback
    }

    /// What a WebSocket handshake is for.
    enum UpgradeGoal: Sendable {
        case newSession(Engine, EngineHandshake)
        /// The candidate of a session, with the form that it asks for.
        case existingSession(EngineConnection, WireForm, EngineRequest)
        /// Answer 101 and close at once, as Node does with `transport=polling`.
        case nothing(WebSocketLimits)
        case service(WebSocketEndpoint)
    }

    let head: HTTPRequestHead
    let facts: RequestFacts
    let serial: Int
    var plan = Plan.fallback
    var body = ByteBuffer()
    /// CORS and the like, added to whatever the answer is.
    var extraHeaders: [(String, String)] = []
    var closesAfterAnswer = false
    /// Whether the session was told of a POST whose body is still arriving.
    var isAnnounced = false
    /// The task that answers a fallback request.
    var task: Task<Void, Never>?
    /// When the first read ended without the whole body.
    var bodyStart: NIODeadline?
    /// Most bytes of the body; nil while no plan wants one.
    var bodyLimit: Int?

    init(head: HTTPRequestHead, serial: Int) {
        self.head = head
        self.serial = serial
        facts = RequestFacts(head.headers)
        // After these NIO's decoder parses nothing more on the connection, whatever we answer.
        closesAfterAnswer = facts.hasUpgrade || head.method == .CONNECT
    }

    /// Whether the head says what no route can put right, and with what that is answered.
    func flaw(_ configuration: TransportConfiguration) -> HTTPResponseStatus? {
        if head.uri.utf8.count > configuration.maxRequestLine { return .uriTooLong }
        if head.headers.count > configuration.maxHeaderCount { return .requestHeaderFieldsTooLarge }
        if facts.isLengthAmbiguous { return .badRequest }
        if head.version.isPersistent, facts.hosts != 1 { return .badRequest }
        if facts.hasCodedBody { return .unsupportedMediaType }
        return nil
    }

    /// The version to answer with: a 1.0 client gets a 1.0 status line from NIO's encoder, no chunked body.
    var responseVersion: HTTPVersion { head.version }

    /// The request ends before it is complete, or before it is answered: the client left, or broke HTTP.
    ///
    /// - Parameter isTooLarge: only the body is refused; a session that was told of it goes on.
    func abort(isTooLarge: Bool = false, connection: HTTPConnection) {
        let exchange = HTTPExchange(connection: connection, serial: serial)
        switch plan {
        case .poll(let session): session.onHomeLoop { $0.pollAborted(exchange) }
        case .post(let session) where isAnnounced:
            session.onHomeLoop { isTooLarge ? $0.postRefused(exchange) : $0.postAborted(exchange) }
        case .post, .answer, .openSession, .upgrade: break
        case .fallback: task?.cancel()
        }
    }
}
