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
        var full = form.object ?? [:]
        full.set("preview", preview)
        self.tell("typing:start", reduced: isPublic ? form : nil, full: .object(full))
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
    private func tell(_ event: String, reduced: JSONValue?, full: JSONValue) {
        let broadcaster = self.context.services.broadcaster
        let except = self.participant.role == .ai ? [Room.bot(self.context.workspace, self.participant.id)] : []
        for (room, form) in [
            (Room.chatPublic(self.context.workspace, self.chatID), reduced),
            (Room.chatStaff(self.context.workspace, self.chatID), full),
        ] {
            guard let form, broadcaster.hasMembers(room) else { continue }
            broadcaster.emit(
                event, form.encoded(), to: [room], except: except, exceptSockets: [self.context.socket.id])
        }
    }

    /// Also after a message, a disconnect, or a change of hands.
    ///
    /// - Parameter socket: The typist's own, which knows; nil where it does not.
    static func tellStop(
        of typist: TypingBoard.Typist, in chat: ChatKey, by socket: String?, _ broadcaster: any Broadcaster
    ) {
        let participant = typist.participant
        let heard = typist.isPublic ? [Room.chatPublic(chat.workspace, chat.chat)] : []
        let rooms = (heard + [.chatStaff(chat.workspace, chat.chat)]).filter(broadcaster.hasMembers)
        guard !rooms.isEmpty else { return }
        let form: JSONValue = ["chatId": .string(chat.chat), "actor": .participant(participant, named: true)]
        broadcaster.emit(
            "typing:stop", form.encoded(), to: rooms,
            except: participant.role == .ai ? [.bot(chat.workspace, participant.id)] : [],
            exceptSockets: socket.map { [$0] } ?? [])
    }
}
