internal import Assignment
internal import SocketIO
internal import Storage

extension Audience {
    /// To those who can still do something about it: supervisors, and the one who has the chat, or those of its queue.
    func promise(_ reported: PromiseReported) -> [Outgoing] {
        var body = self.base()
        body["kind"] = .word(reported.kind)
        body["policy"] = .string(reported.policy)
        body["startedAt"] = .time(reported.startedAt)
        body["dueAt"] = .time(reported.dueAt)
        body["queue"] = .string(reported.chat.queue)
        body["priority"] = .word(reported.chat.priority)
        body["status"] = .word(reported.chat.status)
        body["assignedTo"] = JSONValue(reported.chat.assignedTo)
        let nearest =
            reported.chat.assignedTo.map { Room.user(self.workspace, $0) }
            ?? .queue(self.workspace, reported.chat.queue)
        let rooms = [self.supervisors, self.staffRoom, nearest]
        return [
            reported.isBreach
                ? Outgoing(event: "sla:breached", body: body, rooms: rooms)
                : Outgoing(event: "sla:warning", body: body, rooms: rooms)
        ]
    }

    func satisfaction(_ requested: SatisfactionRequested) -> [Outgoing] {
        [
            Outgoing(
                event: "csat:request", body: SatisfactionForm.request(requested, base: self.base()),
                rooms: [self.publicRoom])
        ]
    }

    func identified(_ identified: VisitorIdentified) -> [Outgoing] {
        var body = self.base()
        body["visitorId"] = .string(identified.visitorID)
        body["previousVisitorId"] = .string(identified.previousVisitorID)
        body.set("name", identified.name)
        body["chats"] = .int(Int64(identified.chats))
        return [Outgoing(event: "visitor:identify", body: body, rooms: [self.agents, self.supervisors, self.bots])]
    }
}

/// How it was, as the wire says it.
enum SatisfactionForm {
    /// - Parameter base: What every event begins with.
    static func request(_ requested: SatisfactionRequested, base: JSONObject) -> JSONObject {
        var form = base
        form["expiresAt"] = .time(requested.expiresAt)
        form.set("commercialName", requested.commercialName)
        form.set("csatUrl", requested.url)
        return form
    }
}

extension ChatRow {
    /// What the visitor said, for staff; nil where they said nothing.
    var satisfaction: JSONObject? {
        guard let score = self.csatScore, let at = self.csatAt else { return nil }
        var form: JSONObject = ["score": .int(Int64(score))]
        form.set("comment", self.csatComment)
        form["at"] = .time(at)
        return form
    }
}
