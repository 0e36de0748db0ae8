internal import Assignment
internal import SocketIO
internal import Storage

/// Who hears of an event, and in which form: the full one for staff and bots, a reduced one for the visitor.
///
/// Notes, offers, notifications and everything about other visitors never name a room that a visitor can be in
/// (``Room/chatPublic`` and ``Room/visitor``); a test goes over every kind.
struct Audience {
    let event: DomainEvent
    /// The socket whose event caused this one.
    let origin: String?

    var workspace: String { self.event.workspaceID }

    /// What goes out, in this order.
    static func outgoing(for event: DomainEvent, origin: String? = nil) -> [Outgoing] {
        Audience(event: event, origin: origin).outgoing
    }

    private var outgoing: [Outgoing] {
        switch self.event.body {
        case .chatCreated(let created): self.created(created)
        case .messagePosted(let posted): self.message(posted)
        case .notePosted(let posted): self.note(posted)
        case .chatAssigned(let assigned): self.assigned(assigned)
        case .chatOffered(let offered): self.offered(offered)
        case .offerEnded(let ended): self.offerEnded(ended)
        case .chatUpdated(let updated): self.updated(updated)
        case .chatQueued(let queued): self.queued(queued)
        case .moodChanged(let mood): self.mood(mood)
        case .satisfactionRequested(let requested): self.satisfaction(requested)
        case .promiseReported(let reported): self.promise(reported)
        case .visitorIdentified(let identified): self.identified(identified)
        case .chatWrappedUp(let wrapped): self.wrappedUp(wrapped)
        case .turnBegan(let turn): self.turn(turn)
        case .chatClosed(let closed): self.closed(closed)
        case .chatReopened(let reopened): self.reopened(reopened)
        case .participantChanged(let changed): self.participant(changed)
        case .messageRead(let read): self.receipt(read)
        case .commercialStatusChanged(let status): self.status(status)
        case .visitorOnline(let visitor): self.online(visitor)
        case .visitorOffline(let visitor): self.offline(visitor)
        case .notificationRaised(let notification): self.notification(notification)
        case .flowTriggered(let flow): self.flow(flow)
        }
    }

    // MARK: Rooms

    var publicRoom: Room { .chatPublic(self.workspace, self.event.chatID ?? "") }
    var staffRoom: Room { .chatStaff(self.workspace, self.event.chatID ?? "") }
    var supervisors: Room { .supervisors(self.workspace) }
    var bots: Room { .ai(self.workspace) }
    var agents: Room { .agents(self.workspace) }

    /// Every kind begins like this.
    func base() -> JSONObject {
        var body: JSONObject = ["eventId": .string(String(self.event.outboxID))]
        body.set("chatId", self.event.chatID)
        body["timestamp"] = .time(self.event.at)
        return body
    }

    /// What the commercials of a queue see of a chat of it that they neither joined nor own: no texts.
    func glance(_ chat: ChatSummary, version: Int64?, by: Participant) -> Outgoing {
        var body = self.base()
        body["changes"] = .object([
            "status": .word(chat.status), "priority": .word(chat.priority), "assignedTo": JSONValue(chat.assignedTo),
        ])
        body.set("version", version)
        body["by"] = .participant(by)
        return Outgoing(
            event: "chat:updated", body: body, rooms: [.queue(self.workspace, chat.queue)], except: [self.staffRoom])
    }
}
