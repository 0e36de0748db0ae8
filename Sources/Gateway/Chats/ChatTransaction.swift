internal import Assignment
internal import Storage

/// One transaction of a use case: it locks a chat, decides, writes rows, and records what it tells. At most one chat is
/// changed (places in line are told to many at once, locked without waiting); lock order is chat, assignment, commercial.
///
/// What is recorded is written to the outbox with the chat's next `event_no`, and handed to the relay after COMMIT
/// (``Services/change(_:in:_:)``). Not Sendable: it lives on the connection's thread.
final class ChatTransaction {
    let sql: Transaction
    let workspace: String
    private var events: [DomainEvent] = []

    init(_ sql: Transaction, workspace: String) {
        self.sql = sql
        self.workspace = workspace
    }

    /// Locks a chat until the end of the transaction.
    ///
    /// - Throws: `not_found`, for ids of other workspaces as well.
    func lock(_ id: String) throws -> ChatRow {
        guard let chat = try Chats.lock(self.sql, self.workspace, id) else { throw EventError.chatNotFound }
        return chat
    }

    /// Reads a chat without a lock: for answers, never for decisions.
    func find(_ id: String) throws -> ChatRow {
        guard let chat = try Chats.find(self.sql, self.workspace, id) else { throw EventError.chatNotFound }
        return chat
    }

    /// Records things that happened to the locked chat, in this order; each takes the chat's next `event_no`.
    func record(_ bodies: DomainEvent.Body..., in chat: inout ChatRow) throws {
        let written = try Outbox.append(self.sql, self.workspace, chatID: chat.id, bodies)
        self.events += written
        chat.eventNo = written.last?.eventNo ?? chat.eventNo
    }

    /// Records the one thing whose number was taken with the change that it tells of (`Chats.give`). It is written with
    /// whatever is sent next, COMMIT at the latest, and is among the events from then on.
    func recordNumbered(_ body: DomainEvent.Body, in chat: ChatRow) throws {
        try Outbox.appendLater(self.sql, self.workspace, chatID: chat.id, body, number: chat.eventNo) {
            self.events.append($0)
        }
    }

    /// Records one thing for each of many locked chats, whose numbers were taken with the changes that they tell of.
    func recordNumbered(_ bodies: [(chat: ChatRow, body: DomainEvent.Body)]) throws {
        self.events += try Outbox.append(self.sql, self.workspace, numbered: bodies)
    }

    /// Records something that belongs to no chat.
    func record(_ bodies: DomainEvent.Body...) throws {
        self.events += try Outbox.append(self.sql, self.workspace, bodies)
    }

    /// Takes along an event that a store has written already (`Messages.append`, `Notes.append`).
    func recorded(_ event: DomainEvent) {
        self.events.append(event)
    }

    /// Commits.
    ///
    /// - Returns: All that was recorded.
    func commit() throws -> [DomainEvent] {
        try self.sql.commit()
        return self.events
    }

    /// The rights of somebody in this transaction: a commercial's depend on the queues that they serve.
    func requester(_ principal: Principal) throws -> Requester {
        var queues: Set<String> = []
        if principal.role == .commercial {
            queues = Set(try Commercials.find(self.sql, self.workspace, principal.subject)?.queues ?? [])
        }
        return Requester(participant: principal.participant, scopes: principal.scopes, queues: queues)
    }

    /// What may be done with a chat by somebody.
    func access(_ principal: Principal, _ chat: ChatRow) throws -> ChatAccess {
        let requester = try self.requester(principal)
        var view = try self.view(of: chat)
        // Whom a chat is to be passed on to may look at it while its owner keeps it.
        if requester.role == .commercial, chat.status == .active || chat.status == .paused,
            chat.owner?.id != principal.subject, !requester.queues.contains(chat.queue)
        {
            view.offeredTo = try WarmTransfers.find(self.sql, of: chat)?.toID
        }
        return ChatAccess(requester, view)
    }

    /// The chat as decisions see it.
    func view(of chat: ChatRow) throws -> ChatView {
        ChatView(
            visitorID: chat.visitorID, status: chat.status,
            owner: chat.owner.map { ChatOwner(role: $0.role, id: $0.id) },
            offeredTo: chat.status == .offered
                ? try Assignments.live(self.sql, of: chat)?.commercialID : nil,
            epoch: chat.epoch, queue: chat.queue, closedAt: chat.closedAt)
    }
}
