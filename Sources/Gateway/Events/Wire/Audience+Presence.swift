internal import Assignment
internal import SocketIO
internal import Storage

extension Audience {
    func status(_ changed: CommercialStatusChanged) -> [Outgoing] {
        var body = self.base()
        body["commercialId"] = .string(changed.commercialID)
        body["name"] = JSONValue(changed.name)
        body["status"] = .word(changed.status)
        body["effective"] = .bool(changed.effective)
        body["since"] = .time(changed.since)
        body["load"] = .number(JSONNumber(changed.load))
        body["cap"] = .int(changed.cap)
        body["queues"] = .array(changed.queues.map(JSONValue.string))
        body["reason"] = JSONValue(changed.reason)
        body["auto"] = .bool(changed.auto)
        body.set("until", changed.until)
        return [Outgoing(event: "commercial:status", body: body, rooms: [self.agents, self.supervisors, self.bots])]
    }

    func online(_ visitor: VisitorOnline) -> [Outgoing] {
        var body = self.base()
        body["visitorId"] = .string(visitor.visitorID)
        body["sessionId"] = .string(visitor.sessionID)
        body.set("name", visitor.name)
        body["verified"] = .bool(visitor.verified)
        body["page"] = .stored(visitor.page)
        body["locale"] = JSONValue(visitor.locale)
        body["device"] = .stored(visitor.device)
        body["returning"] = .bool(visitor.returning)
        body["previousChats"] = .int(visitor.previousChats)
        body["firstSeenAt"] = .time(visitor.firstSeenAt)
        return [Outgoing(event: "visitor:online", body: body, rooms: [self.agents, self.supervisors, self.bots])]
    }

    func offline(_ visitor: VisitorOffline) -> [Outgoing] {
        var body = self.base()
        body["visitorId"] = .string(visitor.visitorID)
        body["sessionId"] = .string(visitor.sessionID)
        return [Outgoing(event: "visitor:offline", body: body, rooms: [self.agents, self.supervisors, self.bots])]
    }

    func notification(_ raised: NotificationRaised) -> [Outgoing] {
        let room: Room
        switch NotificationTarget(text: raised.target) {
        case .supervisors: room = self.supervisors
        case .agents: room = self.agents
        case .commercial(let id): room = .user(self.workspace, id)
        case .queue(let name): room = .queue(self.workspace, name)
        case nil: return []
        }
        return [
            Outgoing(
                event: "notification",
                body: NotificationForm.notification(raised, eventID: String(self.event.outboxID)), rooms: [room])
        ]
    }

    func flow(_ flow: FlowTriggered) -> [Outgoing] {
        var body = self.base()
        body["flowId"] = .string(flow.flowID)
        body["visitorId"] = .string(flow.visitorID)
        body["chatId"] = JSONValue(flow.chatID)
        body["strategy"] = .string(flow.strategy)
        body.set("probability", flow.probability)
        body["action"] = .string(flow.action)
        body["by"] = .participant(flow.by)
        let queue = Room.queue(self.workspace, flow.queue ?? Workspaces.defaultQueue)
        return [Outgoing(event: "flow:triggered", body: body, rooms: [queue, self.supervisors])]
    }
}
