internal import Assignment
internal import SocketIO
internal import Storage

/// Stores a message or a note, and everything that goes with it: the chat that it opens, reopens or takes over, the
/// bot's deadline, and what its words call for. One transaction of its own, unless it is plain (``MessageDesk``).
struct SendMessage: Sendable {
    /// The sender.
    let principal: Principal
    /// How the sender's socket joined the chat that is named.
    let mode: JoinMode?
    /// The socket that sends; nil over HTTP.
    let origin: String?
    let chatID: String?
    let isPrivate: Bool
    /// The epoch that the sender believes in.
    let epoch: Int64?
    let message: NewMessage

    /// Whether it is for the one who has the chat, and for nobody else.
    private var isWhisper: Bool { self.message.type == .whisper }

    /// What came of it, and what the caller does after COMMIT.
    struct Outcome: Sendable {
        var stored: StoredMessage
        var chat: ChatRow
        var isDuplicate = false
    }

    /// - Parameters:
    ///   - ack: Where the sender waits; a plain message is acknowledged before this returns.
    ///   - usualChat: The chat to which this visitor's messages went that named none.
    func callAsFunction(_ services: Services, ack: Ack? = nil, usualChat: String? = nil) async throws -> Reply {
        if let plain = self.plain(services.configuration, usualChat: usualChat),
            try await services.desk.send(plain, origin: self.origin, ack: ack)
        {
            return .delivered
        }
        let committed = try await services.change(in: self.principal.workspace, lane: .message) { transaction in
            try self.run(transaction, services)
        }
        let outcome = committed.value
        if outcome.chat.status == .waiting {
            services.routing.wake(workspace: outcome.chat.workspaceID, queue: outcome.chat.queue)
        }
        let chat = ChatKey(workspace: outcome.chat.workspaceID, chat: outcome.chat.id)
        if let typist = services.typing.stop(self.principal.participant, in: chat) {
            Typing.tellStop(of: typist, in: chat, by: self.origin, services.broadcaster)
        }
        // A message's own number, not the last one of the transaction: what followed from it may come after the ack.
        let number = committed.events.first { $0.body.isPost }?.eventNo ?? outcome.chat.eventNo
        return .ordered(
            outcome.reply,
            Publication(
                events: committed.events, origin: self.origin, place: .init(chat: chat, eventNo: number)))
    }

    private func run(_ transaction: ChatTransaction, _ services: Services) throws -> Outcome {
        if self.principal.role == .visitor {
            return try self.runForVisitor(transaction, services)
        }
        guard let chatID else { throw EventError.badPayload(field: "chatId", "chatId is missing.") }
        let chat = try transaction.lock(chatID)
        let access = try transaction.access(self.principal, chat)
        try access.see()
        if let duplicate = try self.duplicate(transaction, in: chat.id) {
            return Outcome(stored: duplicate, chat: chat, isDuplicate: true)
        }
        try self.checkReply(transaction, chat)
        return self.isPrivate
            ? try self.postNote(transaction, chat, access)
            : try self.postAsStaff(transaction, chat, access, services.routing)
    }

    // MARK: Visitors

    private func runForVisitor(_ transaction: ChatTransaction, _ services: Services) throws -> Outcome {
        if let chatID {
            let chat = try transaction.lock(chatID)
            try transaction.access(self.principal, chat).see()
            if let duplicate = try self.duplicate(transaction, in: chat.id) {
                return Outcome(stored: duplicate, chat: chat, isDuplicate: true)
            }
            if chat.visitorStatus.isOpen { return try self.postAsVisitor(transaction, chat, services) }
            // Their own closed chat counts as none.
        }
        if let duplicate = try self.duplicate(transaction, in: nil) {
            return Outcome(stored: duplicate, chat: try transaction.find(duplicate.chatID), isDuplicate: true)
        }
        let chats = VisitorChats(
            transaction: transaction, visitor: self.principal, configuration: services.configuration)
        let chat = try chats.destination(.init(firstMessage: self.message.content))
        // The same message on another socket may have opened the chat while this one waited for it.
        if let duplicate = try self.duplicate(transaction, in: chat.id) {
            return Outcome(stored: duplicate, chat: chat, isDuplicate: true)
        }
        return try self.postAsVisitor(transaction, chat, services)
    }

    func postAsVisitor(
        _ transaction: ChatTransaction, _ locked: ChatRow, _ services: Services
    ) throws -> Outcome {
        try self.checkReply(transaction, locked)
        // Whoever put the chat to sleep waited for this.
        let chat =
            locked.status == .paused
            ? try transaction.wake(
                locked, .byItself, by: self.principal.participant, reason: "visitor_message") : locked
        var clock = Messages.BotClock.keep
        if chat.status == .bot, chat.botDeadline == nil {
            clock = .set(
                BotDeadline.afterVisitorMessage(
                    at: chat.readAt, pending: nil,
                    answerTimeoutMilliseconds: services.configuration.bot.answerTimeout.inMilliseconds))
        }
        let reading = chat.reading(of: self.message.content)
        let mood = Mood(before: chat.mood, told: chat.toldMoodNews, hearing: reading.polarity)
        let decision = try services.routing.judge(
            self.message.content, as: reading, in: chat, transaction: transaction)
        let posted = try Messages.append(
            transaction.sql, chat, self.message, botClock: clock, mood: mood, language: chat.learns(from: reading),
            beginsTurn: !transaction.escalates(chat, decision))
        transaction.recorded(posted.event)
        var after = posted.chat
        if let language = after.language, language != chat.language {
            let told = JSONText(["language": .string(language)])
            try transaction.record(.chatUpdated(ChatUpdated(changes: told, chat: after, by: .system)), in: &after)
        }
        if mood.isNews { try transaction.record(.moodChanged(MoodChanged(mood)), in: &after) }
        if !decision.isEmpty { after = try transaction.follow(decision, in: after) }
        return Outcome(stored: .message(posted.message), chat: after)
    }

    // MARK: Staff and bots

    private func postNote(
        _ transaction: ChatTransaction, _ chat: ChatRow, _ access: ChatAccess
    ) throws -> Outcome {
        let recipient = self.isWhisper ? try access.whisper() : nil
        if !self.isWhisper { try access.note() }
        if self.principal.role == .ai { try BotTurn.note(after: chat.botNotes) }
        let posted = try Notes.append(transaction.sql, chat, self.message, for: recipient)
        transaction.recorded(posted.event)
        if let recipient {
            try Audit.append(
                transaction.sql, transaction.workspace, actor: self.principal.participant, action: "chat.whispered",
                chatID: chat.id,
                detail: JSONText(["to": .string(recipient), "noteSeq": .int(posted.note.noteSeq)]))
        }
        return Outcome(stored: .note(posted.note), chat: posted.chat)
    }

    func postAsStaff(
        _ transaction: ChatTransaction, _ locked: ChatRow, _ access: ChatAccess, _ routing: any ChatRouting
    ) throws -> Outcome {
        var chat = locked
        switch try access.post(joined: self.mode, epoch: self.epoch) {
        case .plain:
            break
        case .takesOver:
            chat = try routing.takeOver(chat, by: self.principal.participant, in: transaction)
        case .acceptsOffer:
            chat = try routing.acceptOffer(of: chat, by: self.principal.participant, in: transaction)
        }
        var clock = Messages.BotClock.keep
        if self.principal.role == .ai {
            let answered = try self.message.inReplyToSeq.map {
                try Messages.isAnswered(transaction.sql, chat, bot: self.principal.subject, seq: $0)
            }
            try BotTurn(postsSinceVisitor: chat.botPosts, lastSeq: chat.seq)
                .post(inReplyToSeq: self.message.inReplyToSeq, isAnswered: answered ?? false)
            clock = .clear
        }
        let posted = try Messages.append(transaction.sql, chat, self.message, botClock: clock)
        transaction.recorded(posted.event)
        let after =
            self.principal.role == .ai
            ? try routing.read(answer: posted.message, in: posted.chat, transaction: transaction)
            : posted.chat
        return Outcome(stored: .message(posted.message), chat: after)
    }

    // MARK: Common

    func duplicate(_ transaction: ChatTransaction, in chat: String?) throws -> StoredMessage? {
        let found = try Messages.duplicate(
            transaction.sql, transaction.workspace, self.message, chatID: chat, isPrivate: self.isPrivate)
        switch found {
        case nil:
            return nil
        case .same(let stored):
            return stored
        case .conflict:
            throw EventError.usedClientID
        }
    }

    /// What is replied to has to be in the same chat.
    private func checkReply(_ transaction: ChatTransaction, _ chat: ChatRow) throws {
        guard let id = self.message.replyTo else { return }
        if try Messages.find(transaction.sql, transaction.workspace, id)?.chatID == chat.id { return }
        if self.isPrivate, let note = try Notes.find(transaction.sql, transaction.workspace, id),
            note.chatID == chat.id, self.principal.notes.reads(note)
        {
            return
        }
        throw EventError(.notFound, "There is no such message in this chat.", details: ["field": "replyTo"])
    }
}

extension SendMessage.Outcome {
    var reply: JSONObject {
        switch self.stored {
        case .message(let message): MessageReceipt.stored(message, isDuplicate: self.isDuplicate)
        case .note(let note): MessageReceipt.stored(note, isDuplicate: self.isDuplicate)
        }
    }
}

extension StoredMessage {
    var chatID: String {
        switch self {
        case .message(let message): message.chatID
        case .note(let note): note.chatID
        }
    }
}

extension DomainEvent.Body {
    /// Whether it tells of a message or note.
    fileprivate var isPost: Bool {
        switch self {
        case .messagePosted, .notePosted: true
        default: false
        }
    }
}
