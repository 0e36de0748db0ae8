package import Assignment

/// A chat as it stands in PostgreSQL.
///
/// Read under its row lock (`Chats.lock`) it stays true until the transaction ends; every primitive that changes a chat
/// takes the row that it was decided on and returns the new one.
package struct ChatRow: Sendable, Hashable {
    /// When this row was read or written, by the database's clock: the "now" of the decision that follows.
    package var readAt: Timestamp

    package var workspaceID: String
    package var id: String
    package var visitorID: String
    package var status: ChatStatus
    package var priority: Priority
    package var queue: String
    package var department: String?
    package var source: String
    package var language: String?
    /// What the chat counts in a commercial's load.
    package var weight: Double

    /// The bot, commercial, supervisor or admin who answers publicly; nil while nobody does.
    package var owner: Participant?
    /// +1 at each change of owner.
    package var epoch: Int64
    /// +1 at each change of the chat's own fields.
    package var version: Int64
    /// `seq` of the last public message, 0 before the first.
    package var seq: Int64
    /// `noteSeq` of the last note, 0 before the first.
    package var noteSeq: Int64
    /// Number of the chat's last event in the outbox.
    package var eventNo: Int64

    package var tags: [String]
    package var metadata: JSONText
    /// What a bot says that it is doing ("processing"); not part of the lifecycle.
    package var aiStatus: String?

    /// When the chat first waited for a person. Kept through every requeue.
    package var firstQueuedAt: Timestamp?
    /// Orders the queue: smallest `(routeKey, id)` is served first.
    package var routeKey: Timestamp?
    /// How much earlier than its class the chat is served because it lost its commercial, milliseconds.
    package var routeBonusMilliseconds: Int64
    /// Start of the present wait.
    package var queuedAt: Timestamp?
    /// All earlier waits together, milliseconds.
    package var waitedMilliseconds: Int64
    /// Commercials who let an offer of this round pass.
    package var triedCommercials: [String]
    package var snoozeUntil: Timestamp?

    /// Until when the owning bot must have answered; nil while it owes nothing.
    package var botDeadline: Timestamp?
    /// Whether the bot's typing has already moved the deadline.
    package var botDeadlineMoved: Bool
    package var triedBots: [String]
    /// Public messages of the owning bot since the visitor's last one.
    package var botPosts: Int
    package var lastVisitorSeq: Int64
    package var lastVisitorAt: Timestamp?
    /// First public message that was not the visitor's.
    package var firstResponseAt: Timestamp?
    /// First public message of a person of the staff.
    package var firstHumanAt: Timestamp?
    package var escalatedAt: Timestamp?
    package var escalationReason: String?

    package var previousChatID: String?
    package var createdAt: Timestamp
    package var updatedAt: Timestamp
    package var closedAt: Timestamp?
    package var closedBy: Participant?
    package var closeReason: ChatCloseReason?
    /// The place in line that the visitor was told last; nil where they were told none of this line.
    package var toldPosition: Int?
    /// How many people they were told are there.
    package var toldAgents: Int?
    package var toldAt: Timestamp?
    /// Escalations that the rules made; those that somebody asked for do not count.
    package var autoEscalations: Int
    /// The visitor's polarity by now, from -1 to 1; nil before their first word.
    package var mood: Double?
    /// What staff were told of it last.
    package var toldMood: Double?
    package var toldMoodLabel: SentimentReading.Label?
    /// The first message of the people who have the chat, or had it since a bot last did.
    package var humanFromSeq: Int64?
    /// How often it went from bot to bot since the visitor's last word.
    package var botHandovers: Int
    package var botHandoversTotal: Int
    /// Notes of bots since somebody who is none said something.
    package var botNotes: Int
    /// When the gateway looks at the chat again by itself; set by the schema with status and queue.
    package var lookAt: Timestamp?
    /// While the chat is offline: when its queue opens; nil where nobody knows.
    package var nextOpenAt: Timestamp?
    /// `seq` of the last public message of a person of the staff, 0 before the first.
    package var lastHumanSeq: Int64
    /// What this chat asks of whoever takes it, besides what its queue asks.
    package var skills: [String: Int]
    /// Who had its visitor before, and is asked first.
    package var stickyCommercial: String?
    /// In which round of offers it is, from 1.
    package var offerRound: Int
    /// Until when it rests after a round of offers that came to nothing.
    package var offersRestUntil: Timestamp?
    /// To which step of overflow rounds that came to nothing have brought it.
    package var overflowSteps: Int
    /// The wait that the visitor was told last, in seconds: the median, and the ninth decile.
    package var toldETASeconds: Int?
    package var toldP90Seconds: Int?
    /// The promise that holds while a person is needed; nil where none does.
    package var slaPolicy: String?
    /// By when somebody has promised to answer, while somebody has.
    package var responseDueAt: Timestamp?
    /// Until when the visitor may say how it was; nil where nobody asked them.
    package var csatUntil: Timestamp?
    package var csatScore: Int?
    package var csatComment: String?
    package var csatAt: Timestamp?
    /// The `language` that was only assumed, by the visitor's locale; any other one somebody said.
    package var assumedLanguage: String?

    /// What staff were told last of how the visitor feels; nil where they were told nothing.
    package var toldMoodNews: Mood.Told? {
        guard let toldMood, let toldMoodLabel else { return nil }
        return Mood.Told(score: toldMood, label: toldMoodLabel)
    }

    /// How long it has been waiting since it last began to, in milliseconds; 0 where it does not wait.
    package var waitingMilliseconds: Int64 { self.queuedAt.map { self.readAt.milliseconds(since: $0) } ?? 0 }

    /// The wait that the visitor was told last.
    package var toldWait: QueueForecast.Wait? {
        guard let toldETASeconds, let toldP90Seconds else { return nil }
        return QueueForecast.Wait(p50Seconds: toldETASeconds, p90Seconds: toldP90Seconds)
    }

    /// The person to whom the chat is assigned, as the wire's `assignedTo`: nil under a bot.
    package var assignedTo: String? {
        guard let owner, owner.role != .ai else { return nil }
        return owner.id
    }
}

extension ChatRow {
    /// The columns of `chats` in the table's order, after `readAt`.
    static let columns = [
        "workspace_id", "id", "visitor_id", "status", "priority", "queue", "department", "source", "language", "weight",
        "owner_role", "owner_id", "owner_name", "epoch", "version", "seq", "note_seq", "event_no",
        "tags", "metadata", "ai_status",
        "first_queued_at", "route_key", "route_bonus_ms", "queued_at", "waited_ms", "tried_commercials", "snooze_until",
        "bot_deadline", "bot_deadline_moved", "tried_bots", "bot_posts", "last_visitor_seq", "last_visitor_at",
        "first_response_at", "first_human_at", "escalated_at", "escalation_reason",
        "previous_chat_id", "created_at", "updated_at", "closed_at", "closed_by_role", "closed_by_id", "close_reason",
        "told_position", "told_agents", "told_at", "auto_escalations",
        "mood", "told_mood", "told_mood_label", "human_from_seq", "bot_handovers", "bot_handovers_total", "bot_notes",
        "look_at", "next_open_at", "last_human_seq",
        "skills", "skill_levels", "sticky_commercial", "offer_round", "offers_rest_until", "overflow_steps",
        "told_eta_s", "told_p90_s",
        "sla_policy", "response_due_at", "csat_until", "csat_score", "csat_comment", "csat_at",
        "assumed_language",
    ]

    /// Reads `clock_timestamp(), chats.*` beginning at column `start`.
    init(_ row: Row, at start: Int = 0) throws(StorageError) {
        self.readAt = try row.timestamp(start)
        let base = start + 1
        self.workspaceID = try row.text(base)
        self.id = try row.text(base + 1)
        self.visitorID = try row.text(base + 2)
        self.status = try row.word(base + 3)
        self.priority = try row.word(base + 4)
        self.queue = try row.text(base + 5)
        self.department = try row.optionalText(base + 6)
        self.source = try row.text(base + 7)
        self.language = try row.optionalText(base + 8)
        self.weight = try row.double(base + 9)
        self.owner = try row.optionalParticipant(role: base + 10, id: base + 11, name: base + 12)
        self.epoch = try row.int(base + 13)
        self.version = try row.int(base + 14)
        self.seq = try row.int(base + 15)
        self.noteSeq = try row.int(base + 16)
        self.eventNo = try row.int(base + 17)
        self.tags = try row.texts(base + 18)
        self.metadata = JSONText(try row.text(base + 19))
        self.aiStatus = try row.optionalText(base + 20)
        self.firstQueuedAt = try row.optionalTimestamp(base + 21)
        self.routeKey = try row.optionalTimestamp(base + 22)
        self.routeBonusMilliseconds = try row.int(base + 23)
        self.queuedAt = try row.optionalTimestamp(base + 24)
        self.waitedMilliseconds = try row.int(base + 25)
        self.triedCommercials = try row.texts(base + 26)
        self.snoozeUntil = try row.optionalTimestamp(base + 27)
        self.botDeadline = try row.optionalTimestamp(base + 28)
        self.botDeadlineMoved = try row.bool(base + 29)
        self.triedBots = try row.texts(base + 30)
        self.botPosts = Int(clamping: try row.int(base + 31))
        self.lastVisitorSeq = try row.int(base + 32)
        self.lastVisitorAt = try row.optionalTimestamp(base + 33)
        self.firstResponseAt = try row.optionalTimestamp(base + 34)
        self.firstHumanAt = try row.optionalTimestamp(base + 35)
        self.escalatedAt = try row.optionalTimestamp(base + 36)
        self.escalationReason = try row.optionalText(base + 37)
        self.previousChatID = try row.optionalText(base + 38)
        self.createdAt = try row.timestamp(base + 39)
        self.updatedAt = try row.timestamp(base + 40)
        self.closedAt = try row.optionalTimestamp(base + 41)
        self.closedBy = try row.optionalParticipant(role: base + 42, id: base + 43)
        self.closeReason = try row.optionalWord(base + 44)
        self.toldPosition = try row.optionalInt(base + 45).map(Int.init(clamping:))
        self.toldAgents = try row.optionalInt(base + 46).map(Int.init(clamping:))
        self.toldAt = try row.optionalTimestamp(base + 47)
        self.autoEscalations = Int(clamping: try row.int(base + 48))
        self.mood = try row.optionalDouble(base + 49)
        self.toldMood = try row.optionalDouble(base + 50)
        self.toldMoodLabel = try row.optionalWord(base + 51)
        self.humanFromSeq = try row.optionalInt(base + 52)
        self.botHandovers = Int(clamping: try row.int(base + 53))
        self.botHandoversTotal = Int(clamping: try row.int(base + 54))
        self.botNotes = Int(clamping: try row.int(base + 55))
        self.lookAt = try row.optionalTimestamp(base + 56)
        self.nextOpenAt = try row.optionalTimestamp(base + 57)
        self.lastHumanSeq = try row.int(base + 58)
        self.skills = Dictionary(keys: try row.texts(base + 59), values: try row.ints(base + 60))
        self.stickyCommercial = try row.optionalText(base + 61)
        self.offerRound = Int(clamping: try row.int(base + 62))
        self.offersRestUntil = try row.optionalTimestamp(base + 63)
        self.overflowSteps = Int(clamping: try row.int(base + 64))
        self.toldETASeconds = try row.optionalInt(base + 65).map(Int.init(clamping:))
        self.toldP90Seconds = try row.optionalInt(base + 66).map(Int.init(clamping:))
        self.slaPolicy = try row.optionalText(base + 67)
        self.responseDueAt = try row.optionalTimestamp(base + 68)
        self.csatUntil = try row.optionalTimestamp(base + 69)
        self.csatScore = try row.optionalInt(base + 70).map(Int.init(clamping:))
        self.csatComment = try row.optionalText(base + 71)
        self.csatAt = try row.optionalTimestamp(base + 72)
        self.assumedLanguage = try row.optionalText(base + 73)
    }
}
