internal import Assignment
internal import SocketIO
internal import Storage

/// `visitor:consent`: whether the visitor lets their actions be observed. Durable. A yes counts on their other sockets from
/// the next connection on, a no at once.
struct VisitorConsent: ClientEvent {
    static let name = "visitor:consent"
    static let access = EventAccess.visitors

    let tracking: Bool

    init(_ payload: Payload) throws(EventError) {
        self.tracking = try payload.flag("tracking")
    }

    func handle(_ context: EventContext) async throws -> Reply {
        let principal = context.principal
        _ = try await context.services.change(in: context.workspace) { transaction in
            try Visitors.upsert(
                transaction.sql, transaction.workspace, principal.subject, isVerified: principal.isVerified,
                name: principal.name)
            try Visitors.setTracking(transaction.sql, transaction.workspace, principal.subject, self.tracking)
        }
        context.session.hasConsented = self.tracking
        if !self.tracking { context.services.registry.withdrawConsent(of: principal) }
        return .ok
    }
}
