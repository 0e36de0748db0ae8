internal import Assignment
internal import Storage

/// `notification:ack`: the reader has seen it, and does not get it again.
struct NotificationAck: ClientEvent {
    static let name = "notification:ack"
    static let access = EventAccess.humans

    let notificationID: String

    init(_ payload: Payload) throws(EventError) {
        self.notificationID = try payload.id("notificationId")
    }

    func handle(_ context: EventContext) async throws -> Reply {
        let principal = context.principal
        try await context.services.changeAndPublish(in: context.workspace) { transaction in
            let reader = try transaction.requester(principal)
            let row = try Notifications.find(transaction.sql, transaction.workspace, self.notificationID)
            guard let row, Self.isAddressed(row.target, to: reader) else { throw EventError.notFound() }
            _ = try Notifications.acknowledge(
                transaction.sql, transaction.workspace, row.id, by: principal.subject)
        }
        return .ok
    }

    /// What somebody does not get, they cannot know of.
    private static func isAddressed(_ target: NotificationTarget, to reader: Requester) -> Bool {
        switch target {
        case .supervisors: reader.supervises
        case .agents: reader.role == .commercial
        case .commercial(let id): reader.role == .commercial && reader.participant.id == id
        case .queue(let name): reader.role == .commercial && reader.queues.contains(name)
        }
    }
}
