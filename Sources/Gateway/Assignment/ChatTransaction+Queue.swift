internal import Assignment
internal import SocketIO
internal import Storage

extension ChatTransaction {
    /// Puts the chat into its queue's line, at the place that it had if it waited before, and tells so. Where the queue is
    /// closed and its overflow leads to no open one, the chat is kept until one opens (``setOffline(_:nextOpenAt:by:reason:previous:)``).
    ///
    /// Its live assignment, if there was one, has been released.
    ///
    /// - Parameter lostCommercial: Whether its person vanished, so that it is served earlier than its class.
    func enqueue(
        _ chat: ChatRow, by: Participant, reason: String, lostCommercial: Bool = false
    ) throws -> ChatRow {
        var queued = try self.moveToQueue(chat, by: by, reason: reason, lostCommercial: lostCommercial)
        if let closure = try Queues.closure(self.sql, self.workspace, queued.queue) {
            return try self.setOffline(
                queued, nextOpenAt: closure.nextOpenAt, by: by, reason: reason, previous: chat.assignedTo)
        }
        let position = try Chats.position(self.sql, of: queued) ?? 1
        try self.recordPlace(position, of: &queued, reason: reason, previous: chat.assignedTo)
        return queued
    }

    /// Tells the place of a chat that waits, and whether anybody is there to come.
    ///
    /// - Parameter previous: The person who had it until now.
    func recordPlace(
        _ position: Int, of chat: inout ChatRow, reason: String? = nil, previous: String? = nil
    ) throws {
        let closure = try Queues.closure(self.sql, chat.workspaceID, chat.queue)
        // Of a line that does not move there is nothing to foretell.
        let forecast =
            closure == nil
            ? try Dispatch.forecast(
                self.sql, chat.workspaceID, queue: chat.queue,
                expecting: QueueForecast.expectedHandleMilliseconds) : nil
        chat = try Chats.tell(self.sql, chat, position: position, wait: forecast?.wait(position: position))
        let queued = ChatQueued(
            chat: chat, position: position, agentsOnline: chat.toldAgents, wait: chat.toldWait,
            nextOpenAt: closure?.nextOpenAt,
            reason: reason, previousCommercialID: previous)
        try self.record(.chatQueued(queued), in: &chat)
    }

    /// Tells all those who wait in a queue what has changed for them since they were told last.
    ///
    /// - Parameters:
    ///   - pause: How long nobody hears anything after the last news, in milliseconds.
    ///   - limit: How many are told at most; the others are next.
    func tellPlaces(in queue: String, pause: Int64, limit: Int) throws {
        var places = try Chats.lockUntold(self.sql, self.workspace, queue: queue, pause: pause, limit: limit)
        guard !places.isEmpty else { return }
        // Nobody is sent back on their screen because somebody more urgent came.
        for index in places.indices {
            places[index].position = min(places[index].position, places[index].chat.toldPosition ?? .max)
        }
        let closure = try Queues.closure(self.sql, self.workspace, queue)
        let forecast =
            closure == nil
            ? try Dispatch.forecast(
                self.sql, self.workspace, queue: queue,
                expecting: QueueForecast.expectedHandleMilliseconds) : nil
        let told = try Chats.tell(self.sql, self.workspace, places) { forecast?.wait(position: $0) }
        try self.recordNumbered(
            told.map { chat in
                let queued = ChatQueued(
                    chat: chat, position: chat.toldPosition ?? 1, agentsOnline: chat.toldAgents,
                    wait: chat.toldWait, nextOpenAt: closure?.nextOpenAt)
                return (chat, .chatQueued(queued))
            })
    }

    /// What the visitor was told last of a chat that waits; nil where it does not, or nothing was told yet.
    func toldPlace(of chat: ChatRow) throws -> (chatID: String, queued: ChatQueued)? {
        guard chat.status == .waiting || chat.status == .offered, let position = chat.toldPosition else { return nil }
        let opening = try Queues.nextOpening(self.sql, chat.workspaceID, chat.queue)
        let queued = ChatQueued(
            chat: chat, position: position, agentsOnline: chat.toldAgents, wait: chat.toldWait, nextOpenAt: opening)
        return (chat.id, queued)
    }

    /// The chat goes to another queue, where one is named that it is not in; tells so.
    ///
    /// - Throws: `not_found`.
    func move(_ chat: ChatRow, to queue: String?, by: Participant) throws -> ChatRow {
        guard let queue, queue != chat.queue else { return chat }
        guard try Workspaces.queueExists(self.sql, self.workspace, name: queue) else {
            throw EventError.notFound("There is no such queue.")
        }
        var moved = try Chats.update(self.sql, chat, ChatChanges(queue: queue))
        try self.record(
            .chatUpdated(
                ChatUpdated(
                    changes: JSONText(["queue": .string(queue)]), chat: moved, by: by, previousQueue: chat.queue)),
            in: &moved)
        return moved
    }

    /// As ``enqueue(_:by:reason:lostCommercial:)``, but nobody is told: a step on the way to somebody.
    func moveToQueue(
        _ chat: ChatRow, by: Participant, reason: String, lostCommercial: Bool = false
    ) throws -> ChatRow {
        let firstQueuedAt = chat.firstQueuedAt ?? chat.readAt
        let bonus = lostCommercial ? RouteKey.lostCommercialBonusMilliseconds : 0
        let key = RouteKey(firstQueuedAt: firstQueuedAt, priority: chat.priority, bonusMilliseconds: bonus)
        return try Chats.enqueue(
            self.sql, chat, firstQueuedAt: firstQueuedAt, routeKey: key.instant, bonusMilliseconds: bonus, by: by,
            reason: reason)
    }

    /// The chat leaves its bot for the next one that has not had it yet, or waits for a person. Epoch + 1 either way.
    func passOn(_ chat: ChatRow, answerTimeoutMilliseconds: Int64, reason: String) throws -> ChatRow {
        let live = try Bots.live(self.sql, self.workspace)
        let candidates = live.map {
            BotCandidate(id: $0.bot.id, ownedChats: $0.ownedChats, lastAssignedAt: $0.lastAssignedAt)
        }
        let next = BotOrder.next(among: candidates, for: chat.id, tried: Set(chat.triedBots))
        guard let bot = live.first(where: { $0.bot.id == next?.id })?.bot else {
            return try self.enqueue(chat, by: .system, reason: reason)
        }
        // A visitor who waits for nothing goes on doing so.
        let answerWithin = chat.botDeadline == nil ? nil : answerTimeoutMilliseconds
        var passed = try Chats.giveToBot(
            self.sql, chat, bot, answerWithin: answerWithin, by: .system, reason: reason)
        try Bots.markAssigned(self.sql, self.workspace, bot.id)
        let changes: JSONObject = [
            "owner": ["role": "ai", "id": .string(bot.id)], "assignedTo": .null, "epoch": .int(passed.epoch),
        ]
        try self.record(
            .chatUpdated(ChatUpdated(changes: JSONText(changes), chat: passed, by: .system)), in: &passed)
        if passed.botDeadline != nil, passed.seq >= 1 {
            try self.record(.turnBegan(TurnBegan(chat: passed, bot: bot.id, reason: reason)), in: &passed)
        }
        return passed
    }
}

extension JSONText {
    /// The text of an object of ours.
    init(_ object: JSONObject) {
        self.init(JSONValue.object(object).description)
    }
}
