internal import NIOCore
internal import NIOPosix

/// Visitors who write, from one event loop: first one message each, which begins the chat, then for as long as it counts.
final class DurableRun {
    struct Plan: Sendable {
        var port: Int
        var key: String
        var visitors: Int
        var warmUp: TimeAmount
        var duration: TimeAmount
        /// Messages a second of all together; nil for as many as are acknowledged.
        var rate: Double?
        var isHot: Bool
    }

    private final class Visitor {
        let name: Int
        var connection: LoadConnection?
        var chat = ""
        var sent = 0
        var sentAt = NIODeadline.now()

        init(name: Int) { self.name = name }
    }

    private let plan: Plan
    private let eventLoop: any EventLoop
    private let started: () -> Void
    private let done: EventLoopPromise<Outcome>
    private var visitors: [Visitor] = []
    private var ready = 0
    private var idle: [Visitor] = []
    private var outcome = Outcome(latencies: [], refused: 0, isGapless: nil)
    private var numbers: [Int64] = []
    private var isCounting = false
    private var isOver = false
    /// Distinguishes the client ids of this run from those of earlier ones.
    private let run = UInt32.random(in: 0...UInt32.max)

    /// - Parameter started: Called when the seconds that count begin.
    init(
        _ plan: Plan, on eventLoop: any EventLoop, started: @escaping () -> Void, done: EventLoopPromise<Outcome>
    ) {
        self.plan = plan
        self.started = started
        self.eventLoop = eventLoop
        self.done = done
    }

    // MARK: Beginning

    func begin() {
        // In a hot chat the first visitor's token lets the others in as the same.
        for _ in 0..<(self.plan.isHot ? 1 : min(32, self.plan.visitors)) { self.open(#"{"key":"\#(self.plan.key)"}"#) }
    }

    private func open(_ auth: String) {
        guard self.visitors.count < self.plan.visitors else { return }
        let visitor = Visitor(name: self.visitors.count)
        self.visitors.append(visitor)
        let bound = NIOLoopBound((run: self, visitor: visitor), eventLoop: self.eventLoop)
        ClientBootstrap(group: self.eventLoop)
            .channelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    let (run, visitor) = bound.value
                    let connection = LoadConnection(
                        auth: auth, joined: { _ in }, lost: { run.fail("the gateway hung up") })
                    connection.received = { run.received($0, by: visitor) }
                    visitor.connection = connection
                    try channel.pipeline.syncOperations.addHandler(connection)
                }
            }
            .connect(host: "127.0.0.1", port: self.plan.port)
            .whenFailure { error in bound.value.run.fail("\(error)") }
    }

    private func fail(_ reason: String) {
        guard !self.isOver else { return }
        self.isOver = true
        self.done.fail(Broken(description: reason))
    }

    // MARK: Receiving

    private func received(_ packet: ByteBuffer, by visitor: Visitor) {
        let bytes = packet.readableBytesView
        switch bytes.first {
        case UInt8(ascii: "3"):
            self.acknowledged(bytes, by: visitor)
        case UInt8(ascii: "2") where visitor.sent == 0 && bytes.starts(with: Self.session):
            self.greeted(bytes, visitor)
        case UInt8(ascii: "4"):
            self.fail("CONNECT was refused: " + String(decoding: bytes, as: UTF8.self))
        default:
            break
        }
    }

    private func greeted(_ bytes: ByteBufferView, _ visitor: Visitor) {
        if self.plan.isHot, visitor.name > 0 {
            visitor.chat = self.visitors[0].chat
            return self.isReady(visitor)
        }
        self.send(from: visitor)
        visitor.connection?.flush()
        guard self.plan.isHot, let token = Self.text(after: Self.token, in: bytes) else { return }
        self.hotAuth = #"{"token":"\#(token)"}"#
    }

    private var hotAuth = ""

    private func acknowledged(_ bytes: ByteBufferView, by visitor: Visitor) {
        guard let begin = bytes.firstIndex(of: UInt8(ascii: "[")) else { return }
        let isStored = bytes[begin...].starts(with: Self.success)
        if visitor.chat.isEmpty {
            guard isStored, let chat = Self.text(after: Self.chatID, in: bytes) else {
                return self.fail("the first message was refused: " + String(decoding: bytes, as: UTF8.self))
            }
            visitor.chat = chat
            self.note(bytes)
            self.isReady(visitor)
            for _ in 1..<max(2, self.plan.isHot ? self.plan.visitors : 2) {
                self.open(self.plan.isHot ? self.hotAuth : #"{"key":"\#(self.plan.key)"}"#)
            }
            return
        }
        if isStored { self.note(bytes) } else { self.outcome.refused += 1 }
        if self.isCounting, isStored {
            let took = (NIODeadline.now() - visitor.sentAt).nanoseconds / 1000
            self.outcome.latencies.append(UInt32(clamping: took))
        }
        if self.plan.rate == nil, !self.isOver { self.send(from: visitor) } else { self.idle.append(visitor) }
    }

    /// The number in an ack, where all have to be consecutive.
    private func note(_ bytes: ByteBufferView) {
        guard self.plan.isHot, let range = bytes.firstRange(of: Self.seq) else { return }
        let digits = bytes[range.upperBound...].prefix { (0x30...0x39).contains($0) }
        self.numbers.append(digits.reduce(0) { $0 * 10 + Int64($1 - 0x30) })
    }

    // MARK: Sending

    private func send(from visitor: Visitor) {
        visitor.sent += 1
        visitor.sentAt = .now()
        let chat = visitor.chat.isEmpty ? "" : #""chatId":"\#(visitor.chat)","#
        visitor.connection?.send(
            #"42\#(visitor.sent)["message:send",{\#(chat)"content":"El pedido \#(visitor.sent) es de color azul y talla mediana, lo compré el martes en la tienda.","clientMsgId":"\#(self.run)-\#(visitor.name)-\#(visitor.sent)"}]"#
        )
    }

    private func isReady(_ visitor: Visitor) {
        self.ready += 1
        self.idle.append(visitor)
        guard self.ready == self.plan.visitors else { return }
        if let rate = self.plan.rate {
            self.tick(rate, since: .now(), sent: 0)
        } else {
            for visitor in self.idle {
                self.send(from: visitor)
                visitor.connection?.flush()
            }
            self.idle = []
        }
        let bound = NIOLoopBound(self, eventLoop: self.eventLoop)
        self.eventLoop.scheduleTask(in: self.plan.warmUp) {
            bound.value.isCounting = true
            bound.value.started()
        }
        self.eventLoop.scheduleTask(in: self.plan.warmUp + self.plan.duration) { bound.value.finish() }
    }

    /// Sends what is due by now, from whoever waits for nothing.
    private func tick(_ rate: Double, since start: NIODeadline, sent: Int) {
        guard !self.isOver else { return }
        let due = Int(Double((NIODeadline.now() - start).nanoseconds) / 1e9 * rate)
        let now = min(due - sent, self.idle.count)
        for visitor in self.idle.prefix(max(0, now)) {
            self.send(from: visitor)
            visitor.connection?.flush()
        }
        self.idle.removeFirst(max(0, now))
        let bound = NIOLoopBound(self, eventLoop: self.eventLoop)
        self.eventLoop.scheduleTask(in: .milliseconds(1)) {
            bound.value.tick(rate, since: start, sent: sent + max(0, now))
        }
    }

    private func finish() {
        guard !self.isOver else { return }
        self.isCounting = false
        self.isOver = true
        // What is under way still gets its ack: then all numbers are there.
        let bound = NIOLoopBound(self, eventLoop: self.eventLoop)
        self.eventLoop.scheduleTask(in: .seconds(2)) {
            let run = bound.value
            if run.plan.isHot {
                let sorted = run.numbers.sorted()
                run.outcome.isGapless = zip(sorted, sorted.dropFirst()).allSatisfy { $1 == $0 + 1 }
            }
            run.done.succeed(run.outcome)
        }
    }

    // MARK: Bytes

    private static let session = Array(#"2["session""#.utf8)
    private static let success = Array(#"[{"ok":true"#.utf8)
    private static let chatID = Array(#""chatId":""#.utf8)
    private static let token = Array(#""token":""#.utf8)
    private static let seq = Array(#""seq":"#.utf8)

    private static func text(after mark: [UInt8], in bytes: ByteBufferView) -> String? {
        guard let range = bytes.firstRange(of: mark) else { return nil }
        return String(decoding: bytes[range.upperBound...].prefix { $0 != UInt8(ascii: "\"") }, as: UTF8.self)
    }
}
