internal import NIOCore
internal import NIOPosix

/// One scenario against a running server, from one event loop.
final class LoadRun {
    enum Scenario {
        /// Every connection keeps so many events with ack under way.
        case ack(connections: Int, inFlight: Int)
        /// One sender, and everybody else in one room; so many messages are under way that not all have.
        case broadcast(receivers: Int, window: Int)
        /// Connections up to the answer to CONNECT, so many under way at a time.
        case connect(connections: Int, atOnce: Int)
        /// Connections that say nothing but what heartbeats ask for, so many seconds.
        case hold(connections: Int, seconds: Int)
        /// Rooms of so many members each, one after the other told something by a member: so many deliveries per second.
        case rooms(count: Int, size: Int, perSecond: Int)
        /// Long-polling clients, each with one event under way.
        case polling(sessions: Int)
    }

    struct Outcome {
        var operations = 0
        /// Microseconds from saying to hearing, where a scenario measures them.
        var delays: [Int] = []
    }

    private let scenario: Scenario
    private let eventLoop: any EventLoop
    private let port: Int
    private let done: EventLoopPromise<Outcome>
    private let started: () -> Void
    private var members: [LoadConnection] = []
    private var pollers: [LoadPoller] = []
    private var sender: LoadConnection?
    private var opened = 0
    private var ready = 0
    private var outcome = Outcome()
    private var deliveries = 0
    /// The room that is told something next.
    private var turn = 0
    private var isOver = false

    /// - Parameters:
    ///   - started: called when everybody is there and warm.
    ///   - done: how much was done from then on.
    init(
        _ scenario: Scenario, on eventLoop: any EventLoop, port: Int, started: @escaping () -> Void,
        done: EventLoopPromise<Outcome>
    ) {
        self.scenario = scenario
        self.eventLoop = eventLoop
        self.port = port
        self.started = started
        self.done = done
    }

    private var total: Int {
        switch self.scenario {
        case .ack(let connections, _): connections
        case .broadcast(let receivers, _): receivers + 1
        case .connect(let connections, _): connections
        case .hold(let connections, _): connections
        case .rooms(let count, let size, _): count * size
        case .polling(let sessions): sessions
        }
    }

    func begin() {
        var atOnce = 64
        if case .connect(_, let given) = self.scenario {
            atOnce = given
            self.started()
        }
        self.opened = min(atOnce, self.total)
        for _ in 0..<self.opened { self.open() }
    }

    private func open() {
        if case .polling = self.scenario { return self.openPoller() }
        let bound = NIOLoopBound(self, eventLoop: self.eventLoop)
        ClientBootstrap(group: self.eventLoop)
            .channelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    let run = bound.value
                    try channel.pipeline.syncOperations.addHandler(
                        LoadConnection(joined: { run.joined($0) }, lost: { run.fail("the server hung up") }))
                }
            }
            .connect(host: "127.0.0.1", port: self.port)
            .whenFailure { error in bound.value.fail("\(error)") }
    }

    private func openPoller() {
        let poller = LoadPoller(
            on: self.eventLoop, port: self.port, joined: { self.memberReady() },
            lost: { self.fail("the server hung up") })
        self.pollers.append(poller)
        poller.open()
        self.openNext()
    }

    private func fail(_ reason: String) {
        guard !self.isOver else { return }
        self.isOver = true
        self.done.fail(Broken(description: reason))
    }

    private func joined(_ connection: LoadConnection) {
        if case .broadcast = self.scenario, self.sender == nil {
            self.sender = connection
        } else {
            self.members.append(connection)
        }
        if let room = self.room(of: connection) {
            connection.received = { [unowned self] _ in self.memberReady() }
            connection.send(#"420["join","\#(room)"]"#)
        } else {
            self.memberReady()
        }
        self.openNext()
    }

    /// The room that a connection that has just come goes into.
    private func room(of connection: LoadConnection) -> String? {
        switch self.scenario {
        case .broadcast: connection === self.sender ? nil : "all"
        case .rooms(let count, _, _): "r\((self.members.count - 1) % count)"
        case .ack, .connect, .hold, .polling: nil
        }
    }

    private func openNext() {
        guard self.opened < self.total else { return }
        self.opened += 1
        self.open()
    }

    private func memberReady() {
        self.ready += 1
        if case .connect = self.scenario { self.outcome.operations += 1 }
        guard self.ready == self.total else { return }
        switch self.scenario {
        case .ack(_, let inFlight):
            for member in self.members {
                member.received = { [unowned self] _ in
                    self.outcome.operations += 1
                    member.send(Self.echo)
                }
                for _ in 0..<inFlight { member.send(Self.echo) }
                member.flush()
            }
        case .broadcast(let receivers, let window):
            for member in self.members {
                member.received = { [unowned self] _ in
                    self.outcome.operations += 1
                    self.deliveries += 1
                    if self.deliveries % receivers == 0 { self.say() }
                }
            }
            for _ in 0..<window { self.say() }
        case .rooms(let count, let size, let perSecond):
            for member in self.members { member.received = { [unowned self] in self.heard($0) } }
            self.speak(in: count, each: perSecond / size / Self.beats)
        case .polling:
            for poller in self.pollers {
                poller.completed = { [unowned self, unowned poller] in
                    self.outcome.operations += 1
                    poller.exchange(Self.echo)
                }
                poller.exchange(Self.echo)
            }
        case .connect:
            return self.finish()
        case .hold(let connections, let seconds):
            return self.hold(connections, seconds: seconds)
        }
        let bound = NIOLoopBound(self, eventLoop: self.eventLoop)
        self.eventLoop.scheduleTask(in: .seconds(1)) {
            bound.value.outcome = Outcome()
            bound.value.started()
        }
        self.eventLoop.scheduleTask(in: .seconds(4)) { bound.value.finish() }
    }

    /// An operation is a connection for a second.
    private func hold(_ connections: Int, seconds: Int) {
        self.started()
        self.outcome.operations = connections * seconds
        let bound = NIOLoopBound(self, eventLoop: self.eventLoop)
        self.eventLoop.scheduleTask(in: .seconds(Int64(seconds))) { bound.value.finish() }
    }

    private func say() {
        self.sender?.send(Self.message)
        self.sender?.flush()
    }

    // MARK: Rooms

    /// Rounds per second.
    private static let beats = 200

    /// Tells the next `each` rooms something, and again with the next beat.
    private func speak(in rooms: Int, each: Int) {
        guard !self.isOver else { return }
        let now = NIODeadline.now().uptimeNanoseconds
        for _ in 0..<each {
            let member = self.members[self.turn % rooms]
            member.send(#"42["say","r\#(self.turn % rooms)","\#(now) \#(Codecs.payload)"]"#)
            member.flush()
            self.turn += 1
        }
        let bound = NIOLoopBound(self, eventLoop: self.eventLoop)
        self.eventLoop.scheduleTask(in: .nanoseconds(1_000_000_000 / Int64(Self.beats))) {
            bound.value.speak(in: rooms, each: each)
        }
    }

    private func heard(_ packet: ByteBuffer) {
        let time = packet.readableBytesView.dropFirst(#"2["said","#.utf8.count + 1).prefix { 0x30...0x39 ~= $0 }
            .reduce(UInt64(0)) { $0 * 10 + UInt64($1 - 0x30) }
        self.outcome.operations += 1
        self.outcome.delays.append(Int(NIODeadline.now().uptimeNanoseconds - time) / 1000)
    }

    private func finish() {
        guard !self.isOver else { return }
        self.isOver = true
        self.done.succeed(self.outcome)
    }

    private static let echo = #"427["echo","\#(Codecs.payload)"]"#
    private static let message = #"42["say","all","\#(Codecs.payload)"]"#
}
