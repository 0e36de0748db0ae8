internal import NIOCore
internal import NIOPosix

/// One long-polling client of a load: two connections, on which a GET waits while an event goes out by POST.
final class LoadPoller {
    private let eventLoop: any EventLoop
    private let port: Int
    private let joined: () -> Void
    private let lost: () -> Void
    private var getter: (any Channel)?
    private var poster: (any Channel)?
    private var target = "/socket.io/?EIO=4&transport=polling"
    private var isJoined = false
    /// Answers that are still to come before the round trip is complete.
    private var outstanding = 0
    /// Called after each round trip.
    var completed: () -> Void = {}

    init(on eventLoop: any EventLoop, port: Int, joined: @escaping () -> Void, lost: @escaping () -> Void) {
        self.eventLoop = eventLoop
        self.port = port
        self.joined = joined
        self.lost = lost
    }

    func open() {
        let bound = NIOLoopBound(self, eventLoop: self.eventLoop)
        self.connect { $0.answered($1) }.and(self.connect { poller, _ in poller.posted() }).whenComplete { result in
            guard case .success(let (getter, poster)) = result else { return bound.value.lost() }
            bound.value.getter = getter
            bound.value.poster = poster
            bound.value.get()
        }
    }

    private func connect(_ answered: @escaping (LoadPoller, String) -> Void) -> EventLoopFuture<any Channel> {
        let bound = NIOLoopBound((poller: self, answered: answered), eventLoop: self.eventLoop)
        return ClientBootstrap(group: self.eventLoop)
            .channelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    let (poller, answered) = bound.value
                    try channel.pipeline.syncOperations.addHandler(
                        Answers({ answered(poller, $0) }, lost: { poller.lost() }))
                }
            }
            .connect(host: "127.0.0.1", port: self.port)
    }

    /// Sends an event, and polls for what it is answered.
    func exchange(_ event: String) {
        self.outstanding = 2
        self.get()
        self.post(event)
    }

    private func get() { self.write("GET \(self.target) HTTP/1.1\r\nHost: localhost\r\n\r\n", to: self.getter) }

    private func post(_ body: String) {
        self.write(
            "POST \(self.target) HTTP/1.1\r\nHost: localhost\r\nContent-Type: text/plain;charset=UTF-8\r\n"
                + "Content-Length: \(body.utf8.count)\r\n\r\n\(body)", to: self.poster)
    }

    private func write(_ text: String, to channel: (any Channel)?) {
        channel?.writeAndFlush(ByteBuffer(string: text), promise: nil)
    }

    private func posted() { if self.isJoined { self.half() } }

    private func answered(_ body: String) {
        switch body.utf8.first {
        case UInt8(ascii: "0"):
            guard let mark = body.firstRange(of: #""sid":""#) else { return self.lost() }
            self.target += "&sid=" + body[mark.upperBound...].prefix { $0 != "\"" }
            self.post("40")
            self.get()
        case UInt8(ascii: "2"):
            self.post("3")
            self.get()
        default:
            guard self.isJoined else {
                self.isJoined = true
                return self.joined()
            }
            self.half()
        }
    }

    private func half() {
        self.outstanding -= 1
        if self.outstanding == 0 { self.completed() }
    }

    /// Takes answers with a `Content-Length` apart.
    private final class Answers: ChannelInboundHandler {
        typealias InboundIn = ByteBuffer

        private var input = ByteBuffer()
        private let answered: (String) -> Void
        private let lost: () -> Void

        init(_ answered: @escaping (String) -> Void, lost: @escaping () -> Void) {
            self.answered = answered
            self.lost = lost
        }

        func channelRead(context: ChannelHandlerContext, data: NIOAny) {
            self.input.writeImmutableBuffer(self.unwrapInboundIn(data))
            while let body = self.next() { self.answered(body) }
            self.input.discardReadBytes()
        }

        func channelInactive(context: ChannelHandlerContext) { self.lost() }

        func errorCaught(context: ChannelHandlerContext, error: any Error) { context.close(promise: nil) }

        private func next() -> String? {
            let view = self.input.readableBytesView
            guard let end = view.firstRange(of: Self.blankLine)?.upperBound,
                let field = view.firstRange(of: Self.lengthField)?.upperBound, field < end
            else { return nil }
            let length = view[field...].prefix { 0x30...0x39 ~= $0 }.reduce(0) { $0 * 10 + Int($1 - 0x30) }
            guard self.input.writerIndex - end >= length else { return nil }
            self.input.moveReaderIndex(to: end)
            return self.input.readString(length: length)
        }

        private static let blankLine = Array("\r\n\r\n".utf8)
        private static let lengthField = Array("Content-Length: ".utf8)
    }
}
