internal import EngineIO
internal import HTTPTypes
internal import NIOCore
internal import NIOHTTP1

/// One TCP connection as long as it speaks HTTP: takes requests one after the other and has each answered, by an
/// engine on this loop or another, or by the fallback.
final class HTTPConnection {
    enum Phase {
        /// Between two requests, or inside a head.
        case idle
        /// The head is known, the body is arriving.
        case receiving(IncomingRequest)
        /// The request is complete and its answer is awaited.
        case answering(IncomingRequest)
        /// The last answer is written; input is discarded until the peer hangs up.
        case draining
        /// The pipeline is being handed to a WebSocket.
        case upgrading
        case closed
    }

    let loop: LoopContext
    var server: ServerContext { loop.server }
    var phase = Phase.idle
    var context: ChannelHandlerContext?
    /// The place in the pipeline where bytes are written as they are.
    var rawContext: ChannelHandlerContext?
    /// The handlers that make way for a WebSocket, the decoder last.
    var httpHandlers: [any RemovableChannelHandler] = []

    var byteGuard: RawByteGuard
    private var queue = CircularBuffer<HTTPServerRequestPart>(initialCapacity: 0)
    private var queuedRequests = 0
    private var isProcessingQueue = false
    private(set) var serial = 0

    /// Whether the counts of open connections include this one.
    var isCounted = true
    var wheelPosition = TimerWheel.Position()
    var phaseDeadline: NIODeadline
    var writeDeadline: NIODeadline?
    var stalledBytes = 0
    /// Whether the deadline of the head under way is set.
    var isHeadTimed = true

    init(loop: LoopContext) {
        self.loop = loop
        let configuration = loop.server.configuration
        byteGuard = RawByteGuard(
            maxRequestLine: configuration.maxRequestLine, maxHeaderBytes: configuration.maxHeaderBytes)
        phaseDeadline = .now() + configuration.headerTimeout
    }

    /// The peer's address without port. Written once: the system's way to do that takes longer than most requests.
    private(set) lazy var remoteAddress = context?.channel.remoteAddress?.ipAddress ?? ""

    // MARK: Raw bytes

    /// Bytes are about to be decoded; false if they must not be.
    func bytesArrived(_ bytes: ByteBuffer) -> Bool {
        switch phase {
        case .draining, .closed: return false
        case .upgrading: return true
        case .idle, .receiving, .answering: break
        }
        switch byteGuard.inspect(bytes) {
        case .pass: return true
        case .lineTooLong: refuse(.uriTooLong)
        case .headersTooLarge: refuse(.requestHeaderFieldsTooLarge)
        case .malformed: refuse(.badRequest)
        }
        return false
    }

    /// The decoder has dealt with what arrived.
    func bytesDecoded() {
        if byteGuard.isOverheadExcessive { refuse(.badRequest) }
    }

    // MARK: Requests

    func begin(_ head: HTTPRequestHead) {
        serial += 1
        isHeadTimed = false
        loop.counters.requests += 1
        let request = IncomingRequest(head: head, serial: serial)
        phase = .receiving(request)
        if let refusal = request.flaw(server.configuration) {
            refuse(refusal)
            return
        }
        route(request)
        guard case .receiving = phase, let limit = request.bodyLimit else { return }
        if let length = request.facts.contentLength, length > limit {
            // Nothing of the body is read: neither the session nor the fallback hears of the request.
            refuse(.payloadTooLarge)
        } else if request.facts.expectsContinue {
            write(.head(HTTPResponseHead(version: head.version, status: .continue)))
            context?.flush()
        }
    }

    func append(_ bytes: ByteBuffer) {
        byteGuard.contentDecoded(bytes.readableBytes)
        guard case .receiving(let request) = phase else { return }
        guard let limit = request.bodyLimit, request.body.readableBytes + bytes.readableBytes <= limit else {
            refuse(.payloadTooLarge)
            return
        }
        if request.body.readableBytes == 0 {
            request.body = bytes
        } else {
            request.body.writeImmutableBuffer(bytes)
        }
    }

    func finish() {
        byteGuard.messageEnded()
        guard case .receiving(let request) = phase else { return }
        phase = .answering(request)
        phaseDeadline = .distantFuture
        perform(request)
    }

    // MARK: Answers

    /// The answer to request number `serial` is known.
    func answer(_ answer: HTTPAnswer, to serial: Int) {
        switch phase {
        case .answering(let request) where request.serial == serial:
            send(answer, to: request)
        case .receiving(let request) where request.serial == serial:
            // Before its body is complete: what follows on this connection cannot be told apart from it any more.
            var last = answer
            last.closes = true
            send(last, to: request)
        case .idle, .receiving, .answering, .draining, .upgrading, .closed:
            break
        }
    }

    /// An engine refuses request number `serial`, which a session was asked about.
    func refuse(_ cause: ConnectionError.Cause, by engine: Engine, serial: Int) {
        if case .answering(let request) = phase, request.serial == serial { report(cause, request, engine) }
        answer(.refusal(cause.code), to: serial)
    }

    /// Ends the connection with an error that concerns HTTP itself.
    func refuse(_ status: HTTPResponseStatus) {
        loop.counters.requestsRefused += 1
        switch phase {
        case .idle:
            let head = HTTPRequestHead(version: .http1_1, method: .GET, uri: "/")
            send(.empty(status, closes: true), to: IncomingRequest(head: head, serial: serial))
        case .receiving(let request):
            request.abort(isTooLarge: status == .payloadTooLarge, connection: self)
            send(.empty(status, closes: true), to: request)
        case .answering(let request):
            // The answer under way is the last; what came after it is lost.
            request.closesAfterAnswer = true
            queue.removeAll()
        case .draining, .upgrading, .closed:
            break
        }
    }

    private func send(_ answer: HTTPAnswer, to request: IncomingRequest) {
        var answer = answer
        let isLast = closesConnection(after: answer, to: request)
        var framing = HTTPAnswer.Framing(
            version: request.responseVersion, isHead: request.head.method == .HEAD, isLast: isLast,
            extraHeaders: request.extraHeaders)
        if let coding = coding(for: answer, to: request),
            let small = loop.compressor.compress(answer.body, coding: coding)
        {
            answer.body = small
            framing.coding = coding
        }
        let (head, body) = answer.encoded(framing)
        // In front of the encoder, which serves streams alone.
        rawContext?.write(NIOAny(head), promise: nil)
        if let body { rawContext?.write(NIOAny(body), promise: nil) }
        rawContext?.flush()
        answered(isLast: isLast)
    }

    func closesConnection(after answer: HTTPAnswer?, to request: IncomingRequest) -> Bool {
        answer?.closes == true || request.closesAfterAnswer || !request.head.isKeepAlive || server.isClosing
    }

    private func coding(for answer: HTTPAnswer, to request: IncomingRequest) -> ContentCoding? {
        guard answer.mayBeCompressed, let threshold = server.configuration.compressionThreshold,
            answer.body.readableBytes >= threshold,
            let accepted = request.facts.acceptedCodings
        else { return nil }
        return ContentCoding.preferred(acceptEncoding: accepted, among: [.gzip, .deflate])
    }

    func write(_ part: HTTPServerResponsePart) {
        context?.write(NIOAny(part), promise: nil)
    }

    /// The answer is written: the next request, or the end.
    func answered(isLast: Bool) {
        guard !isLast else {
            phase = .draining
            queue.removeAll()
            setPhaseDeadline(.now() + server.configuration.closeTimeout)
            context?.close(mode: .output, promise: nil)
            return
        }
        phase = .idle
        setPhaseDeadline(.now() + server.configuration.idleTimeout)
        processQueue()
    }

    // MARK: Pipelining

    /// Requests that came before the one at hand is answered wait here, in order.
    func enqueue(_ part: HTTPServerRequestPart) {
        if case .head = part {
            queuedRequests += 1
            if queuedRequests > server.configuration.maxPipelinedRequests {
                refuse(.badRequest)
                return
            }
        }
        if case .body(let bytes) = part, bytes.readableBytes > 0, queue.count > 64 {
            refuse(.badRequest)
            return
        }
        queue.append(part)
    }

    private func processQueue() {
        guard !isProcessingQueue else { return }
        isProcessingQueue = true
        defer { isProcessingQueue = false }
        while !queue.isEmpty {
            switch phase {
            case .idle, .receiving: break
            case .answering, .draining, .upgrading, .closed: return
            }
            take(queue.removeFirst(), isQueued: true)
        }
    }

    func take(_ part: HTTPServerRequestPart, isQueued: Bool = false) {
        switch phase {
        case .idle, .receiving:
            // What waits goes first, even when it becomes processable while more arrives.
            guard isQueued || queue.isEmpty else { return enqueue(part) }
            switch part {
            case .head(let head):
                if isQueued { queuedRequests -= 1 }
                begin(head)
            case .body(let bytes): append(bytes)
            case .end: finish()
            }
        case .answering:
            enqueue(part)
        case .draining, .upgrading, .closed:
            break
        }
    }
}
