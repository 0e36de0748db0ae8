internal import Assignment
internal import SocketIO
internal import Storage

/// Changes fields of a chat: tags, priority, queue, language, metadata, and what a bot says that it is doing.
///
/// Nothing that stays as it was counts as a change: no version, no event.
struct UpdateChat: Sendable {
    let principal: Principal
    let chatID: String
    let updates: Updates
    let ifVersion: Int64?

    /// What is asked for; nil leaves a field alone.
    struct Updates: Sendable {
        var status: String?
        var tags: [String]?
        var addTags: [String] = []
        var removeTags: [String] = []
        var priority: Priority?
        var metadata: JSONObject?
        var queue: String?
        var language: String?
        /// Least levels by name.
        var skills: [String: Int]?
        /// Puts the chat to sleep, as `chat:snooze` does.
        var snoozeUntil: Timestamp?
    }

    private struct Outcome: Sendable {
        var chat: ChatRow
        var applied: JSONObject
        var queueToWake: String?
    }

    func callAsFunction(_ services: Services) async throws -> Reply {
        let committed = try await services.change(in: self.principal.workspace) { try self.run($0) }
        let outcome = committed.value
        if let queue = outcome.queueToWake {
            services.routing.wake(workspace: outcome.chat.workspaceID, queue: queue)
        }
        return .ordered(
            ["version": .int(outcome.chat.version), "applied": .object(outcome.applied)],
            Publication(
                events: committed.events,
                place: .init(
                    chat: ChatKey(workspace: outcome.chat.workspaceID, chat: outcome.chat.id),
                    eventNo: outcome.chat.eventNo)))
    }

    private func run(_ transaction: ChatTransaction) throws -> Outcome {
        let chat = try transaction.lock(self.chatID)
        try transaction.access(self.principal, chat).update()
        if let ifVersion, ifVersion != chat.version {
            throw EventError(
                .conflict, "The chat has changed since version \(ifVersion).", details: ["version": .int(chat.version)])
        }
        var changes = ChatChanges()
        var applied: JSONObject = [:]
        try self.applyStatus(chat, &changes, &applied)
        try self.applyTags(chat, &changes, &applied)
        try self.applyPlace(transaction, chat, &changes, &applied)
        // Who says what was only assumed makes it certain.
        if let language = self.updates.language, language != chat.language || chat.isLanguageAssumed {
            changes.language = language
            applied["language"] = .string(language)
        }
        if let skills = self.updates.skills, skills != chat.skills {
            changes.skills = skills
            var levels: JSONObject = [:]
            for (skill, level) in skills.sorted(by: { $0.key < $1.key }) { levels[skill] = .int(level) }
            applied["skills"] = .object(levels)
        }
        if let metadata = self.updates.metadata, !metadata.isEmpty {
            let patch: JSONObject = [self.namespace: .object(metadata)]
            changes.metadataPatch = JSONText(JSONValue.object(patch).description)
            applied["metadata"] = .object(metadata)
        }
        var updated = chat
        if !applied.isEmpty {
            updated = try Chats.update(transaction.sql, chat, changes)
            try transaction.record(
                .chatUpdated(
                    ChatUpdated(
                        changes: JSONText(JSONValue.object(applied).description), chat: updated,
                        by: self.principal.participant,
                        previousQueue: updated.queue == chat.queue ? nil : chat.queue)),
                in: &updated)
        }
        if updated.status == .offline, updated.queue != chat.queue {
            // Perhaps this one is open.
            updated = try Chats.setLook(transaction.sql, updated, at: updated.readAt)
        }
        if let until = self.updates.snoozeUntil {
            try transaction.access(self.principal, updated).snooze()
            try Snooze.check(until: until, now: updated.readAt, field: "updates.snoozeUntil")
            if until != updated.snoozeUntil {
                updated = try transaction.pause(
                    updated, until: until, by: self.principal.participant, reason: "snoozed")
                applied["status"] = .word(updated.status)
                applied["snoozeUntil"] = .time(until)
            }
        }
        // What may find it a person who could not take it before.
        let movesOn = changes.routeKey != nil || changes.skills != nil || changes.language != nil
        let movesUp = movesOn && updated.status == .waiting
        let freesPartOfASlot = chat.status == .active && updated.status == .paused
        return Outcome(chat: updated, applied: applied, queueToWake: movesUp || freesPartOfASlot ? updated.queue : nil)
    }

    /// Each actor writes metadata under a key of its own, so that two bots cannot overwrite each other.
    private var namespace: String {
        self.principal.role == .ai ? "ai:\(self.principal.subject)" : self.principal.role.rawValue
    }

    /// A lifecycle word changes nothing here: each transition has an event of its own. Any other word is what a bot
    /// says that it is doing.
    private func applyStatus(
        _ chat: ChatRow, _ changes: inout ChatChanges, _ applied: inout JSONObject
    ) throws {
        guard let word = self.updates.status else { return }
        if let status = ChatStatus(rawValue: word) {
            guard status != chat.status else { return }
            try chat.status.checkTransition(to: status)
            throw EventError(
                .badState, "A chat becomes \(word) by an event of its own.",
                details: ["status": .word(chat.status), "field": "updates.status"])
        }
        guard self.principal.role == .ai else {
            throw EventError.badPayload(field: "updates.status", "updates.status is no status of a chat.")
        }
        guard word != chat.aiStatus else { return }
        changes.aiStatus = word
        applied["aiStatus"] = .string(word)
    }

    private func applyTags(_ chat: ChatRow, _ changes: inout ChatChanges, _ applied: inout JSONObject) throws {
        let tags = try ChatUpdateRules.tags(
            current: chat.tags, set: self.updates.tags, add: self.updates.addTags,
            remove: self.updates.removeTags, by: self.principal.role)
        guard tags != chat.tags else { return }
        guard tags.count <= 64 else {
            throw EventError.tooLarge(field: "updates.tags", "A chat has at most 64 tags.")
        }
        changes.tags = tags
        applied["tags"] = .array(tags.map(JSONValue.string))
    }

    /// Priority and queue: together they decide the chat's place in a line.
    private func applyPlace(
        _ transaction: ChatTransaction, _ chat: ChatRow, _ changes: inout ChatChanges, _ applied: inout JSONObject
    ) throws {
        if let wish = self.updates.priority {
            let priority = try ChatUpdateRules.priority(from: chat.priority, to: wish, by: self.principal.role)
            if priority != chat.priority {
                changes.priority = priority
                applied["priority"] = .word(priority)
            }
        }
        if let queue = self.updates.queue, queue != chat.queue {
            guard try Workspaces.queueExists(transaction.sql, transaction.workspace, name: queue) else {
                throw EventError(
                    .notFound, "There is no such queue.", details: ["field": "updates.queue"])
            }
            changes.queue = queue
            applied["queue"] = .string(queue)
        }
        guard changes.priority != nil || changes.queue != nil, chat.status == .waiting,
            let first = chat.firstQueuedAt
        else { return }
        changes.routeKey =
            RouteKey(
                firstQueuedAt: first, priority: changes.priority ?? chat.priority,
                bonusMilliseconds: chat.routeBonusMilliseconds
            ).instant
    }
}
