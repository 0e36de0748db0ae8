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

    func read(
        _ message: MessageRow, as known: SentimentReading? = nil, in chat: ChatRow, transaction: ChatTransaction
    ) throws -> ChatRow {
        guard message.sender.role == .visitor else {
            return try self.readAnswer(message, in: chat, transaction: transaction)
        }
        let reading = known ?? chat.reading(of: message.content)
        let matters = chat.status == .bot && EscalationJudge.needsHistory(message.content, reading)
        let earlier = matters ? try transaction.turns(of: chat, before: message.seq) : []
        let decision = EscalationJudge.judge(message.content, reading, earlier: earlier)
        guard !decision.isEmpty else { return chat }
        return try transaction.follow(decision, in: chat)
    }

    /// What a bot says of its own answer may call for a person.
    private func readAnswer(
        _ message: MessageRow, in chat: ChatRow, transaction: ChatTransaction
    ) throws -> ChatRow {
        guard chat.status == .bot, let answer = ConversationTurn(message), answer.isUnsure,
            let trigger = EscalationJudge.judge(
                answer: answer, earlier: try transaction.turns(of: chat, before: message.seq))
        else { return chat }
        return try transaction.follow(EscalationDecision(EscalationReading(trigger: trigger)), in: chat)
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
