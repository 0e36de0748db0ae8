internal import Assignment
internal import NIOCore
internal import SocketIO
internal import Storage

/// Lets a socket into a chat: a snapshot to begin with, and everything above it from then on.
struct JoinChat: Sendable {
    let chatID: String
    let mode: JoinMode
    let afterSeq: Int64?
    let afterNoteSeq: Int64
    let limit: Int

    private struct Snapshot: Sendable {
        var chat: ChatRow
        var messages: [MessageRow]
        var hasMore: Bool
        var notes: [NoteRow]
        var hasMoreNotes: Bool
    }

    func callAsFunction(_ context: EventContext) async throws {
        let key = ChatKey(workspace: context.workspace, chat: self.chatID)
        let seesNotes = context.principal.role != .visitor
        let room: Room =
            seesNotes ? .chatStaff(context.workspace, self.chatID) : .chatPublic(context.workspace, self.chatID)
        let heard = seesNotes && context.principal.role == .ai ? [room, .ai(context.workspace)] : [room]
        // Before the barrier: while somebody waits for their turn, nothing is kept back for them.
        try await context.services.history.read(in: context.workspace) {
            try await context.services.relay.join(
                key, socket: context.socket, rooms: [room],
                isMember: heard.contains(where: context.socket.isIn)
                    && !context.socket.isIn(.chatMuted(context.workspace, self.chatID)),
                ack: context.ack
            ) {
                let snapshot = try await self.read(context, notes: seesNotes)
                let body = EventDispatcher.success(self.reply(snapshot, context, notes: seesNotes))
                #if DEBUG
                    if Mutation.barrierOffByOne.isActive { return (eventNo: snapshot.chat.eventNo + 1, body: body) }
                #endif
                return (eventNo: snapshot.chat.eventNo, body: body)
            }
        }
        self.enter(context, key)
    }

    private func read(_ context: EventContext, notes seesNotes: Bool) async throws -> Snapshot {
        let principal = context.principal
        let snapshot = try await context.services.change(in: context.workspace, lane: .join) { transaction in
            // Read first, so that everything below stands on this `eventNo`: what was written since is left to the relay.
            let chat = try transaction.find(self.chatID)
            try transaction.access(principal, chat).join(self.mode)
            if self.mode != .normal, self.mode != context.session.mode(in: self.chatID) {
                try Audit.append(
                    transaction.sql, transaction.workspace, actor: principal.participant,
                    action: self.mode == .monitor ? "chat.monitored" : "chat.barged", chatID: chat.id)
            }
            if self.mode == .normal { try transaction.noteLook(into: chat, of: context.session) }
            let page = try Messages.page(
                transaction.sql, chat, self.afterSeq.map(PageRange.after) ?? .newest, limit: self.limit,
                budget: Limits.pageBytes)
            let messages = page.messages.filter { $0.seq <= chat.seq }
            // Forward, nothing above the snapshot is missing from it: the relay brings that.
            let reachesEnd = self.afterSeq != nil && (messages.last?.seq ?? chat.seq) >= chat.seq
            var snapshot = Snapshot(
                chat: chat, messages: messages, hasMore: page.hasMore && !reachesEnd, notes: [], hasMoreNotes: false)
            if seesNotes {
                let notes = try Notes.page(
                    transaction.sql, chat, after: self.afterNoteSeq, for: principal.notes, limit: self.limit,
                    budget: Limits.pageBytes)
                snapshot.notes = notes.notes.filter { $0.noteSeq <= chat.noteSeq }
                snapshot.hasMoreNotes = notes.hasMore && (snapshot.notes.last?.noteSeq ?? chat.noteSeq) < chat.noteSeq
            }
            return snapshot
        }.value
        context.session.looked(into: self.chatID)
        return snapshot
    }

    private func reply(_ snapshot: Snapshot, _ context: EventContext, notes seesNotes: Bool) -> JSONObject {
        let key = ChatKey(workspace: context.workspace, chat: self.chatID)
        let summary = ChatSummary(snapshot.chat)
        var reply: JSONObject = [
            "chat": .object(ChatForm.chat(snapshot.chat, isFull: seesNotes)),
            "epoch": .int(snapshot.chat.epoch),
            "lastSeq": .int(snapshot.chat.seq),
            "messages": .array(snapshot.messages.map { .object(MessageForm.message($0, chat: summary)) }),
            "hasMore": .bool(snapshot.hasMore),
        ]
        if seesNotes {
            reply["lastNoteSeq"] = .int(snapshot.chat.noteSeq)
            reply["notes"] = .array(snapshot.notes.map { .object(MessageForm.note($0, chat: summary)) })
            reply["hasMoreNotes"] = .bool(snapshot.hasMoreNotes)
        }
        reply["participants"] = .array(self.participants(snapshot.chat, key, context))
        reply["typing"] = .array(
            context.services.typing.typists(in: key)
                .filter { $0.participant != context.principal.participant && (seesNotes || $0.isPublic) }
                .map { .object(TypingForm.typing($0, in: self.chatID, withChat: false)) })
        return reply
    }

    /// The visitor, the owner, and whoever joined; the asker too.
    private func participants(_ chat: ChatRow, _ key: ChatKey, _ context: EventContext) -> [JSONValue] {
        var participants = [Participant(role: .visitor, id: chat.visitorID)]
        if let owner = chat.owner { participants.append(owner) }
        // A visitor learns who answers, not who reads along.
        if context.principal.role != .visitor { participants += context.services.roster.participants(of: key) }
        var seen: Set<String> = []
        return
            participants
            .filter { seen.insert("\($0.role.rawValue):\($0.id)").inserted }
            .map { .participant($0, named: true) }
    }

    /// Counts the socket in, and tells the others of staff; nobody hears of a monitor.
    private func enter(_ context: EventContext, _ key: ChatKey) {
        let participant = context.principal.participant
        // Whoever was seen and goes on unseen has left as far as the others can tell.
        if self.mode == .monitor, let former = context.services.roster.leave(key, socket: context.socket.id) {
            Participation(chat: key, participant: participant, mode: former.mode, change: .left)
                .tell(context.services.broadcaster, except: context.socket.id)
        }
        context.session.setMode(self.mode, in: self.chatID)
        let isNew = context.services.roster.join(
            key, socket: context.socket.id, .init(participant: participant, mode: self.mode))
        guard isNew, self.mode != .monitor else { return }
        Participation(chat: key, participant: participant, mode: self.mode, change: .joined)
            .tell(context.services.broadcaster, except: context.socket.id)
    }
}
