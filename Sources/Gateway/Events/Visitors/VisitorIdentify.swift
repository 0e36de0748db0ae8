internal import Assignment
internal import SocketIO

/// `visitor:identify`: an anonymous visitor shows a token of the company's, and is that visitor from now on.
struct VisitorIdentify: ClientEvent {
    static let name = "visitor:identify"
    static let access = EventAccess.visitors
    static let rates = EventRates(visitors: EventRate(0.2, burst: 5))

    let token: Secret

    init(_ payload: Payload) throws(EventError) {
        self.token = Secret(try payload.text("token", length: 1...8192))
    }

    func handle(_ context: EventContext) async throws -> Reply {
        let (services, anonymous) = (context.services, context.principal)
        let verified = try await self.verify(services, for: anonymous)
        let isSame = verified.subject == anonymous.subject
        try VisitorMerge.check(
            isVerified: anonymous.isVerified, isTargetVerified: verified.isVerified, isSame: isSame)
        var chats = 0
        if !isSame {
            let identify = IdentifyVisitor(anonymous: anonymous, verified: verified)
            chats = try await services.changeAndPublish(in: anonymous.workspace, identify.run)
        }
        context.session.renew(verified)
        if !isSame {
            context.socket.leave([.visitor(anonymous.workspace, anonymous.subject)])
            try await services.presence.change(context.socket.id, to: verified.participant)
            // The socket may have closed meanwhile; nobody would end its lease.
            if !services.registry.contains(context.socket.id) { await services.presence.closed(context.socket.id) }
        }
        try await SessionGreeting(services: services).greet(context.session, token: nil)
        return .now(["visitorId": .string(verified.subject), "chats": .int(Int64(chats))])
    }

    private func verify(_ services: Services, for anonymous: Principal) async throws -> Principal {
        let verified: Principal
        do {
            verified = try await services.tokens.principal(of: self.token)
        } catch {
            switch error {
            case .unauthenticated: throw EventError(.unauthenticated, "The token is not valid.")
            case .forbidden: throw EventError.forbidden("The token may not be used here.")
            case .unavailable, .throttled: throw EventError.unavailable
            }
        }
        guard verified.role == .visitor, verified.workspace == anonymous.workspace else {
            throw EventError.forbidden("The token is not a visitor's of this workspace.")
        }
        return verified
    }
}
