internal import Assignment
internal import SocketIO

/// `session:refresh`: a later token of the same identity, without a new connection.
struct SessionRefresh: ClientEvent {
    static let name = "session:refresh"
    static let access = EventAccess.everybody

    let token: Secret

    init(_ payload: Payload) throws(EventError) {
        self.token = Secret(try payload.text("token", length: 1...8192))
    }

    func handle(_ context: EventContext) async throws -> Reply {
        let principal: Principal
        do {
            principal = try await context.services.tokens.refresh(self.token, of: context.principal)
        } catch {
            switch error {
            case .unauthenticated: throw EventError(.unauthenticated, "The token is not valid.")
            case .forbidden: throw EventError.forbidden("The token is another identity's.")
            case .unavailable, .throttled: throw EventError.unavailable
            }
        }
        context.session.renew(principal)
        try await SessionGreeting(services: context.services).greet(context.session, token: nil)
        return .now(["exp": principal.expiry.map(JSONValue.expiry) ?? .null])
    }
}
