internal import Assignment
internal import SocketIO
internal import Storage

extension ChatTransaction {
    /// Ends the chat's live assignment, if there is one, and frees the slot; tells the new load.
    @discardableResult
    func release(_ chat: ChatRow, reason: String) throws -> AssignmentRow? {
        guard let live = try Assignments.live(self.sql, of: chat),
            try Assignments.end(self.sql, live, reason: reason) != nil
        else { return nil }
        if let freed = try Commercials.release(
            self.sql, self.workspace, live.commercialID, weight: live.weight)
        {
            try self.record(.commercialStatusChanged(CommercialStatusChanged(freed)))
        }
        // Nobody can pass on any more what they do not have.
        if live.state != .offered, let warm = try WarmTransfers.end(self.sql, of: chat) {
            var chat = chat
            try self.tellEnd(of: warm, .rescinded, in: &chat, reason: reason)
        }
        return live
    }

    /// A person has the chat from now on, whoever had it before; the caller has judged whether they may.
    ///
    /// A supervisor or admin has no cap of their own: what they take counts as `extra`, and is audited.
    ///
    /// - Throws: `capacity_full` for a commercial without a free slot.
    func takeOver(
        _ chat: ChatRow, by person: Participant, reason: String? = nil, defaultCapacity: Int
    ) throws -> ChatRow {
        let supervises = person.role != .commercial
        try Commercials.seen(
            self.sql, self.workspace, person, defaultCap: supervises ? 0 : defaultCapacity)
        _ = try self.lockCarriers(chat, and: person.id)
        var chat = chat
        let previous = try self.release(chat, reason: "taken_over")
        let former = chat.status == .offered ? nil : previous?.commercialID
        if let previous { try self.rescind(previous, in: &chat, reason: "taken_over") }
        let commercial = try self.reserve(chat, for: person.id, supervises ? .forced : .direct)
        if supervises {
            var detail: JSONObject = ["from": JSONValue(previous?.commercialID), "epoch": .int(chat.epoch)]
            detail.set("reason", reason)
            try Audit.append(
                self.sql, self.workspace, actor: person, action: "chat.taken_over", chatID: chat.id,
                detail: JSONText(detail))
        }
        return try self.activate(
            chat, for: commercial, AssignmentGrounds(by: person, reason: reason ?? "taken_over"), previous: former)
    }

    /// Tells whom a chat was offered to that it is not any more; says nothing of an assignment that was no offer.
    func rescind(_ released: AssignmentRow, in chat: inout ChatRow, reason: String) throws {
        guard chat.status == .offered else { return }
        try self.record(
            .offerEnded(
                OfferEnded(
                    assignmentID: released.id, commercialID: released.commercialID, outcome: .rescinded,
                    reason: reason, chat: chat)),
            in: &chat)
    }

    /// Adds the chat's weight to somebody's load.
    ///
    /// Whoever carries the chat now has been locked before, in the order of ids (``lockCarriers(_:and:)``).
    ///
    /// - Throws: `capacity_full` with load and cap.
    func reserve(_ chat: ChatRow, for id: String, _ reservation: Commercials.Reservation) throws -> CommercialRow {
        if let commercial = try Commercials.reserve(
            self.sql, self.workspace, id, weight: chat.weight, reservation)
        {
            return commercial
        }
        guard let commercial = try Commercials.find(self.sql, self.workspace, id) else {
            throw EventError.notFound("There is no such commercial.")
        }
        throw DomainRefusal(
            .capacityFull, "There is no free slot.",
            details: [.load(current: commercial.load, cap: commercial.cap)])
    }

    /// Locks the rows of the one who has the chat and the one who gets it, always in the same order, so that two
    /// transfers in opposite directions cannot wait for each other.
    ///
    /// - Returns: The one who gets it.
    func lockCarriers(_ chat: ChatRow, and next: String) throws -> CommercialRow? {
        var carriers: Set<String> = [next]
        if let live = try Assignments.live(self.sql, of: chat) { carriers.insert(live.commercialID) }
        var found: CommercialRow?
        for id in carriers.sorted() {
            let row = try Commercials.lock(self.sql, self.workspace, id)
            if id == next { found = row }
        }
        return found
    }

    /// Makes the chat that of a commercial whose load was reserved; tells it.
    ///
    /// - Parameters:
    ///   - previous: Who had it before, if a person had.
    ///   - keepsPrevious: Whether they stay in the room.
    func activate(
        _ chat: ChatRow, for commercial: CommercialRow, _ grounds: AssignmentGrounds, previous: String? = nil,
        keepsPrevious: Bool = false
    ) throws -> ChatRow {
        var chat = chat
        if !chat.status.successors.contains(.active), chat.status != .active {
            chat = try self.moveToQueue(chat, by: grounds.by, reason: grounds.reason)
        }
        let given = try Chats.give(
            self.sql, chat,
            Chats.Gift(
                to: commercial, by: grounds.by, reason: grounds.reason, score: grounds.score,
                algorithm: grounds.algorithm))
        chat = given.chat
        try self.recordNumbered(
            .chatAssigned(
                ChatAssigned(
                    given.assignment, chat: chat, commercial: commercial, previousCommercialID: previous,
                    keepsPrevious: keepsPrevious)),
            in: chat)
        return chat
    }

    /// Offers the chat to a commercial whose load was reserved, until a durable deadline; tells them.
    ///
    /// - Parameters:
    ///   - from: Who passes it on by that, and gets it back where it comes to nothing.
    ///   - summary: What they say of it.
    func offer(
        _ chat: ChatRow, to commercial: CommercialRow, _ grounds: AssignmentGrounds, timeoutMilliseconds: Int64,
        from: String? = nil, summary: String? = nil
    ) throws -> (chat: ChatRow, assignment: AssignmentRow) {
        var chat = chat
        if !chat.status.successors.contains(.offered) {
            chat = try self.moveToQueue(chat, by: grounds.by, reason: grounds.reason)
        }
        let given = try Chats.give(
            self.sql, chat,
            Chats.Gift(
                to: commercial, offerMilliseconds: timeoutMilliseconds, by: grounds.by, reason: grounds.reason,
                score: grounds.score, algorithm: grounds.algorithm, from: from, summary: summary))
        try self.recordNumbered(.chatOffered(self.told(of: given.assignment, given.chat)), in: given.chat)
        return given
    }

    /// What a commercial is told of an offer: when it is made, and again when they come back while it stands.
    func told(of offer: AssignmentRow, _ chat: ChatRow) throws(StorageError) -> ChatOffered {
        var offered = ChatOffered(
            assignmentID: offer.id, commercialID: offer.commercialID, deadline: offer.deadline ?? chat.readAt,
            reason: offer.reason, preview: nil, summary: offer.summary ?? chat.escalationReason, chat: chat)
        offered.from = offer.fromCommercial
        offered.mode = offer.fromCommercial.map { _ in ChatAccess.TransferMode.cold.rawValue }
        try self.brief(&offered, chat)
        return offered
    }

    /// Puts what the messages say into what is told of an offer.
    func brief(_ offered: inout ChatOffered, _ chat: ChatRow) throws(StorageError) {
        let turns = try self.turns(of: chat, before: .max, limit: ChatBrief.memory)
        offered.preview = turns.last { $0.author == .visitor }.map { String($0.text.prefix(200)) }
        offered.brief = JSONText(ChatBrief(turns).fields)
    }

    /// The commercial to whom the chat is offered accepts it; tells it.
    ///
    /// - Throws: `offer_expired` where it is no offer to them any more.
    func accept(_ chat: ChatRow, by person: Participant) throws -> ChatRow {
        guard chat.status == .offered, let live = try Assignments.live(self.sql, of: chat),
            let accepted = try Assignments.accept(
                self.sql, self.workspace, live.id, commercial: person.id, epoch: chat.epoch + 1),
            let commercial = try Commercials.find(self.sql, self.workspace, person.id)
        else {
            throw DomainRefusal(
                .offerExpired, "This offer is over.",
                details: [.owner(chat.owner.map { ChatOwner(role: $0.role, id: $0.id) }, epoch: chat.epoch)])
        }
        var chat = try Chats.activate(
            self.sql, chat, owner: commercial.participant, by: person, reason: "accepted")
        try Commercials.clearMisses(self.sql, self.workspace, person.id)
        try self.record(.chatAssigned(ChatAssigned(accepted, chat: chat, commercial: commercial)), in: &chat)
        return chat
    }

    /// An offer comes to nothing: the slot is free again, and the chat waits where it waited before, or returns to the
    /// one who passed it on.
    func withdrawOffer(
        _ chat: ChatRow, _ outcome: OfferEnded.Outcome, by: Participant, reason: String
    ) throws -> ChatRow {
        var chat = chat
        var sender: String?
        if let from = try Assignments.live(self.sql, of: chat)?.fromCommercial {
            _ = try self.lockCarriers(chat, and: from)
            sender = from
        }
        if let offer = try self.release(chat, reason: outcome.rawValue) {
            if outcome != .rescinded {
                chat = try Chats.addTried(self.sql, chat, commercial: offer.commercialID)
            }
            var ended = OfferEnded(
                assignmentID: offer.id, commercialID: offer.commercialID, outcome: outcome, reason: reason, chat: chat)
            ended.from = offer.fromCommercial
            try self.record(.offerEnded(ended), in: &chat)
        }
        if let sender, let returned = try self.returned(chat, to: sender, reason: "transfer_returned") {
            return returned
        }
        return try self.enqueue(chat, by: by, reason: reason)
    }

    /// The chat leaves the one who has it, or whom it is offered to, for its place in the line.
    func handBack(
        _ chat: ChatRow, by: Participant, reason: String, lostCommercial: Bool = false
    ) throws -> ChatRow {
        if chat.status == .offered {
            return try self.withdrawOffer(chat, .rescinded, by: by, reason: reason)
        }
        try self.release(chat, reason: reason)
        return try self.enqueue(chat, by: by, reason: reason, lostCommercial: lostCommercial)
    }
}
