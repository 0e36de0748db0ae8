internal import Assignment
internal import SocketIO
internal import Storage

/// Passes a chat on: to a queue, where it stands at its old place, or to a person, who is asked first.
///
/// Where they let the offer go by, the chat returns to whoever sent it; in a warm transfer it never left them.
struct TransferChat: Sendable {
    let principal: Principal
    let chatID: String
    let target: ChatAccess.TransferTarget
    var mode = ChatAccess.TransferMode.cold
    var summary: String?
    var reason: String?
    var expectedEpoch: Int64?

    struct Outcome: Sendable {
        var chat: ChatRow
        /// The offer of a warm transfer.
        var warm: WarmTransferRow?
    }

    func callAsFunction(_ services: Services) async throws -> Reply {
        let settings = services.configuration.routing
        let committed = try await services.change(in: self.principal.workspace) { try self.run($0, settings) }
        guard let warm = committed.value.warm else {
            return try await services.routed(
                Committed(value: committed.value.chat, events: committed.events), for: self.principal)
        }
        await services.relay.publish(committed.events)
        return .now([
            "status": .word(ChatStatus.offered), "assignmentId": .string(warm.id), "commercialId": .string(warm.toID),
            "epoch": .int(warm.epoch),
        ])
    }

    func run(_ transaction: ChatTransaction, _ settings: RoutingSettings) throws -> Outcome {
        let chat = try transaction.lock(self.chatID)
        try transaction.access(self.principal, chat).transfer(
            to: self.target, self.mode, expectedEpoch: self.expectedEpoch)
        guard let sender = chat.owner else { throw EventError.chatNotFound }
        switch self.target {
        case .queue(let queue):
            return Outcome(chat: try self.pass(chat, to: queue, from: sender, transaction))
        case .commercial(let id):
            return try self.offer(chat, to: id, from: sender, transaction, settings)
        }
    }

    private func pass(
        _ chat: ChatRow, to queue: String, from sender: Participant, _ transaction: ChatTransaction
    ) throws -> ChatRow {
        let by = self.principal.participant
        var chat = try transaction.move(chat, to: queue, by: by)
        chat = try transaction.handBack(chat, by: by, reason: self.reason ?? "transferred")
        chat = try transaction.noteSummary(self.summary, in: chat, by: by)
        // Whoever gives a chat away is not the next to get it.
        return try Chats.addTried(transaction.sql, chat, commercial: sender.id)
    }

    private func offer(
        _ chat: ChatRow, to id: String, from sender: Participant, _ transaction: ChatTransaction,
        _ settings: RoutingSettings
    ) throws -> Outcome {
        guard let target = try transaction.lockCarriers(chat, and: id), target.role == .commercial else {
            throw EventError.notFound("There is no such commercial.")
        }
        guard target.isConnected, target.declared != .offline else {
            let opening = try Queues.nextOpening(transaction.sql, transaction.workspace, chat.queue)
            throw DomainRefusal(
                .noAgents, "This commercial is not there.", details: opening.map { [.nextOpening($0)] } ?? [])
        }
        guard target.load + chat.weight <= Double(target.cap) else {
            throw DomainRefusal(
                .capacityFull, "There is no free slot.", details: [.load(current: target.load, cap: target.cap)])
        }
        let by = self.principal.participant
        let rules = try Queues.settings(transaction.sql, transaction.workspace, chat.queue)
        let timeout = (rules.map(settings.overridden) ?? settings).offerTimeout.inMilliseconds
        var chat = try transaction.noteSummary(self.summary, in: chat, by: by)
        if let earlier = try WarmTransfers.end(transaction.sql, of: chat) {
            try transaction.tellEnd(of: earlier, .rescinded, in: &chat, reason: "transferred")
        }
        guard self.mode == .cold else {
            let warm = try WarmTransfers.create(
                transaction.sql, chat, from: sender.id, to: id, summary: self.summary, reason: self.reason,
                offerFor: timeout)
            try transaction.record(.chatOffered(transaction.told(of: warm, chat)), in: &chat)
            return Outcome(chat: chat, warm: warm)
        }
        try transaction.release(chat, reason: "transferred")
        let commercial = try transaction.reserve(chat, for: id, .direct)
        let (offered, _) = try transaction.offer(
            chat, to: commercial, AssignmentGrounds(by: by, reason: self.reason ?? "transferred"),
            timeoutMilliseconds: timeout, from: sender.id, summary: self.summary)
        return Outcome(chat: offered)
    }
}
