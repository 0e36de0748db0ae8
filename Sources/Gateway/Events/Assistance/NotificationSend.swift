internal import Assignment
internal import SocketIO
internal import Storage

/// `notification:send`: something that supervisors or commercials should know, kept until they have seen it.
struct NotificationSend: ClientEvent {
    static let name = "notification:send"
    static let access = EventAccess([.supervisor, .admin, .ai], aiScopes: [.automation])
    static let rates = EventRates(staff: EventRate(1, burst: 10), bots: EventRate(5, burst: 50))

    /// Of the same kind within this time, one stands for all.
    private static let dedupeMilliseconds: Int64 = 300_000

    let type: String
    let target: NotificationTarget
    let severity: String?
    let data: JSONObject
    let chatID: String?
    let dedupeKey: String?
    let ttlSeconds: Int64

    init(_ payload: Payload) throws(EventError) {
        self.type = try payload.text("type", length: 1...64)
        let target = try payload.text("target", length: 1...200)
        guard let known = NotificationTarget(text: target) else {
            guard !target.hasPrefix("visitor") else { throw .forbidden("Visitors get no notifications.") }
            throw payload.bad("target", "supervisors, agents, commercial:{id} or queue:{id}")
        }
        self.target = known
        self.severity = try payload.optionalText("severity", length: 1...32)
        self.data = try payload.optionalObject("data") ?? [:]
        self.chatID = try payload.optionalNested("data")?.optionalID("chatId")
        self.dedupeKey = try payload.optionalText("dedupeKey", length: 1...200)
        self.ttlSeconds = try payload.optionalInteger("ttlSec", in: 1...604_800) ?? 86_400
    }

    func handle(_ context: EventContext) async throws -> Reply {
        let sender = context.principal.participant
        return .now(
            try await context.services.changeAndPublish(in: context.workspace) { transaction in
                try self.store(transaction, sender: sender)
            })
    }

    private func store(_ transaction: ChatTransaction, sender: Participant) throws -> JSONObject {
        if let chatID { _ = try transaction.find(chatID) }
        let recipients = try self.recipients(transaction)
        let key = self.dedupeKey ?? "\(self.type):\(self.chatID ?? self.target.text)"
        let (id, stored) = try Notifications.store(
            transaction.sql, transaction.workspace,
            Notifications.New(
                type: self.type, severity: self.severity, target: self.target, chatID: self.chatID,
                data: JSONText(self.data), sender: sender, ttlMilliseconds: self.ttlSeconds * 1000,
                dedupe: .init(key: key, milliseconds: Self.dedupeMilliseconds)))
        var reply: JSONObject = ["notificationId": .string(id), "recipients": .int(recipients)]
        if let stored {
            try transaction.record(.notificationRaised(NotificationRaised(stored)))
        } else {
            reply["duplicate"] = true
        }
        return reply
    }

    /// How many people with an open socket it reaches now; the others get it when they connect.
    private func recipients(_ transaction: ChatTransaction) throws -> Int {
        let (sql, workspace) = (transaction.sql, transaction.workspace)
        switch self.target {
        case .supervisors:
            return try Presence.live(sql, workspace, role: .supervisor).count
                + Presence.live(sql, workspace, role: .admin).count
        case .agents:
            return try Presence.live(sql, workspace, role: .commercial).count
        case .commercial(let id):
            guard let commercial = try Commercials.find(sql, workspace, id) else {
                throw EventError.notFound("There is no such commercial.")
            }
            return commercial.isConnected ? 1 : 0
        case .queue(let name):
            guard try Workspaces.queueExists(sql, workspace, name: name) else {
                throw EventError.notFound("There is no such queue.")
            }
            var count = 0
            for id in try Presence.live(sql, workspace, role: .commercial) {
                let queues = try Commercials.find(sql, workspace, id)?.queues ?? []
                if queues.contains(name) { count += 1 }
            }
            return count
        }
    }
}
