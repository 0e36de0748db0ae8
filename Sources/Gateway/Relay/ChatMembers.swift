internal import Assignment
internal import Storage

/// Who is in a chat's rooms on this node because of what happened to it, and what ends with a change of hands.
///
/// Whoever begins to have a chat hears the event that says so; whoever stops having it hears that, and nothing after.
struct ChatMembers: Sendable {
    let broadcaster: any Broadcaster
    let roster: ChatRoster
    let typing: TypingBoard
    let streams: StreamBoard

    /// Lets in those who begin to hear a chat by `event`, before it goes out.
    ///
    /// - Parameter former: Who had the chat, as far as earlier events told.
    func admit(before event: DomainEvent, _ chat: ChatKey, former: String?) {
        // Before anybody hears of the change of hands, so that no piece of the stream can come after it.
        if let epoch = event.epoch, let stream = self.streams.end(in: chat, before: epoch) {
            Streaming(chat: chat, broadcaster: self.broadcaster).tellEnd(of: stream, .takenOver)
        }
        switch event.body {
        case .chatCreated(let created):
            self.broadcaster.join(
                [.chatPublic(chat.workspace, chat.chat)], membersOf: .visitor(chat.workspace, created.visitor.id))
        case .chatReopened(let reopened):
            self.broadcaster.join(
                [.chatPublic(chat.workspace, chat.chat)], membersOf: .visitor(chat.workspace, reopened.visitorID))
        case .visitorIdentified(let identified):
            self.broadcaster.join(
                [.chatPublic(chat.workspace, chat.chat)], membersOf: .visitor(chat.workspace, identified.visitorID))
        default:
            break
        }
        if let assignee = event.assignee, let assignee, assignee != former {
            self.broadcaster.join([.chatStaff(chat.workspace, chat.chat)], membersOf: .user(chat.workspace, assignee))
        }
    }

    /// Dismisses those who have lost the chat by `event`, after it went out, and ends their typing.
    ///
    /// - Parameter former: Who had the chat, as far as earlier events told: nil also where it was quiet for long, or
    ///   was assigned in an earlier life of this node. Events that take a chat from somebody therefore name them.
    func dismiss(after event: DomainEvent, _ chat: ChatKey, former: String?) {
        if let epoch = event.epoch {
            for typist in self.typing.stop(in: chat, before: epoch) {
                Typing.tellStop(of: typist, in: chat, by: nil, self.broadcaster)
            }
        }
        if let assignee = event.assignee, !event.keepsFormerAssignee {
            for person in Set([former, event.formerAssignee].compactMap(\.self)) where person != assignee {
                self.dismiss(.user(chat.workspace, person), from: chat)
            }
        }
        switch event.body {
        case .messagePosted(let posted):
            if let id = posted.message.streamID { self.streams.finish(id, in: chat) }
        case .chatUpdated(let updated):
            // Who read along because the chat was in a line of theirs.
            guard let previous = updated.previousQueue else { return }
            let own = updated.chat.assignedTo.map { [Room.user(chat.workspace, $0)] } ?? []
            self.dismiss(
                .queue(chat.workspace, previous), from: chat,
                unlessIn: [.queue(chat.workspace, updated.chat.queue)] + own)
        case .offerEnded(let ended):
            // Who was offered a chat of another line could read it as long as the offer stood.
            self.dismiss(
                .user(chat.workspace, ended.commercialID), from: chat,
                unlessIn: [.queue(chat.workspace, ended.chat.queue)])
        case .chatClosed:
            // A chat that is taken up again begins anew, also for bots that had left it.
            let muted = Room.chatMuted(chat.workspace, chat.chat)
            self.broadcaster.leave([muted], membersOf: muted)
        default:
            break
        }
    }

    private func dismiss(_ people: Room, from chat: ChatKey, unlessIn rooms: [Room] = []) {
        let staff = Room.chatStaff(chat.workspace, chat.chat)
        for socket in self.broadcaster.leave([staff], membersOf: people, unlessIn: rooms) {
            guard let entry = self.roster.leave(chat, socket: socket) else { continue }
            Participation(chat: chat, participant: entry.participant, mode: entry.mode, change: .left)
                .tell(self.broadcaster, except: socket)
        }
    }
}

extension DomainEvent {
    /// To whom the chat is assigned after this event; nil where the event does not say.
    var assignee: String?? {
        switch self.body {
        case .chatClosed, .chatReopened, .chatCreated: .some(nil)
        default: self.summary.map(\.assignedTo)
        }
    }

    /// Whether whoever had the chat goes on hearing it.
    fileprivate var keepsFormerAssignee: Bool {
        if case .chatAssigned(let assigned) = self.body { assigned.keepsPrevious == true } else { false }
    }

    /// Who had the chat before this event, where it says so.
    fileprivate var formerAssignee: String? {
        switch self.body {
        case .chatAssigned(let assigned): assigned.previousCommercialID
        case .chatQueued(let queued): queued.previousCommercialID
        case .chatUpdated(let updated): updated.previousCommercialID
        case .chatClosed(let closed): closed.lastOwner.flatMap { $0.role == .ai ? nil : $0.id }
        default: nil
        }
    }

    /// The chat's epoch after this event; nil where the event does not say.
    fileprivate var epoch: Int64? {
        switch self.body {
        case .chatClosed(let closed): closed.epoch
        case .chatReopened(let reopened): reopened.epoch
        default: self.summary?.epoch
        }
    }

    private var summary: ChatSummary? {
        switch self.body {
        case .messagePosted(let posted): posted.chat
        case .notePosted(let posted): posted.chat
        case .chatAssigned(let assigned): assigned.chat
        case .chatUpdated(let updated): updated.chat
        case .chatQueued(let queued): queued.chat
        case .chatOffered(let offered): offered.chat
        case .offerEnded(let ended): ended.chat
        case .chatWrappedUp(let wrapped): wrapped.chat
        case .turnBegan(let turn): turn.chat
        case .promiseReported(let reported): reported.chat
        case .chatClosed, .chatReopened, .chatCreated, .satisfactionRequested, .visitorIdentified, .moodChanged,
            .participantChanged, .messageRead,
            .commercialStatusChanged, .visitorOnline, .visitorOffline, .notificationRaised, .flowTriggered:
            nil
        }
    }
}
