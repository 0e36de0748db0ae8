internal import Assignment
internal import SocketIO
internal import Storage

extension ChatTransaction {
    /// Gives a chat to a bot, whoever has it; frees the slot of the one who had it, marks what was said while people had it,
    /// and tells the bot that it is its turn.
    ///
    /// - Parameters:
    ///   - note: What the bot should know; it lies ready as a note too.
    ///   - answerTimeoutMilliseconds: How long the bot has where the visitor waits.
    func giveToBot(
        _ locked: ChatRow, _ bot: Participant, by: Participant, note: String?, answerTimeoutMilliseconds: Int64
    ) throws -> ChatRow {
        let reason = "handed_back"
        let stretch = Self.humanStretch(of: locked)
        var chat = locked
        if let released = try self.release(chat, reason: reason) {
            try self.rescind(released, in: &chat, reason: reason)
        }
        if chat.status != .bot, !chat.status.successors.contains(.bot) {
            chat = try self.moveToQueue(chat, by: by, reason: reason)
        }
        let isAwaited = chat.seq >= 1 && chat.lastVisitorSeq == chat.seq
        chat = try Chats.giveToBot(
            self.sql, chat, bot, answerWithin: isAwaited ? answerTimeoutMilliseconds : nil, by: by, reason: reason)
        try Bots.markAssigned(self.sql, self.workspace, bot.id)
        let changes: JSONObject = [
            "status": .word(chat.status), "owner": ["role": "ai", "id": .string(bot.id)], "assignedTo": .null,
            "epoch": .int(chat.epoch),
        ]
        try self.record(
            .chatUpdated(
                ChatUpdated(
                    changes: JSONText(changes), chat: chat, by: by, previousCommercialID: locked.assignedTo)),
            in: &chat)
        if let stretch { chat = try self.mark(stretch, in: chat, by: by) }
        chat = try self.noteSummary(note, in: chat, by: by)
        guard chat.seq >= 1 else { return chat }
        try self.record(
            .turnBegan(TurnBegan(chat: chat, bot: bot.id, reason: reason, human: stretch, note: note)), in: &chat)
        return chat
    }

    /// Which messages fall into the time for which people have had the chat.
    private static func humanStretch(of chat: ChatRow) -> TurnBegan.HumanStretch? {
        guard let from = chat.humanFromSeq, from <= chat.seq else { return nil }
        return TurnBegan.HumanStretch(fromSeq: from, toSeq: chat.seq)
    }

    /// Writes the end of the human stretch among the notes, for bots that read the chat later.
    private func mark(
        _ stretch: TurnBegan.HumanStretch, in chat: ChatRow, by: Participant
    ) throws -> ChatRow {
        let metadata: JSONObject = [
            "kind": "human_stretch", "fromSeq": .int(stretch.fromSeq), "toSeq": .int(stretch.toSeq),
            "by": .participant(by),
        ]
        let note = try Notes.append(
            self.sql, chat,
            NewMessage(
                sender: .system, type: .system,
                content: "A person had this chat from message \(stretch.fromSeq) to message \(stretch.toSeq).",
                metadata: JSONText(metadata)))
        self.recorded(note.event)
        return note.chat
    }
}
