internal import Assignment
internal import SocketIO
internal import Storage

/// What became of a chat that shall get a person, as acks of `chat:assign` and `chat:escalate` tell it.
struct RoutingAnswer: Sendable, Hashable {
    var status: ChatStatus
    var epoch: Int64
    var assignmentID: String?
    var commercialID: String?
    /// The bot that has it.
    var botID: String?
    /// Place in line, 1 is next.
    var position: Int?
    /// What its visitor was told of the wait.
    var wait: QueueForecast.Wait?
    /// When the queue in which it waits opens, where that is closed.
    var nextOpenAt: Timestamp?

    /// Reads how the chat stands now.
    static func read(_ transaction: ChatTransaction, chatID: String) throws -> RoutingAnswer {
        let chat = try transaction.find(chatID)
        let live = try Assignments.live(transaction.sql, of: chat)
        let place = try Chats.position(transaction.sql, of: chat)
        return RoutingAnswer(
            status: chat.status, epoch: chat.epoch, assignmentID: live?.id, commercialID: live?.commercialID,
            botID: chat.owner.flatMap { $0.role == .ai ? $0.id : nil },
            position: place.map { min($0, chat.toldPosition ?? $0) }, wait: place == nil ? nil : chat.toldWait,
            nextOpenAt: chat.status == .waiting
                ? try Queues.closure(transaction.sql, transaction.workspace, chat.queue)?.nextOpenAt
                : chat.nextOpenAt)
    }

    /// - Parameter isFull: Whom it went to as well, for staff and bots; a visitor learns that once somebody has it.
    func fields(isFull: Bool) -> JSONObject {
        var fields: JSONObject = ["status": .string(self.word), "epoch": .int(self.epoch)]
        if isFull {
            fields.set("assignmentId", self.assignmentID)
            fields.set("commercialId", self.commercialID)
            fields.set("botId", self.botID)
        }
        fields.set("position", self.position.map(Int64.init))
        fields.set("etaSec", self.wait.map { Int64($0.p50Seconds) })
        fields.set("p90Sec", self.wait.map { Int64($0.p90Seconds) })
        if let nextOpenAt { fields["nextOpenAt"] = .time(nextOpenAt) }
        return fields
    }

    /// These acks alone say `queued` for a chat that waits, and `active` for whatever a person has.
    private var word: String {
        switch self.status {
        case .waiting, .offline: "queued"
        case .active, .paused, .wrapup: ChatStatus.active.rawValue
        case .offered, .bot, .closed: self.status.rawValue
        }
    }
}

extension Services {
    /// Lets out what a use case told, gives a chat that waits its chance at once, and says how it stands.
    func routed(_ committed: Committed<ChatRow>, for principal: Principal) async throws -> Reply {
        let chat = committed.value
        await self.relay.publish(committed.events)
        if chat.status == .waiting {
            await self.routing.dispatch(workspace: chat.workspaceID, queue: chat.queue)
        }
        let answer = try await self.database.transaction(.workspace(chat.workspaceID)) { sql in
            try RoutingAnswer.read(ChatTransaction(sql, workspace: chat.workspaceID), chatID: chat.id)
        }
        return .now(answer.fields(isFull: principal.role != .visitor))
    }
}
