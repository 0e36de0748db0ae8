internal import EngineIO
internal import NIOCore

/// Something whose bytes are sent once per turn of the event loop.
protocol FlushTarget: AnyObject {
    func flushPending()
}

/// What all connections of one server share on one event loop: timers, counters, pending flushes, scratch memory.
final class LoopContext {
    let eventLoop: any EventLoop
    let server: ServerContext
    var counters = TransportMetrics()
    var generator = SystemRandomNumberGenerator()
    let compressor = ResponseCompressor()
    /// zlib's state for compressed WebSockets; made by the first of them.
    private(set) lazy var deflatePool = DeflatePool(
        options: server.configuration.perMessageDeflate ?? PerMessageDeflate())
    /// Unmasked frames of the read under way; reused unless somebody kept a part of it.
    var scratch: ByteBuffer
    /// Frames of broadcasts that fell into this turn.
    var sharedFrames = SharedFrames()

    private var wheel: TimerWheel
    private var wake: (time: NIODeadline, callback: NIOScheduledCallback)?
    private var flushTargets: [any FlushTarget] = []

    init(eventLoop: any EventLoop, server: ServerContext) {
        self.eventLoop = eventLoop
        self.server = server
        wheel = TimerWheel(tick: server.timerTick, now: .now())
        scratch = ByteBufferAllocator().buffer(capacity: 4096)
    }

    /// Makes the context of a loop, reached from then on only there.
    static func make(on eventLoop: any EventLoop, server: ServerContext) -> NIOLoopBoundBox<LoopContext> {
        NIOLoopBoundBox.makeBoxSendingValue(LoopContext(eventLoop: eventLoop, server: server), eventLoop: eventLoop)
    }

    // MARK: Timers

    /// Adds `target` to the wheel, or takes notice that its deadline moved to an earlier time.
    func arm(_ target: any TimerWheelTarget) {
        wheel.arm(target)
        if let wake, wake.time <= target.deadline { return }
        scheduleWake()
    }

    func disarm(_ target: any TimerWheelTarget) {
        wheel.remove(target)
    }

    /// All sessions and connections of this loop that have a deadline, which is all but upgraded sockets of sessions.
    var timerTargets: [any TimerWheelTarget] { wheel.targets }

    /// The counters, with the gauges filled in.
    var snapshot: TransportMetrics {
        var metrics = counters
        let targets = wheel.targets
        metrics.timers = targets.count
        metrics.pendingBytes = targets.reduce(0) { $0 + $1.pendingBytes }
        return metrics
    }

    private func scheduleWake() {
        guard let next = wheel.nextWake else { return }
        if let wake {
            guard next < wake.time else { return }
            wake.callback.cancel()
        }
        wake = (try? eventLoop.assumeIsolated().scheduleCallback(at: next, handler: self)).map { (next, $0) }
    }

    // MARK: Connections

    func connectionOpened() {
        counters.connectionsAccepted += 1
        counters.connectionsOpen += 1
    }

    /// A connection came from another loop, which counts it as closed.
    func connectionMoved() {
        counters.connectionsOpen += 1
        server.budget.take()
    }

    func connectionClosed() {
        counters.connectionsOpen -= 1
        server.budget.giveBack()
    }

    // MARK: Flushes

    /// Has `target` flushed at the end of this turn of the loop. Call once per turn.
    func scheduleFlush(_ target: any FlushTarget) {
        flushTargets.append(target)
        guard flushTargets.count == 1 else { return }
        eventLoop.assumeIsolated().execute { self.flushAll() }
    }

    private func flushAll() {
        var targets: [any FlushTarget] = []
        swap(&targets, &flushTargets)
        for target in targets { target.flushPending() }
        sharedFrames.removeAll()
        // Give the array back, so that the next turn does not grow a new one.
        guard flushTargets.isEmpty, targets.count <= 4096 else { return }
        targets.removeAll(keepingCapacity: true)
        flushTargets = targets
    }
}

extension LoopContext: NIOScheduledCallbackHandler {
    func handleScheduledCallback(eventLoop: some EventLoop) {
        wake = nil
        let now = NIODeadline.now()
        while let targets = wheel.popSlot(now: now) {
            for target in targets {
                if wheel.shouldFire(target, now: now) { target.deadlineReached(now: now) }
                wheel.putBack(target)
            }
        }
        scheduleWake()
    }
}
