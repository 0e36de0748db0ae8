internal import Assignment
internal import SocketIO
internal import Storage

/// Somebody types in a chat, or stops: told to the others in its rooms.
struct Typing {
    let context: EventContext
    let chatID: String

    private var key: ChatKey { ChatKey(workspace: self.context.workspace, chat: self.chatID) }
    private var participant: Participant { self.context.principal.participant }

    /// Whoever reads along unseen types unseen.
    var isSilent: Bool { self.context.session.mode(in: self.chatID) == .monitor }

    /// Whether the others know already. True only for who was let in a moment ago, so that no right has to be looked at.
    ///
    /// - Parameter hasPreview: Whether it shows what is being typed.
    func isFresh(hasPreview: Bool) -> Bool {
        self.context.services.typing.isFresh(self.participant, in: self.key, hasPreview: hasPreview)
    }

    /// - Parameter preview: What is being typed; for staff and bots only.
    func start(preview: String?) async throws {
        let principal = self.context.principal
        let timeout = self.context.services.configuration.bot.answerTimeout.inMilliseconds
        let mode = self.context.session.mode(in: self.chatID)
        let (now, isPublic, epoch) = try await self.context.services.change(in: self.context.workspace) { transaction in
            let chat = try transaction.find(self.chatID)
            let access = try transaction.access(principal, chat)
            try access.see()
            guard chat.status.isOpen else { throw EventError(.badState, "The chat is closed.") }
            if principal.role == .ai, chat.botDeadline != nil, !chat.botDeadlineMoved {
                // The bot is at work: once, it gets three times as long.
                _ = try Chats.extendBotDeadline(
                    transaction.sql, transaction.workspace, chat.id, bot: principal.subject,
                    byMilliseconds: 2 * timeout)
            }
            // Whoever could only write a note types for staff only: the visitor would wait for words that never come.
            return (chat.readAt, access.mayPost(joined: mode), chat.epoch)
        }.value
        let typist = TypingBoard.Typist(
            participant: self.participant,
            expiresAt: now.advanced(byMilliseconds: TypingBoard.timeToLive.inMilliseconds), isPublic: isPublic,
            epoch: epoch)
        self.context.services.typing.start(typist, in: self.key, socket: self.context.socket.id)

        let form = TypingForm.typing(typist, in: self.chatID)
        var full = form
        full.set("preview", preview)
        self.tell("typing:start", reduced: isPublic ? form : nil, full: full)
    }

    func stop() async throws {
        guard let typist = self.context.services.typing.stop(self.participant, in: self.key) else {
            // Nothing to tell, but the chat still has to be one that the sender may know of.
            let principal = self.context.principal
            _ = try await self.context.services.change(in: self.context.workspace) { transaction in
                try transaction.access(principal, transaction.find(self.chatID)).see()
            }
            return
        }
        Self.tellStop(of: typist, in: self.key, by: self.context.socket.id, self.context.services.broadcaster)
    }

    /// - Parameter reduced: What the visitor is told, if anything.
    private func tell(_ event: String, reduced: JSONObject?, full: JSONObject) {
        let broadcaster = self.context.services.broadcaster
        let except = Self.deaf(self.participant, in: self.key)
        for (audience, form) in [(Self.visitors(of: self.key), reduced), (Self.team(of: self.key), full)] {
            let rooms = audience.filter(broadcaster.hasMembers)
            guard let form, !rooms.isEmpty else { continue }
            broadcaster.tell(
                event, form, to: rooms, except: except, exceptSockets: [self.context.socket.id], isDispensable: true)
        }
    }

    // MARK: Audience

    private static func visitors(of chat: ChatKey) -> [Room] { [.chatPublic(chat.workspace, chat.chat)] }

    /// Bots hear of every chat without joining, of typing as of all else.
    private static func team(of chat: ChatKey) -> [Room] {
        [.chatStaff(chat.workspace, chat.chat), .ai(chat.workspace)]
    }

    /// Bots that left the chat; and a bot's other sockets, which are the same typist.
    private static func deaf(_ typist: Participant, in chat: ChatKey) -> [Room] {
        [.chatMuted(chat.workspace, chat.chat)] + (typist.role == .ai ? [.bot(chat.workspace, typist.id)] : [])
    }

    /// Also after a message, a disconnect, or a change of hands.
    ///
    /// - Parameter socket: The typist's own, which knows; nil where it does not.
    static func tellStop(
        of typist: TypingBoard.Typist, in chat: ChatKey, by socket: String?, _ broadcaster: any Broadcaster
    ) {
        let participant = typist.participant
        let rooms = ((typist.isPublic ? Self.visitors(of: chat) : []) + Self.team(of: chat))
            .filter(broadcaster.hasMembers)
        guard !rooms.isEmpty else { return }
        broadcaster.tell(
            "typing:stop", ["chatId": .string(chat.chat), "actor": .participant(participant, named: true)], to: rooms,
            except: Self.deaf(participant, in: chat),
            exceptSockets: socket.map { [$0] } ?? [], isDispensable: true)
    }
}
