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

    func judge(
        _ text: String, as reading: SentimentReading, in chat: ChatRow, transaction: ChatTransaction
    ) throws -> EscalationDecision {
        let matters = chat.status == .bot && EscalationJudge.needsHistory(text, reading)
        let earlier = matters ? try transaction.turns(of: chat, before: chat.seq + 1) : []
        return EscalationJudge.judge(text, reading, earlier: earlier, self.configuration.escalation.thresholds)
    }

    func read(answer message: MessageRow, in chat: ChatRow, transaction: ChatTransaction) throws -> ChatRow {
        let thresholds = self.configuration.escalation.thresholds
        guard chat.status == .bot, let answer = ConversationTurn(message), answer.isUnsure(thresholds),
            let trigger = EscalationJudge.judge(
                answer: answer, earlier: try transaction.turns(of: chat, before: message.seq), thresholds)
        else { return chat }
        var decision = EscalationDecision(EscalationReading(trigger: trigger), thresholds)
        // It is the bot that spoke: however low the threshold, nobody is angry.
        (decision.alertsSupervisors, decision.addedTags, decision.minimumPriority) = (false, [], nil)
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
