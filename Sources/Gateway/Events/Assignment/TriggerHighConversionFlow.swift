internal import Assignment
internal import SocketIO
internal import Storage

/// `trigger:high_conversion_flow`: a bot believes that a visitor is worth particular attention.
///
/// Once per visitor and strategy in half an hour. With an open chat its priority rises to high; without one the visitor is
/// invited, if they are there and somebody in the line of their next chat has time for them.
struct TriggerHighConversionFlow: ClientEvent {
    static let name = "trigger:high_conversion_flow"
    static let access = EventAccess([.ai], aiScopes: [.automation])

    /// What a flow does.
    enum Action: String, Sendable {
        case priorityRaised = "priority_raised"
        case invited
        /// The chat's priority is high already, or nobody has time, or the visitor has gone.
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
        /// The word of an ``Action``.
        var action: String
    }

    func handle(_ context: EventContext) async throws -> Reply {
        let by = context.principal.participant
        let window = context.services.configuration.chat.reopenWindow.inMilliseconds
        let outcome = try await context.services.changeAndPublish(in: context.workspace) { transaction in
            try self.start(transaction, by: by, reopenWindow: window)
        }
        if outcome.isNew, outcome.action == Action.invited.rawValue { self.invite(context, flow: outcome.id) }
        var reply: JSONObject = ["flowId": .string(outcome.id), "action": .string(outcome.action)]
        reply.set("chatId", outcome.chatID)
        if !outcome.isNew { reply["duplicate"] = true }
        return .now(reply)
    }

    private func start(_ transaction: ChatTransaction, by: Participant, reopenWindow: Int64) throws -> Outcome {
        let (sql, workspace) = (transaction.sql, transaction.workspace)
        guard try Visitors.find(sql, workspace, self.visitorID) != nil else {
            throw EventError.notFound("There is no such visitor.")
        }
        if let chatID, try transaction.find(chatID).visitorID != self.visitorID { throw EventError.chatNotFound }
        var chat = try Chats.lockOpen(sql, workspace, visitor: self.visitorID)
        // Without an open chat the next words take up the last one, or begin one in the first line.
        let queue =
            try chat?.queue
            ?? Chats.lockLastClosed(sql, workspace, visitor: self.visitorID, within: reopenWindow)?.queue
            ?? Workspaces.defaultQueue
        let action = try self.action(chat, queue, transaction)
        let flow = try Flows.start(
            sql, workspace,
            Flows.New(
                visitorID: self.visitorID, chatID: chat?.id, strategy: self.strategy, probability: self.probability,
                action: action.rawValue, by: by, ttlMilliseconds: self.ttlSeconds.map { $0 * 1000 }))
        guard flow.isNew else {
            let first = try Flows.find(sql, workspace, flow.id)
            return Outcome(
                id: flow.id, isNew: false, chatID: first?.chatID, action: first?.action ?? Action.none.rawValue)
        }
        if let open = chat { chat = try transaction.raisePriority(of: open, to: .high, by: by) }
        try transaction.record(
            .flowTriggered(
                FlowTriggered(
                    flowID: flow.id, visitorID: self.visitorID, chatID: chat?.id, strategy: self.strategy,
                    probability: self.probability, action: action.rawValue, by: by, queue: queue)))
        return Outcome(id: flow.id, isNew: true, chatID: chat?.id, action: action.rawValue)
    }

    private func action(_ chat: ChatRow?, _ queue: String, _ transaction: ChatTransaction) throws -> Action {
        if let chat { return chat.priority < .high ? .priorityRaised : .none }
        let (sql, workspace) = (transaction.sql, transaction.workspace)
        guard try Presence.liveCount(sql, workspace, role: .visitor, subject: self.visitorID) > 0,
            try Self.hasTime(queue, transaction)
        else { return .none }
        return .invited
    }

    /// Whether the line is open and one of its people has a free slot. Bots do not count: what an invitation promises is
    /// somebody's attention.
    private static func hasTime(_ queue: String, _ transaction: ChatTransaction) throws -> Bool {
        let (sql, workspace) = (transaction.sql, transaction.workspace)
        guard try Queues.isOpen(sql, workspace, queue) else { return false }
        let skills = try Queues.settings(sql, workspace, queue)?.skills ?? [:]
        let need = Dispatch.Need(reach: QueueReach(queue), skills: skills)
        return try !Dispatch.candidates(sql, workspace, need, limit: 1).isEmpty
    }

    private func invite(_ context: EventContext, flow: String) {
        let body: JSONObject = [
            "flowId": .string(flow), "visitorId": .string(self.visitorID), "strategy": .string(self.strategy),
        ]
        context.services.broadcaster.tell(
            "proactive:invite", body, to: [.visitor(context.workspace, self.visitorID)])
    }
}
