internal import Assignment
internal import SocketIO
internal import Storage

/// A chat as somebody sees it: in the ack of `chat:join`, in `session.chats[]`, over HTTP.
enum ChatForm {
    /// An offer, when it is made and when it is told again; `base` is what every event begins with.
    static func offer(_ offered: ChatOffered, base: JSONObject) -> JSONObject {
        var form = base
        form["assignmentId"] = .string(offered.assignmentID)
        form["commercialId"] = .string(offered.commercialID)
        form["deadline"] = .time(offered.deadline)
        form.set("reason", offered.reason)
        form.set("preview", offered.preview)
        form.set("summary", offered.summary)
        form.set("from", offered.from)
        form.set("mode", offered.mode)
        if let brief = offered.brief, case .object(let fields) = JSONValue.stored(brief) {
            for member in fields.members { form[member.key] = member.value }
        }
        form["chat"] = .object(MessageForm.chat(offered.chat))
        return form
    }

    /// A place in line, when it changes and when it is told again to a visitor who comes back.
    static func queued(_ queued: ChatQueued, base: JSONObject) -> JSONObject {
        var form = base
        form["position"] = .int(queued.position)
        form.set("agentsOnline", queued.agentsOnline.map(Int64.init))
        form.set("etaSec", queued.etaSeconds)
        form.set("p90Sec", queued.p90Seconds)
        form.set("nextOpenAt", queued.nextOpenAt)
        return form
    }

    /// - Parameter isFull: Everything, for staff and bots; else what its visitor may know.
    static func chat(_ chat: ChatRow, isFull: Bool) -> JSONObject {
        let status = isFull ? chat.status : chat.visitorStatus
        var form: JSONObject = [
            "chatId": .string(chat.id),
            "visitorId": .string(chat.visitorID),
            "status": .word(status),
            "state": .word(status),
            "epoch": .int(chat.epoch),
            "version": .int(chat.version),
            "assignedTo": JSONValue(chat.assignedTo),
            "owner": .participant(chat.owner, named: true),
            "queue": .string(chat.queue),
            "priority": .word(chat.priority),
            "createdAt": .time(chat.createdAt),
        ]
        form.set("closedAt", chat.closedAt)
        if let reason = chat.closeReason { form["closeReason"] = .word(reason) }
        form.set("previousChatId", chat.previousChatID)
        form.set("nextOpenAt", chat.nextOpenAt)
        guard isFull else { return form }
        form["department"] = JSONValue(chat.department)
        form["source"] = .string(chat.source)
        form["language"] = JSONValue(chat.language)
        form["tags"] = .array(chat.tags.map(JSONValue.string))
        form["metadata"] = .stored(chat.metadata)
        form["aiStatus"] = JSONValue(chat.aiStatus)
        form.set("snoozeUntil", chat.snoozeUntil)
        form.set("responseDueAt", chat.responseDueAt)
        if let satisfaction = chat.satisfaction { form["csat"] = .object(satisfaction) }
        form.set("escalatedAt", chat.escalatedAt)
        form.set("escalationReason", chat.escalationReason)
        return form
    }

    /// One entry of `session.chats[]`.
    static func listing(_ listing: ChatListing, isFull: Bool) -> JSONObject {
        let chat = listing.chat
        var form: JSONObject = [
            "chatId": .string(chat.id),
            "status": .word(chat.status),
            "state": .word(chat.status),
            "epoch": .int(chat.epoch),
            "version": .int(chat.version),
            "lastSeq": .int(chat.seq),
        ]
        if isFull { form["lastNoteSeq"] = .int(chat.noteSeq) }
        form["readSeq"] = .int(listing.readSeq)
        form["assignedTo"] = JSONValue(chat.assignedTo)
        form["owner"] = .participant(chat.owner, named: true)
        form["queue"] = .string(chat.queue)
        form["priority"] = .word(chat.priority)
        var visitor: JSONObject = ["id": .string(chat.visitorID)]
        visitor.set("name", listing.visitorName)
        form["visitor"] = .object(visitor)
        return form
    }
}

extension ChatRow {
    /// How the chat stands as its visitor sees it: while it is wrapped up it is over.
    var visitorStatus: ChatStatus { self.status == .wrapup ? .closed : self.status }
}
