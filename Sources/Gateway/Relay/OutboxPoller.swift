internal import Assignment
internal import Storage
internal import Synchronization

/// Reads the outbox of all workspaces: what has been committed since the last time, by this node or anybody else.
final class OutboxPoller: OutboxReading {
    /// How long after its commit a hand-in may take; older rows have left long ago.
    private static let young: Int64 = 30_000
    private static let pageSize = 1000
    /// How far below a number others of the same chat may be on their way.
    private static let window: Int64 = 256

    private let database: Database
    /// Nil until the first poll: what happened before this node's life is nobody's news.
    private let cursor = Mutex<OutboxCursor?>(nil)

    /// The run of this node, whose own events are read only where they have to be.
    private let node: String?

    init(database: Database, node: String?) {
        self.database = database
        self.node = node
    }

    func recent(_ chat: ChatKey, below eventNo: Int64) async throws -> [DomainEvent] {
        let events = try await self.database.transaction(.workspace(chat.workspace)) { sql in
            let now = try Workspaces.now(sql)
            let page = try Outbox.page(
                sql, chat.workspace, chatID: chat.chat, after: max(0, eventNo - Self.window), limit: Int(Self.window))
            return page.filter { now.milliseconds(since: $0.at) < Self.young }
        }
        return events.filter { $0.eventNo.map { $0 < eventNo } ?? false }
    }

    func poll() async throws -> (events: [DomainEvent], own: [OutboxHead]) {
        guard let position = self.cursor.withLock({ $0 }) else {
            let present = try await self.database.transaction(.none) { try Outbox.present($0) }
            self.cursor.withLock { $0 = present }
            return ([], [])
        }
        let workspaces = try await self.database.transaction(.none) { try Workspaces.directory($0) }
        guard !workspaces.isEmpty else { return ([], []) }
        let node = self.node
        let (events, own, next) = try await self.database.transaction(.workspaces(workspaces)) { sql in
            var (events, own): ([DomainEvent], [OutboxHead]) = ([], [])
            var cursor = position
            while true {
                let page = try Outbox.page(sql, after: cursor, limit: Self.pageSize, own: node)
                events += page.events
                own += page.own
                guard page.next.hasMore, events.count + own.count < 20 * Self.pageSize else {
                    return (events, own, page.next)
                }
                cursor = page.next
            }
        }
        self.cursor.withLock { $0 = next }
        return (events, own)
    }

    func read(_ heads: [OutboxHead]) async throws -> [DomainEvent] {
        var events: [DomainEvent] = []
        for (workspace, heads) in Dictionary(grouping: heads, by: \.workspaceID) {
            events += try await self.database.transaction(.workspace(workspace)) {
                try Outbox.events($0, heads, of: workspace)
            }
        }
        return events
    }
}
