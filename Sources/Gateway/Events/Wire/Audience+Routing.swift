internal import Assignment
internal import SocketIO
internal import Storage

extension Audience {
    func assigned(_ assigned: ChatAssigned) -> [Outgoing] {
        var reduced = self.base()
        reduced["commercialId"] = .string(assigned.commercialID)
        reduced["commercialName"] = JSONValue(assigned.commercialName)
        reduced.set("avatarUrl", assigned.avatarURL)
        reduced["assignedAt"] = .time(assigned.assignedAt)
        reduced["epoch"] = .int(assigned.epoch)
        // These fields and nothing more: not even the envelope's.
        reduced["eventId"] = nil
        reduced["timestamp"] = nil

        var full = self.base()
        full["assignmentId"] = .string(assigned.assignmentID)
        full["commercialId"] = .string(assigned.commercialID)
        full["commercialName"] = JSONValue(assigned.commercialName)
        full.set("avatarUrl", assigned.avatarURL)
        full.set("previousCommercialId", assigned.previousCommercialID)
        full["reason"] = JSONValue(assigned.reason)
        full["by"] = .participant(assigned.by)
        full.set("score", assigned.score)
        full.set("algorithm", assigned.algorithm)
        full["epoch"] = .int(assigned.epoch)
        full["version"] = .int(assigned.version)
        full["assignedAt"] = .time(assigned.assignedAt)
        full["visitorId"] = .string(assigned.chat.visitorID)
        full["status"] = .word(assigned.chat.status)
        full["priority"] = .word(assigned.chat.priority)
        full["queue"] = .string(assigned.chat.queue)
        full["load"] = .object([
            "commercialId": .string(assigned.commercialID), "current": .number(JSONNumber(assigned.load)),
            "cap": .int(assigned.cap),
        ])
        let owner = Room.user(self.workspace, assigned.commercialID)
        var glance = self.glance(assigned.chat, version: assigned.version, by: assigned.by)
        glance.except.append(owner)
        return [
            Outgoing(event: "chat:assigned", body: reduced, rooms: [self.publicRoom]),
            Outgoing(
                event: "chat:assigned", body: full, rooms: [self.staffRoom, owner, self.supervisors, self.bots]),
            glance,
        ]
    }

    func offered(_ offered: ChatOffered) -> [Outgoing] {
        let body = ChatForm.offer(offered, base: self.base())
        return [
            Outgoing(event: "chat:offer", body: body, rooms: [.user(self.workspace, offered.commercialID)]),
            self.glance(offered.chat, version: nil, by: .system),
        ]
    }

    func offerEnded(_ ended: OfferEnded) -> [Outgoing] {
        var body = self.base()
        body["assignmentId"] = .string(ended.assignmentID)
        body["commercialId"] = .string(ended.commercialID)
        body["outcome"] = .word(ended.outcome)
        body.set("reason", ended.reason)
        body.set("from", ended.from)
        let rooms = [ended.commercialID, ended.from].compactMap(\.self).map { Room.user(self.workspace, $0) }
        return [
            Outgoing(
                event: ended.outcome == .expired ? "chat:offer_expired" : "chat:rescinded", body: body,
                rooms: rooms, exceptSocket: self.origin)
        ]
    }

    func queued(_ queued: ChatQueued) -> [Outgoing] {
        let body = ChatForm.queued(queued, base: self.base())
        var full = body
        full["status"] = .word(queued.chat.status)
        full["priority"] = .word(queued.chat.priority)
        full["queue"] = .string(queued.chat.queue)
        full["epoch"] = .int(queued.chat.epoch)
        full.set("reason", queued.reason)
        return [
            Outgoing(event: "chat:queued", body: body, rooms: [self.publicRoom]),
            Outgoing(
                event: "chat:queued", body: full,
                rooms: [self.staffRoom, .queue(self.workspace, queued.chat.queue), self.supervisors, self.bots]),
            self.glance(queued.chat, version: queued.version, by: .system),
        ]
    }
}
