internal import Assignment
internal import Logging
internal import ServiceLifecycle
internal import Storage

/// Brings waiting chats and free commercials together, queue by queue.
///
/// Any number of nodes may do so at once: an advisory lock lets one transaction at a time match in a queue, and a
/// transaction makes one match, so that the order of the line is kept and at most one commercial's row is held. Every
/// decision is judged again by the statement that writes it.
///
/// No wake-up is lost: whoever waits for the advisory lock looks at the line after getting it, a call that comes while a
/// queue is being dispatched has it looked at once more, whatever frees a slot rings the bell, and the sweeper rings for
/// every queue with waiting chats once a second.
struct Dispatcher: Sendable {
    private let changes: Changes
    private let settings: RoutingSettings
    private let bell: DispatchBell
    private let logger: Logger

    /// How long a visitor who waits hears nothing new after the last news of their place.
    private static let placesPauseMilliseconds: Int64 = 2000
    /// How many visitors of a queue are told in one turn, in one transaction; the others are next.
    private static let placesAtOnce = 100

    init(changes: Changes, settings: RoutingSettings, bell: DispatchBell = DispatchBell(), logger: Logger) {
        self.changes = changes
        self.settings = settings
        self.bell = bell
        self.logger = logger
    }

    /// A chat may wait in this queue, or somebody may be free for it. Returns at once.
    func wake(_ queue: QueueKey) {
        self.bell.ring(.queue(queue))
    }

    /// Matches until nothing in the queue can be matched.
    ///
    /// - Returns: How many chats found somebody.
    @discardableResult
    func dispatch(_ queue: QueueKey) async throws -> Int {
        let settings = self.settings
        var matches = 0
        var stale = 0
        while stale < 3 {
            let outcome = try await self.changes(in: queue.workspace) { transaction in
                try LineMatch(queue: queue.queue, settings: settings, transaction: transaction).run()
            }
            switch outcome {
            case .matched:
                matches += 1
                stale = 0
            case .moved:
                stale = 0
            case .stale:
                stale += 1
            case .idle:
                return matches
            }
        }
        return matches
    }

    /// Tells those who wait that they moved up, and whether anybody is there to come. Places are told when they shrink,
    /// never when they grow: nobody is sent back on their screen because somebody more urgent came.
    ///
    /// What was told last stands in the chat's row, so that all nodes together tell each change once, and nobody hears
    /// more than one in two seconds.
    func tellPlaces(in queue: QueueKey) async throws {
        let pause = Self.placesPauseMilliseconds
        try await self.changes(in: queue.workspace) { transaction in
            try transaction.tellPlaces(in: queue.queue, pause: pause, limit: Self.placesAtOnce)
        }
    }
}

extension Dispatcher: Service {
    /// Answers calls, queues side by side, until the gateway drains.
    func run() async throws {
        await withDiscardingTaskGroup { group in
            for await call in self.bell.calls.cancelOnGracefulShutdown() {
                group.addTask { await self.answer(call) }
            }
        }
    }

    private func answer(_ call: DispatchBell.Call) async {
        do {
            try await self.bell.answer(call) {
                switch call {
                case .queue(let queue):
                    try await self.dispatch(queue)
                case .overflow(let workspace):
                    let queues = try await self.changes.database.transaction(.workspace(workspace)) { sql in
                        try Dispatch.overflowing(sql, workspace)
                    }
                    for queue in queues { self.wake(QueueKey(workspace: workspace, queue: queue)) }
                }
            }
        } catch {
            // The sweeper calls again within a second.
            self.logger.warning("dispatch failed", error: error)
        }
    }
}
