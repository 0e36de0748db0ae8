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
    }

    private let scenario: Scenario
    private let eventLoop: any EventLoop
    private let port: Int
    private let done: EventLoopPromise<Int>
    private let started: () -> Void
    private var members: [LoadConnection] = []
    private var sender: LoadConnection?
    private var opened = 0
    private var ready = 0
    private var operations = 0
    private var deliveries = 0
    private var isOver = false

    /// - Parameters:
    ///   - started: called when everybody is there and warm.
    ///   - done: how much was done from then on.
    init(
        _ scenario: Scenario, on eventLoop: any EventLoop, port: Int, started: @escaping () -> Void,
        done: EventLoopPromise<Int>
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
        if case .broadcast = self.scenario, connection !== self.sender {
            connection.received = { [unowned self] _ in self.memberReady() }
            connection.send(#"420["join","all"]"#)
        } else {
            self.memberReady()
        }
        guard self.opened < self.total else { return }
        self.opened += 1
        self.open()
    }

    private func memberReady() {
        self.ready += 1
        if case .connect = self.scenario { self.operations += 1 }
        guard self.ready == self.total else { return }
        switch self.scenario {
        case .ack(_, let inFlight):
            for member in self.members {
                member.received = { [unowned self] _ in
                    self.operations += 1
                    member.send(Self.echo)
                }
                for _ in 0..<inFlight { member.send(Self.echo) }
                member.flush()
            }
        case .broadcast(let receivers, let window):
            for member in self.members {
                member.received = { [unowned self] _ in
                    self.operations += 1
                    self.deliveries += 1
                    if self.deliveries % receivers == 0 { self.say() }
                }
            }
            for _ in 0..<window { self.say() }
        case .connect:
            return self.finish()
        }
        let bound = NIOLoopBound(self, eventLoop: self.eventLoop)
        self.eventLoop.scheduleTask(in: .seconds(1)) {
            bound.value.operations = 0
            bound.value.started()
        }
        self.eventLoop.scheduleTask(in: .seconds(4)) { bound.value.finish() }
    }

    private func say() {
        self.sender?.send(Self.message)
        self.sender?.flush()
    }

    private func finish() {
        guard !self.isOver else { return }
        self.isOver = true
        self.done.succeed(self.operations)
    }

    private static let echo = #"427["echo","\#(Codecs.payload)"]"#
    private static let message = #"42["say","all","\#(Codecs.payload)"]"#
}
