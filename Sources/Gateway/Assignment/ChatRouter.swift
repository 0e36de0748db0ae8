internal import Assignment
internal import SocketIO
internal import Storage

/// The part of assignment that the use cases of chats call: inside their transactions, with the chat locked.
struct ChatRouter: ChatRouting {
    let dispatcher: Dispatcher
    let configuration: GatewayConfiguration

    func takeOver(_ chat: ChatRow, by person: Participant, in transaction: ChatTransaction) throws -> ChatRow {
        try transaction.takeOver(chat, by: person, defaultCapacity: self.configuration.routing.defaultCapacity)
    }

    func acceptOffer(of chat: ChatRow, by person: Participant, in transaction: ChatTransaction) throws -> ChatRow {
        try transaction.accept(chat, by: person)
    }

    func releaseAssignment(of chat: ChatRow, reason: String, in transaction: ChatTransaction) throws {
        var chat = chat
        if let released = try transaction.release(chat, reason: reason) {
            try transaction.rescind(released, in: &chat, reason: reason)
        }
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
