internal import Assignment
internal import Logging
internal import ServiceLifecycle
internal import SocketIO
internal import Storage

/// The live numbers of queues and people, for supervisors and admins who look at them (`chat:queue_update`).
///
/// One statement per workspace and look, and none where nobody looks on this node. A queue is told when it changed, at most
/// once in ``pause``; who connects gets every queue as it was told last, so that everybody on the node knows the same.
actor QueueBoard {
    /// Between two looks at a workspace.
    static let pause: Duration = .seconds(2)

    private struct Told {
        var queues: [String: QueueNumbers]
        var at: Timestamp
        var looked: ContinuousClock.Instant
    }

    private let database: Database
    private let registry: SessionRegistry
    private let broadcaster: any Broadcaster
    private let logger: Logger
    private var told: [String: Told] = [:]
    /// Workspaces that are being read, with the sockets that came meanwhile and have heard nothing yet.
    private var reading: [String: [any ClientSocket]] = [:]

    init(database: Database, registry: SessionRegistry, broadcaster: any Broadcaster, logger: Logger) {
        self.database = database
        self.registry = registry
        self.broadcaster = broadcaster
        self.logger = logger
    }

    /// Tells a supervisor's socket, which is in its rooms, how every queue stands.
    func greet(_ socket: any ClientSocket, in workspace: String, now: ContinuousClock.Instant = .now) async throws {
        if self.reading[workspace] != nil {
            self.reading[workspace]?.append(socket)
        } else if let told = self.told[workspace], now - told.looked < Self.pause {
            Self.tell(told, to: socket)
        } else {
            try await self.look(at: workspace, for: [socket], now: now)
        }
    }

    /// Looks at every workspace in which somebody supervises over this node, and forgets the others.
    func look(now: ContinuousClock.Instant = .now) async throws {
        let watched = Set(
            self.registry.all.map(\.principal).filter { $0.role == .supervisor || $0.role == .admin }.map(\.workspace))
        self.told = self.told.filter { watched.contains($0.key) }
        for workspace in watched where self.reading[workspace] == nil {
            if let told = self.told[workspace], now - told.looked < Self.pause { continue }
            try await self.look(at: workspace, for: [], now: now)
        }
    }

    private func look(
        at workspace: String, for newcomers: [any ClientSocket], now: ContinuousClock.Instant
    ) async throws {
        self.reading[workspace] = newcomers
        defer { self.reading[workspace] = nil }
        let queues: [QueueNumbers]
        let at: Timestamp
        do {
            (queues, at) = try await self.database.transaction(.workspace(workspace)) { sql in
                try Numbers.queues(sql, workspace)
            }
        } catch {
            // Who came meanwhile has heard nothing: the next look tells everything.
            self.told[workspace] = nil
            throw error
        }
        let before = self.told[workspace]?.queues ?? [:]
        let after = Told(
            queues: Dictionary(queues.map { ($0.queue, $0) }, uniquingKeysWith: { first, _ in first }), at: at,
            looked: now)
        self.told[workspace] = after
        let sockets = self.reading[workspace] ?? []
        let room = Room.supervisors(workspace)
        for numbers in queues where before[numbers.queue] != numbers {
            self.broadcaster.tell(
                "chat:queue_update", QueueForm.numbers(numbers, at: at), to: [room], exceptSockets: sockets.map(\.id))
        }
        for socket in sockets { Self.tell(after, to: socket) }
    }

    private static func tell(_ told: Told, to socket: any ClientSocket) {
        for (_, numbers) in told.queues.sorted(by: { $0.key < $1.key }) {
            let form = QueueForm.numbers(numbers, at: told.at).signal(at: told.at)
            socket.emit("chat:queue_update", JSONValue.object(form).encoded())
        }
    }
}

extension QueueBoard: Service {
    func run() async throws {
        await cancelWhenGracefulShutdown {
            while !Task.isCancelled {
                do {
                    try await self.look()
                } catch {
                    self.logger.debug("the numbers of queues come later", error: error)
                }
                do { try await Task.sleep(for: Self.pause) } catch { return }
            }
        }
    }
}
