internal import Logging
internal import ServiceLifecycle
internal import Storage
internal import Synchronization

/// Passes the word between nodes: after commits of this one the others are woken, and when others say something the
/// relay looks at once. What is lost on the way the relay's own poll finds a little later.
///
/// One word stands for every commit of the last twenty milliseconds, and nothing is said where nobody listens.
final class NodeNews: Sendable {
    /// Between two words of this node.
    static let pause: Duration = .milliseconds(20)
    /// For how long it is taken as known whether anybody listens.
    private static let knowledge: Duration = .seconds(2)

    private let database: Database
    /// The run of this node.
    private let node: String
    private let logger: Logger
    private let isDirty = Atomic(false)
    private let commits: AsyncStream<Void>
    private let waker: AsyncStream<Void>.Continuation

    init(database: Database, node: String, logger: Logger) {
        self.database = database
        self.node = node
        self.logger = logger
        (self.commits, self.waker) = AsyncStream.makeStream(bufferingPolicy: .bufferingNewest(1))
    }

    /// Something was committed here. Costs one atomic where the word is about to leave already.
    func committed() {
        guard !self.isDirty.exchange(true, ordering: .acquiringAndReleasing) else { return }
        self.waker.yield()
    }

    /// Tells the others, until the task is cancelled.
    func tell() async {
        var othersListen = false
        var known = ContinuousClock.now - Self.knowledge
        for await _ in self.commits {
            // Whatever commits from here on is the next word's.
            self.isDirty.store(false, ordering: .sequentiallyConsistent)
            do {
                let node = self.node
                if ContinuousClock.now - known >= Self.knowledge {
                    othersListen = try await self.database.transaction(.none) { try Nodes.othersListen($0, node: node) }
                    known = .now
                }
                if othersListen {
                    try await self.database.transaction(.none) { try Nodes.wakeOthers($0, node: node) }
                }
                try await Task.sleep(for: Self.pause)
            } catch {
                guard !Task.isCancelled else { return }
                self.logger.debug("other nodes were not woken", error: error)
                try? await Task.sleep(for: Self.pause)
            }
        }
    }

    /// Listens to the others, until the task is cancelled.
    func listen(_ wake: @Sendable () async -> Void) async {
        let listener = self.database.listener(node: self.node, logger: self.logger)
        for await _ in listener.news() { await wake() }
    }
}

/// The word between nodes as a service: it stops with the gateway's drain.
struct NodeNewsService: Service {
    let news: NodeNews
    let relay: Relay

    func run() async throws {
        await cancelWhenGracefulShutdown {
            await withDiscardingTaskGroup { group in
                group.addTask { await self.news.tell() }
                group.addTask { await self.news.listen { await self.relay.wake() } }
            }
        }
    }
}
