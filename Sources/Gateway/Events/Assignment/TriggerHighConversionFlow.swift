internal import Assignment
internal import SocketIO
internal import Storage

/// `trigger:high_conversion_flow`: a bot believes that a visitor is worth particular attention.
///
/// Once per visitor and strategy in half an hour. With an open chat its priority rises to high; without one the visitor is
/// invited, as long as anybody is there to answer.
struct TriggerHighConversionFlow: ClientEvent {
    static let name = "trigger:high_conversion_flow"
    static let access = EventAccess([.ai], aiScopes: [.automation])

    /// What a flow does.
    enum Action: String, Sendable {
        case priorityRaised = "priority_raised"
        case invited
        /// Nobody is there.
        case none
    }

    let visitorID: String
    let chatID: String?
    let strategy: String
    let probability: Double?
    let ttlSeconds: Int64?

    init(_ payload: Payload) throws(EventError) {
        self.visitorID = try payload.subject("visitorId")
        self.chatID = try payload.optionalID("chatId")
        self.strategy = try payload.text("strategy", length: 1...128)
        self.probability = try payload.optionalDouble("probability", in: 0...1)
        self.ttlSeconds = try payload.optionalInteger("ttlSec", in: 1...86_400)
    }

    private struct Outcome: Sendable {
        var id: String
        var isNew: Bool
        var chatID: String?
        var action: Action
    }

    func handle(_ context: EventContext) async throws -> Reply {
        let by = context.principal.participant
        let outcome = try await context.services.changeAndPublish(in: context.workspace) { transaction in
            try self.start(transaction, by: by)
        }
        if outcome.isNew, outcome.action == .invited { self.invite(context, flow: outcome.id) }
        var reply: JSONObject = ["flowId": .string(outcome.id), "action": .word(outcome.action)]
        reply.set("chatId", outcome.chatID)
        if !outcome.isNew { reply["duplicate"] = true }
        return .now(reply)
    }

    private func start(_ transaction: ChatTransaction, by: Participant) throws -> Outcome {
        let (sql, workspace) = (transaction.sql, transaction.workspace)
        guard try Visitors.find(sql, workspace, self.visitorID) != nil else {
            throw EventError.notFound("There is no such visitor.")
        }
        if let chatID, try transaction.find(chatID).visitorID != self.visitorID { throw EventError.chatNotFound }
        var chat = try Chats.lockOpen(sql, workspace, visitor: self.visitorID)
        let action = try chat != nil ? Action.priorityRaised : self.isAnybodyThere(transaction) ? .invited : .none
        let flow = try Flows.start(
            sql, workspace,
            Flows.New(
                visitorID: self.visitorID, chatID: chat?.id, strategy: self.strategy, probability: self.probability,
                action: action.rawValue, by: by, ttlMilliseconds: self.ttlSeconds.map { $0 * 1000 }))
        let outcome = Outcome(id: flow.id, isNew: flow.isNew, chatID: chat?.id, action: action)
        guard flow.isNew else { return outcome }
        if let open = chat { chat = try transaction.raisePriority(of: open, to: .high, by: by) }
        try transaction.record(
            .flowTriggered(
                FlowTriggered(
                    flowID: flow.id, visitorID: self.visitorID, chatID: chat?.id, strategy: self.strategy,
                    probability: self.probability, action: action.rawValue, by: by,
                    queue: chat?.queue ?? Workspaces.defaultQueue)))
        return outcome
    }

    private func isAnybodyThere(_ transaction: ChatTransaction) throws -> Bool {
        let free = try Dispatch.candidates(
            transaction.sql, transaction.workspace, queue: Workspaces.defaultQueue, limit: 1)
        return try !free.isEmpty || !Bots.live(transaction.sql, transaction.workspace).isEmpty
    }

    private func invite(_ context: EventContext, flow: String) {
        let body: JSONObject = [
            "flowId": .string(flow), "visitorId": .string(self.visitorID), "strategy": .string(self.strategy),
        ]
        context.services.broadcaster.emit(
            "proactive:invite", JSONValue.object(body).encoded(), to: [.visitor(context.workspace, self.visitorID)],
            except: [], exceptSockets: [])
    }
}
