internal import Dispatch
internal import Foundation
internal import Logging
internal import Synchronization

/// The shell around ``PoolStateMachine``: threads, wake-ups, the clock.
final class Pool: Sendable {
    /// A transaction that waits for its connection.
    struct Job: Sendable {
        /// Runs it on the connection's thread; the closure that it returns hands over the outcome.
        var run: @Sendable (PostgresConnection) -> @Sendable () -> Void
        var refuse: @Sendable (any Error) -> Void
    }

    fileprivate struct State {
        var machine: PoolStateMachine
        var jobs: [PoolStateMachine.JobID: Job] = [:]
        var mailboxes: [ConnectionThread.Command?]
        var running = 0
        var isTickScheduled = false
        var starter: CheckedContinuation<StorageError?, Never>?
        var lastError: StorageError?
        var stopWaiters: [CheckedContinuation<Void, Never>] = []
        var observers: [UInt64: AsyncStream<Bool>.Continuation] = [:]
    }

    fileprivate let state: Mutex<State>
    private let wakeUps: [WakeUp]
    private let jobIDs = Atomic<UInt64>(0)
    private let configuration: Database.Configuration
    private let logger: Logger
    private let clock = DispatchQueue(label: "puente.pool.clock")

    init(configuration: Database.Configuration, logger: Logger) {
        self.configuration = configuration
        self.logger = logger
        let size = max(1, configuration.size)
        self.wakeUps = (0..<size).map { _ in WakeUp() }
        self.state = Mutex(
            State(
                machine: PoolStateMachine(size: size, limits: configuration.lanes),
                mailboxes: Array(repeating: nil, count: size)
            )
        )
    }

    var statistics: PoolStatistics { self.state.withLock { $0.machine.statistics } }

    var longestWait: Duration { self.state.withLock { $0.machine.longestWait(now: .now) } }

    func nextJobID() -> PoolStateMachine.JobID {
        self.jobIDs.add(1, ordering: .relaxed).newValue
    }

    /// The state now and its later changes; a slow observer loses the oldest.
    func availability() -> AsyncStream<Bool> {
        let (stream, continuation) = AsyncStream<Bool>.makeStream(bufferingPolicy: .bufferingNewest(16))
        let id = self.nextJobID()
        continuation.onTermination = { [weak self] _ in
            _ = self?.state.withLock { $0.observers.removeValue(forKey: id) }
        }
        self.state.withLock { state in
            state.observers[id] = continuation
            continuation.yield(state.machine.isAvailable)
        }
        return stream
    }
}

// MARK: - From callers

extension Pool {
    func start(timeout: Duration) async throws(StorageError) {
        let failure = await withCheckedContinuation { (continuation: CheckedContinuation<StorageError?, Never>) in
            self.state.withLock { state in
                state.starter = continuation
                state.running = self.wakeUps.count
            }
            self.startThreads()
            self.perform { $0.machine.started() }
            self.clock.asyncAfter(deadline: .now() + timeout.seconds) {
                let (starter, error) = self.state.withLock { ($0.takeStarter(), $0.lastError) }
                starter?.resume(returning: error ?? .unavailable("PostgreSQL did not answer"))
            }
        }
        if let failure { throw failure }
    }

    private func startThreads() {
        for slot in self.wakeUps.indices {
            let worker = ConnectionThread(
                slot: slot, wakeUp: self.wakeUps[slot], pool: self, configuration: self.configuration
            )
            let thread = Thread { worker.run() }
            thread.name = "pg-\(slot)"
            thread.stackSize = 1 << 20
            thread.start()
        }
    }

    func submit(_ job: Job, id: PoolStateMachine.JobID, lane: Lane) {
        self.perform { state in
            state.jobs[id] = job
            return state.machine.submitted(id, lane: lane, now: .now)
        }
    }

    func cancel(_ id: PoolStateMachine.JobID) {
        self.perform { $0.machine.cancelled(id) }
    }

    func beginShutDown() {
        self.perform { $0.machine.shutDown() }
    }

    func shutDown() async {
        self.beginShutDown()
        await withCheckedContinuation { continuation in
            let isOver = self.state.withLock { state in
                if state.running > 0 { state.stopWaiters.append(continuation) }
                return state.running == 0
            }
            if isOver { continuation.resume() }
        }
        let observers = self.state.withLock { state in
            defer { state.observers = [:] }
            return state.observers
        }
        for observer in observers.values { observer.finish() }
    }
}

// MARK: - From connection threads

extension Pool {
    func command(for slot: Int) -> ConnectionThread.Command? {
        self.state.withLock { state in
            let command = state.mailboxes[slot]
            state.mailboxes[slot] = nil
            return command
        }
    }

    func connected(_ slot: Int) {
        self.perform { $0.machine.connected(slot) }
    }

    func finished(_ slot: Int) {
        self.perform { $0.machine.finished(slot) }
    }

    /// - Parameter unstarted: a job that was already handed out but not begun.
    func lost(_ slot: Int, unstarted: PoolStateMachine.JobID? = nil, job: Job? = nil, error: StorageError? = nil) {
        if let error {
            self.logger.debug("no connection to PostgreSQL", metadata: ["slot": "\(slot)", "error": "\(error)"])
        }
        self.perform { state in
            state.lastError = error ?? state.lastError
            var unstarted = unstarted
            // A job may have been put into the mailbox while the thread noticed the loss.
            if case .run(let id, let job) = state.mailboxes[slot] {
                state.mailboxes[slot] = nil
                state.jobs[id] = job
                unstarted = id
            } else if let unstarted, let job {
                state.jobs[unstarted] = job
            }
            return state.machine.lost(slot, unstarted: unstarted != nil)
        }
        if let error, error.isPermanent { self.state.withLock { $0.takeStarter() }?.resume(returning: error) }
    }

    func stopped(_ slot: Int) {
        let waiters = self.state.withLock { state in
            state.running -= 1
            guard state.running == 0 else { return [CheckedContinuation<Void, Never>]() }
            let waiters = state.stopWaiters
            state.stopWaiters = []
            return waiters
        }
        for waiter in waiters { waiter.resume() }
    }
}

// MARK: - Carrying out actions

extension Pool {
    private func perform(_ input: (inout State) -> [PoolStateMachine.Action]) {
        let effects = self.state.withLock { state in
            let effects = input(&state).map { self.effect(of: $0, in: &state) }
            return effects + [self.scheduledTick(in: &state)]
        }
        for case .some(let effect) in effects { effect() }
    }

    /// Changes the state for one action and returns what is left to do outside the lock.
    private func effect(of action: PoolStateMachine.Action, in state: inout State) -> (() -> Void)? {
        switch action {
        case .run(let id, let slot):
            guard let job = state.jobs.removeValue(forKey: id) else { return nil }
            state.mailboxes[slot] = .run(id, job)
            return self.wakeUps[slot].signal
        case .connect(let slot, let delay):
            state.mailboxes[slot] = .connect(after: delay)
            return self.wakeUps[slot].signal
        case .stop(let slot):
            state.mailboxes[slot] = .stop
            return self.wakeUps[slot].signal
        case .refuse(let id, let reason):
            guard let job = state.jobs.removeValue(forKey: id) else { return nil }
            return { job.refuse(reason.error) }
        case .available(let isAvailable):
            for observer in state.observers.values { observer.yield(isAvailable) }
            let starter = isAvailable ? state.takeStarter() : nil
            return starter.map { starter in { starter.resume(returning: nil) } }
        }
    }

    /// One wake-up of the clock at a time, for the waiter whose patience ends first.
    private func scheduledTick(in state: inout State) -> (() -> Void)? {
        guard !state.isTickScheduled, let deadline = state.machine.nextDeadline else { return nil }
        state.isTickScheduled = true
        let delay = max(ContinuousClock.now.duration(to: deadline), .zero)
        return {
            self.clock.asyncAfter(deadline: .now() + delay.seconds) { [weak self] in
                self?.perform { state in
                    state.isTickScheduled = false
                    return state.machine.ticked(now: .now)
                }
            }
        }
    }
}

extension Pool.State {
    fileprivate mutating func takeStarter() -> CheckedContinuation<StorageError?, Never>? {
        let starter = self.starter
        self.starter = nil
        return starter
    }
}

extension PoolStateMachine.Refusal {
    var error: any Error {
        switch self {
        case .queueFull: StorageError.unavailable("too many transactions wait for PostgreSQL")
        case .waitedTooLong: StorageError.unavailable("no connection became free in time")
        case .noConnection: StorageError.unavailable("PostgreSQL is away")
        case .shutDown: StorageError.unavailable("the pool is shut down")
        case .cancelled: CancellationError()
        }
    }
}

extension StorageError {
    /// Whether another attempt to connect would meet the same: password, database, role, privilege.
    fileprivate var isPermanent: Bool {
        guard let state = self.sqlState else { return false }
        return ["28", "3D", "42", "22"].contains(state.prefix(2))
    }
}

extension Duration {
    var seconds: Double {
        let (seconds, attoseconds) = self.components
        return Double(seconds) + Double(attoseconds) / 1e18
    }
}
