internal import Assignment
internal import SocketIO
internal import Storage

extension Audience {
    func created(_ created: ChatCreated) -> [Outgoing] {
        var own = self.base()
        own["visitorId"] = .string(created.visitor.id)
        own["status"] = .word(created.status)
        own["createdAt"] = .time(created.createdAt)
        own["epoch"] = .int(created.epoch)
        own.set("nextOpenAt", created.nextOpenAt)

        var full = own
        full["priority"] = .word(created.priority)
        full["queue"] = .string(created.queue)
        full["source"] = .string(created.source)
        full["department"] = JSONValue(created.department)
        full["owner"] = .participant(created.owner)
        full["assignedTo"] = .null
        full.set("previousChatId", created.previousChatID)
        var visitor: JSONObject = ["id": .string(created.visitor.id), "name": JSONValue(created.visitor.name)]
        visitor.set("locale", created.visitor.locale)
        visitor["verified"] = .bool(created.visitor.verified)
        full["visitor"] = .object(visitor)

        var withText = full
        withText.set("firstMessage", created.firstMessage)
        return [
            Outgoing(event: "chat:created", body: own, rooms: [self.publicRoom]),
            Outgoing(event: "chat:created", body: full, rooms: [.queue(self.workspace, created.queue)]),
            Outgoing(event: "chat:created", body: withText, rooms: [self.supervisors, self.bots]),
        ]
    }

    func updated(_ updated: ChatUpdated) -> [Outgoing] {
        let changes = JSONValue.stored(updated.changes)
        var full = self.base()
        full["changes"] = changes
        full["version"] = .int(updated.version)
        full["by"] = .participant(updated.by)
        var glance = self.glance(updated.chat, version: updated.version, by: updated.by)
        if let previous = updated.previousQueue {
            // Those whose line it leaves hear where it went, and nothing after.
            var changes = glance.body["changes"]?.object ?? [:]
            changes["queue"] = .string(updated.chat.queue)
            glance.body["changes"] = .object(changes)
            glance.rooms.append(.queue(self.workspace, previous))
        }
        var outgoing = [
            Outgoing(event: "chat:updated", body: full, rooms: [self.staffRoom, self.supervisors, self.bots]),
            glance,
        ]
        // A visitor hears of the status, and of nothing else that staff keep about the chat.
        if let status = changes.object?["status"] {
            var told: JSONObject = ["status": status]
            if let opening = changes.object?["nextOpenAt"] { told["nextOpenAt"] = opening }
            var reduced = self.base()
            reduced["changes"] = .object(told)
            reduced["version"] = .int(updated.version)
            outgoing.insert(Outgoing(event: "chat:updated", body: reduced, rooms: [self.publicRoom]), at: 0)
        }
        return outgoing
    }

    func closed(_ closed: ChatClosed) -> [Outgoing] {
        let reduced = self.reduced(closed.closedBy, closed.reason, closed.closedAt, url: closed.csatURL)
        let visitors = closed.wasWrappedUp ?? false ? [] : [reduced]

        var full = self.base()
        full["visitorId"] = .string(closed.visitorID)
        full["closedBy"] = .participant(closed.closedBy)
        full["reason"] = .word(closed.reason)
        full["closedAt"] = .time(closed.closedAt)
        full["durationSec"] = .int(closed.durationSeconds)
        full["epoch"] = .int(closed.epoch)
        full["version"] = .int(closed.version)
        full["lastOwner"] = .participant(closed.lastOwner)
        full.set("csatUrl", closed.csatURL)
        full["metrics"] = .object([
            "frtSec": JSONValue(closed.firstResponseSeconds),
            "waitSec": .int(closed.waitSeconds),
            "handleSec": .int(closed.handleSeconds),
            "messages": .int(closed.messages),
        ])

        var glance = self.base()
        var changes: JSONObject = ["status": .word(ChatStatus.closed), "assignedTo": .null]
        if let priority = closed.priority { changes["priority"] = .word(priority) }
        glance["changes"] = .object(changes)
        glance["version"] = .int(closed.version)
        glance["by"] = .participant(closed.closedBy)
        return visitors + [
            Outgoing(event: "chat:closed", body: full, rooms: [self.staffRoom, self.supervisors, self.bots]),
            Outgoing(
                event: "chat:updated", body: glance, rooms: [.queue(self.workspace, closed.queue)],
                except: [self.staffRoom]),
        ]
    }

    /// Over for the visitor; staff hear how long its person keeps the slot.
    func wrappedUp(_ wrapped: ChatWrappedUp) -> [Outgoing] {
        var full = self.base()
        full["changes"] = .object([
            "status": .word(ChatStatus.wrapup), "wrapUpUntil": .time(wrapped.wrapUpUntil),
            "closeReason": .word(wrapped.reason),
        ])
        full["version"] = .int(wrapped.version)
        full["by"] = .participant(wrapped.closedBy)
        return [
            self.reduced(wrapped.closedBy, wrapped.reason, wrapped.closedAt, url: wrapped.csatURL),
            Outgoing(event: "chat:updated", body: full, rooms: [self.staffRoom, self.supervisors, self.bots]),
            self.glance(wrapped.chat, version: wrapped.version, by: wrapped.closedBy),
        ]
    }

    /// What the visitor hears of the end.
    private func reduced(
        _ by: Participant, _ reason: ChatCloseReason, _ at: Timestamp, url: String?
    ) -> Outgoing {
        var body = self.base()
        body["closedBy"] = .object(["role": .word(by.role)])
        body["reason"] = .word(reason)
        body["closedAt"] = .time(at)
        body.set("csatUrl", url)
        return Outgoing(event: "chat:closed", body: body, rooms: [self.publicRoom])
    }

    func reopened(_ reopened: ChatReopened) -> [Outgoing] {
        var reduced = self.base()
        reduced["changes"] = .object(["status": .word(reopened.status)])
        reduced["version"] = .int(reopened.version)

        var full = self.base()
        var changes: JSONObject = [
            "status": .word(reopened.status), "owner": .participant(reopened.owner), "assignedTo": .null,
            "epoch": .int(reopened.epoch), "reopened": true,
        ]
        if let priority = reopened.priority { changes["priority"] = .word(priority) }
        full["changes"] = .object(changes)
        full["version"] = .int(reopened.version)
        full["by"] = .participant(reopened.by)
        return [
            Outgoing(event: "chat:updated", body: reduced, rooms: [self.publicRoom]),
            Outgoing(
                event: "chat:updated", body: full,
                rooms: [self.staffRoom, .queue(self.workspace, reopened.queue), self.supervisors, self.bots]),
        ]
    }

    /// To staff only, and never of somebody who reads along unseen.
    func participant(_ changed: ParticipantChanged) -> [Outgoing] {
        guard changed.mode != JoinMode.monitor.rawValue else { return [] }
        var body = self.base()
        body["participant"] = .participant(changed.participant, named: true)
        body["action"] = .word(changed.change)
        body["mode"] = .string(changed.mode)
        return [
            Outgoing(event: "chat:participant", body: body, rooms: [self.staffRoom], exceptSocket: self.origin)
        ]
    }
}
