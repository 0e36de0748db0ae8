import Assignment
import Storage
import StorageTestSupport
import Testing

/// A database with two workspaces, `w` and `other`, and shorthands to put people and chats on it.
struct StoreStage: Sendable {
    static let workspace = "w"
    static let bot = Participant(role: .ai, id: "bot-1", name: "Robbie")
    static let ana = Participant(role: .commercial, id: "ana", name: "Ana")
    static let beto = Participant(role: .commercial, id: "beto", name: "Beto")

    let test: TestDatabase

    static func with(_ body: (StoreStage) async throws -> Void) async throws {
        try await TestDatabase.with(configure: { $0.size = 8 }) { test in
            let stage = StoreStage(test: test)
            for workspace in [Self.workspace, "other"] {
                try await stage.run(.workspace(workspace)) { try Workspaces.ensure($0, workspace) }
            }
            try await body(stage)
        }
    }

    @discardableResult
    func run<Value: Sendable>(
        _ scope: WorkspaceScope = .workspace(Self.workspace), _ body: @escaping @Sendable (Transaction) throws -> Value
    ) async throws -> Value {
        try await self.test.database.transaction(scope, body)
    }

    /// What a transaction is refused with.
    func refusal<Value: Sendable>(
        _ scope: WorkspaceScope = .workspace(Self.workspace), _ body: @escaping @Sendable (Transaction) throws -> Value
    ) async throws -> StorageError? {
        do {
            _ = try await self.run(scope, body)
            return nil
        } catch let error as StorageError {
            return error
        }
    }

    /// A commercial with an open socket.
    func connect(_ commercial: Participant, cap: Int = 3) async throws {
        try await self.run { tx in
            try Commercials.seen(tx, Self.workspace, commercial, defaultCap: cap)
            try Presence.insert(tx, Self.workspace, .sample(of: commercial), milliseconds: 60_000)
        }
    }

    /// A new chat of a visitor of its own.
    func chat(
        of visitor: String, _ entry: NewChat.Entry = .waiting(slackMilliseconds: 0), metadata: JSONText = .emptyObject
    ) async throws -> ChatRow {
        try await self.run { tx in
            try Visitors.upsert(tx, Self.workspace, visitor, isVerified: false)
            let new = NewChat(visitorID: visitor, entry: entry, metadata: metadata)
            return try Chats.createOrLockOpen(tx, Self.workspace, new).chat
        }
    }

    /// A waiting or bot-owned chat given to a commercial, as the use cases do it.
    static func assign(
        _ tx: Transaction, _ chat: ChatRow, to commercial: Participant,
        _ reservation: Commercials.Reservation = .routed
    ) throws -> (chat: ChatRow, assignment: AssignmentRow)? {
        guard
            try Commercials.reserve(tx, chat.workspaceID, commercial.id, weight: chat.weight, reservation) != nil
        else { return nil }
        let active = try Chats.activate(tx, chat, owner: commercial, by: .system, reason: "routed")
        let assignment = try Assignments.create(
            tx, active, commercial: commercial.id, state: .active, by: .system, reason: "routed")
        return (active, assignment)
    }
}

extension Presence.NewLease {
    static func sample(
        of participant: Participant, connection: String? = nil, node: String = "n1", life: String = "l1",
        scopes: Set<Scope> = [], takesChats: Bool = true
    ) -> Self {
        Self(
            connectionID: connection ?? "c-\(participant.id)", nodeID: node, nodeLife: life, role: participant.role,
            subject: participant.id, scopes: scopes, takesChats: takesChats)
    }
}

extension NewMessage {
    static func from(_ visitor: String, _ content: String, id: String? = nil, metadata: JSONText = .emptyObject) -> Self
    {
        Self(
            sender: Participant(role: .visitor, id: visitor), type: .user, content: content, clientMessageID: id,
            metadata: metadata)
    }

    static func from(_ bot: Participant, _ content: String, answering seq: Int64? = nil) -> Self {
        Self(sender: bot, type: .aiResponse, content: content, inReplyToSeq: seq)
    }
}
