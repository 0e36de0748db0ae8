internal import Assignment
internal import SocketIO
internal import Storage

/// The part of assignment that the use cases of chats call: inside their transactions, with the chat locked.
struct ChatRouter: ChatRouting {
    let dispatcher: Dispatcher
    let configuration: GatewayConfiguration

    func takeOver(_ chat: ChatRow, by person: Participant, in transaction: ChatTransaction) throws -> ChatRow {
        let supervises = person.role != .commercial
        // What somebody takes over above their own cap, which is none for those who supervise, counts as `extra`.
        try Commercials.seen(
            transaction.sql, transaction.workspace, person,
            defaultCap: supervises ? 0 : self.configuration.routing.defaultCapacity)
        _ = try transaction.lockCarriers(chat, and: person.id)
        let previous = try transaction.release(chat, reason: "taken_over")
        let commercial = try transaction.reserve(chat, for: person.id, supervises ? .forced : .direct)
        if supervises {
            try Audit.append(
                transaction.sql, transaction.workspace, actor: person, action: "chat.taken_over", chatID: chat.id,
                detail: JSONText(["from": JSONValue(previous?.commercialID), "epoch": .int(chat.epoch)]))
        }
        return try transaction.activate(
            chat, for: commercial, AssignmentGrounds(by: person, reason: "taken_over"),
            previous: previous?.commercialID)
    }

    func acceptOffer(of chat: ChatRow, by person: Participant, in transaction: ChatTransaction) throws -> ChatRow {
        try transaction.accept(chat, by: person)
    }

    func releaseAssignment(of chat: ChatRow, reason: String, in transaction: ChatTransaction) throws {
        guard let released = try transaction.release(chat, reason: reason), chat.status == .offered else { return }
        var chat = chat
        try transaction.record(
            .offerEnded(
                OfferEnded(
                    assignmentID: released.id, commercialID: released.commercialID, outcome: .rescinded,
                    reason: reason, chat: chat)),
            in: &chat)
    }

    func read(_ message: MessageRow, in chat: ChatRow, transaction: ChatTransaction) throws -> ChatRow {
        var reading = EscalationRules.read(message.content)
        if reading.trigger == nil, chat.status == .bot, FrustrationEstimate.mayEscalate(reading.frustration) {
            let earlier = try Messages.page(transaction.sql, chat, .newest, limit: 4 * FrustrationEstimate.memory)
                .messages
                .filter { $0.sender.role == .visitor && $0.seq < message.seq }.suffix(FrustrationEstimate.memory)
                .map { EscalationRules.read($0.content).frustration }
            if FrustrationEstimate.over(earlier + [reading.frustration]) >= FrustrationEstimate.escalationThreshold {
                reading.trigger = .frustration
            }
        }
        let decision = EscalationDecision(reading)
        guard !decision.isEmpty else { return chat }
        return try transaction.follow(decision, in: chat)
    }

    func wake(workspace: String, queue: String) {
        self.dispatcher.wake(QueueKey(workspace: workspace, queue: queue))
    }

    func dispatch(workspace: String, queue: String) async {
        let key = QueueKey(workspace: workspace, queue: queue)
        do {
            try await self.dispatcher.dispatch(key)
        } catch {
            self.dispatcher.wake(key)
        }
    }
}
