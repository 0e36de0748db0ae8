internal import Assignment
internal import SocketIO
internal import Storage

extension ChatTransaction {
    /// How long a `sentiment_alert` waits for a supervisor.
    private static let alertLifeMilliseconds: Int64 = 24 * 3_600_000

    /// Does what a visitor's words call for: tags and priority, an alert to supervisors, and, from a bot, the way to a
    /// person.
    func follow(_ decision: EscalationDecision, in chat: ChatRow) throws -> ChatRow {
        var chat = try self.mark(
            chat, adding: decision.addedTags, least: decision.minimumPriority, by: .system)
        if decision.alertsSupervisors { try self.alert(decision, of: chat) }
        guard let trigger = decision.trigger, self.escalates(chat, decision) else { return chat }
        chat = try self.escalate(
            chat, by: .system, trigger: trigger.rawValue, evidence: decision.evidence,
            isAutomatic: trigger != .explicitRequest)
        return chat
    }

    /// Whether a visitor's words take the chat from its bot.
    func escalates(_ chat: ChatRow, _ decision: EscalationDecision) -> Bool {
        guard let trigger = decision.trigger else { return false }
        return chat.status == .bot && self.mayEscalate(chat, trigger)
    }

    /// From a bot to the line of people. The chat is not marked with anything but the reason.
    ///
    /// - Parameters:
    ///   - evidence: The words that led there, kept with the trigger for whoever asks later why.
    ///   - isAutomatic: Whether nobody asked for it: of these a chat has a few only.
    func escalate(
        _ chat: ChatRow, by: Participant, trigger: String, reason: String? = nil, summary: String? = nil,
        evidence: [String] = [], isAutomatic: Bool = false
    ) throws -> ChatRow {
        var escalation = Self.escalation(by: by, trigger: trigger, reason: reason, summary: summary)
        if !evidence.isEmpty { escalation["evidence"] = .array(evidence.map(JSONValue.string)) }
        let marked = try Chats.update(
            self.sql, chat,
            ChatChanges(
                metadataPatch: JSONText(["escalation": .object(escalation)]),
                escalationReason: summary ?? reason ?? trigger, countsEscalation: isAutomatic))
        return try self.noteSummary(summary, in: self.enqueue(marked, by: by, reason: trigger), by: by)
    }

    /// Somebody calls for a person where one is on the way, or there already: what they say of the matter still reaches
    /// staff, as a note or, a visitor's, with the chat.
    func addToEscalation(
        _ chat: ChatRow, by: Participant, trigger: String, reason: String?, summary: String?
    ) throws -> ChatRow {
        // The summary with which it escalated, sent again, is not another one.
        guard summary == nil || summary != chat.escalationReason else { return chat }
        guard by.role == .visitor else { return try self.noteSummary(summary, in: chat, by: by) }
        guard summary != nil || reason != nil else { return chat }
        return try self.keep(
            Self.escalation(by: by, trigger: trigger, reason: reason, summary: summary), with: chat, by: by)
    }

    /// Somebody gives the chat to a person and says why one is needed: whoever gets it is told.
    func explainEscalation(
        of chat: ChatRow, by: Participant, reason: String, escalatedBy: String?
    ) throws -> ChatRow {
        var escalation = Self.escalation(
            by: by, trigger: EscalationTrigger.requested.rawValue, reason: reason, summary: nil)
        escalation.set("escalatedBy", escalatedBy)
        return try self.keep(escalation, with: chat, by: by, reason: reason)
    }

    private func keep(
        _ escalation: JSONObject, with chat: ChatRow, by: Participant, reason: String? = nil
    ) throws -> ChatRow {
        let told = JSONText(["escalation": .object(escalation)])
        var marked = try Chats.update(
            self.sql, chat, ChatChanges(metadataPatch: told, escalationReason: reason))
        try self.record(.chatUpdated(ChatUpdated(changes: told, chat: marked, by: by)), in: &marked)
        return marked
    }

    private static func escalation(
        by: Participant, trigger: String, reason: String?, summary: String?
    ) -> JSONObject {
        var escalation: JSONObject = ["trigger": .string(trigger), "by": .word(by.role)]
        escalation.set("reason", reason)
        escalation.set("summary", summary)
        return escalation
    }

    /// What somebody who gives a chat away knows of the matter lies ready for whoever takes it.
    func noteSummary(_ summary: String?, in chat: ChatRow, by: Participant) throws -> ChatRow {
        // A visitor's words are messages; they write no notes.
        guard let summary, by.role != .visitor else { return chat }
        let note = try Notes.append(
            self.sql, chat, NewMessage(sender: by, type: .note, content: summary))
        self.recorded(note.event)
        return note.chat
    }

    /// Who asks for a person always gets on the way to one. Anger sends a chat there once in the cool-down, and a few
    /// times altogether.
    private func mayEscalate(_ chat: ChatRow, _ trigger: EscalationTrigger) -> Bool {
        guard trigger != .explicitRequest else { return true }
        guard chat.autoEscalations < EscalationDecision.maximumAutomatic else { return false }
        guard let last = chat.escalatedAt else { return true }
        return chat.readAt.milliseconds(since: last) >= EscalationDecision.coolDownMilliseconds
    }

    /// Raises a chat's priority, never lowers it, and moves it forward in its line; tells it.
    func raisePriority(of chat: ChatRow, to least: Priority, by: Participant) throws -> ChatRow {
        try self.mark(chat, adding: [], least: least, by: by)
    }

    private func mark(
        _ chat: ChatRow, adding newTags: [String], least: Priority?, by: Participant
    ) throws -> ChatRow {
        let tags = chat.tags + newTags.filter { !chat.tags.contains($0) }
        let priority = max(chat.priority, least ?? .low)
        var changes = ChatChanges()
        var told: JSONObject = [:]
        if tags != chat.tags {
            changes.tags = tags
            told["tags"] = .array(tags.map(JSONValue.string))
        }
        if priority != chat.priority {
            changes.priority = priority
            told["priority"] = .word(priority)
            if chat.status == .waiting, let first = chat.firstQueuedAt {
                changes.routeKey =
                    RouteKey(
                        firstQueuedAt: first, priority: priority, bonusMilliseconds: chat.routeBonusMilliseconds
                    ).instant
            }
        }
        guard !told.isEmpty else { return chat }
        var marked = try Chats.update(self.sql, chat, changes)
        try self.record(.chatUpdated(ChatUpdated(changes: JSONText(told), chat: marked, by: by)), in: &marked)
        return marked
    }

    private func alert(_ decision: EscalationDecision, of chat: ChatRow) throws {
        let data: JSONObject = [
            "chatId": .string(chat.id), "visitorId": .string(chat.visitorID), "queue": .string(chat.queue),
            "priority": .word(chat.priority), "frustration": .number(JSONNumber(decision.frustration)),
            "trigger": JSONValue(decision.trigger?.rawValue),
            "evidence": .array(decision.evidence.map(JSONValue.string)),
        ]
        let (_, stored) = try Notifications.store(
            self.sql, self.workspace,
            Notifications.New(
                type: "sentiment_alert", severity: "high", target: .supervisors, chatID: chat.id,
                data: JSONText(data), sender: .system, ttlMilliseconds: Self.alertLifeMilliseconds,
                dedupe: .init(
                    key: "sentiment_alert:\(chat.id)", milliseconds: EscalationDecision.coolDownMilliseconds)))
        if let stored { try self.record(.notificationRaised(NotificationRaised(stored))) }
    }
}
