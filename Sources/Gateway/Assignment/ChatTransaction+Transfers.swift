internal import Assignment
internal import SocketIO
internal import Storage

extension ChatTransaction {
    /// What a commercial is told of a chat that its owner would pass on to them.
    func told(of warm: WarmTransferRow, _ chat: ChatRow) throws(StorageError) -> ChatOffered {
        var offered = ChatOffered(
            assignmentID: warm.id, commercialID: warm.toID, deadline: warm.deadline, reason: warm.reason, preview: nil,
            summary: warm.summary ?? chat.escalationReason, chat: chat)
        offered.from = warm.fromID
        offered.mode = ChatAccess.TransferMode.warm.rawValue
        try self.brief(&offered, chat)
        return offered
    }

    /// A warm transfer is accepted: the chat is theirs from now on, and whoever passed it on stays in the room.
    ///
    /// - Throws: `offer_expired` where it is over, `capacity_full` where there is no room (any more).
    func accept(_ warm: WarmTransferRow, of chat: ChatRow, by person: Participant) throws -> ChatRow {
        guard try WarmTransfers.accept(self.sql, chat, by: person.id) != nil else {
            throw DomainRefusal(
                .offerExpired, "This offer is over.",
                details: [.owner(chat.owner.map { ChatOwner(role: $0.role, id: $0.id) }, epoch: chat.epoch)])
        }
        _ = try self.lockCarriers(chat, and: person.id)
        try self.release(chat, reason: "transferred")
        let commercial = try self.reserve(chat, for: person.id, .direct)
        try Commercials.clearMisses(self.sql, self.workspace, person.id)
        return try self.activate(
            chat, for: commercial, AssignmentGrounds(by: person, reason: warm.reason ?? "transferred"),
            previous: warm.fromID, keepsPrevious: true)
    }

    /// A warm transfer comes to nothing: the chat stays where it is.
    func end(
        _ warm: WarmTransferRow, of chat: ChatRow, _ outcome: OfferEnded.Outcome, reason: String
    ) throws -> ChatRow {
        var chat = chat
        guard try WarmTransfers.end(self.sql, of: chat) != nil else { return chat }
        try self.tellEnd(of: warm, outcome, in: &chat, reason: reason)
        return chat
    }

    /// Tells the one who was asked, and the one who asked.
    func tellEnd(
        of warm: WarmTransferRow, _ outcome: OfferEnded.Outcome, in chat: inout ChatRow, reason: String
    ) throws {
        var ended = OfferEnded(
            assignmentID: warm.id, commercialID: warm.toID, outcome: outcome, reason: reason, chat: chat)
        ended.from = warm.fromID
        try self.record(.offerEnded(ended), in: &chat)
    }

    /// A cold transfer came to nothing: whoever sent the chat has it again, if they are there and have room for it.
    ///
    /// - Returns: nil where they cannot have it.
    func returned(_ chat: ChatRow, to sender: String, reason: String) throws -> ChatRow? {
        guard let row = try Commercials.find(self.sql, self.workspace, sender), row.isConnected,
            row.declared != .offline
        else { return nil }
        let reservation: Commercials.Reservation = row.role == .commercial ? .direct : .forced
        guard
            let commercial = try Commercials.reserve(
                self.sql, self.workspace, sender, weight: chat.weight, reservation)
        else { return nil }
        return try self.activate(chat, for: commercial, AssignmentGrounds(by: .system, reason: reason))
    }

    /// Supervisors hear of somebody who keeps turning chats down.
    func alertOfRejections(by person: Participant, in chat: ChatRow, reason: String) throws {
        let count = try Assignments.rejections(
            self.sql, self.workspace, of: person.id, within: Self.rejectionWindowMilliseconds)
        guard count >= Self.rejectionsUntilAlert else { return }
        let data: JSONObject = [
            "commercialId": .string(person.id), "rejections": .int(count), "chatId": .string(chat.id),
            "reason": .string(reason),
        ]
        let (_, stored) = try Notifications.store(
            self.sql, self.workspace,
            Notifications.New(
                type: "offers_rejected", severity: "medium", target: .supervisors, chatID: chat.id,
                data: JSONText(data), sender: .system, ttlMilliseconds: Self.rejectionAlertLifeMilliseconds,
                dedupe: .init(
                    key: "offers_rejected:\(person.id)", milliseconds: Self.rejectionWindowMilliseconds)))
        if let stored { try self.record(.notificationRaised(NotificationRaised(stored))) }
    }

    private static let rejectionsUntilAlert = 3
    private static let rejectionWindowMilliseconds: Int64 = 3_600_000
    private static let rejectionAlertLifeMilliseconds: Int64 = 24 * 3_600_000
}
