internal import Assignment
internal import HTTPTypes
internal import Hummingbird
internal import SocketIO
internal import Storage

/// `GET /v1/chats`: the open chats that somebody may see, newest first, in the form of `session.chats[]`.
///
/// Events tell what changes; a desk that has just been opened asks once what is there. A commercial gets the chats of
/// their queues, supervisors, admins and bots those of the workspace, a visitor their own.
struct GetChats: Sendable {
    /// Chats of one answer.
    private static let pageLimit = 200

    let authenticator: Authenticator
    let database: Database
    let addresses: CountedAddress

    func add(to router: Router<GatewayRequestContext>) {
        router.get("/v1/chats") { request, context in await self.respond(to: request, from: context.remoteAddress) }
    }

    private func respond(to request: Request, from peer: String) async -> Response {
        var presented = PresentedCredentials()
        presented.authorization = request.headers[.authorization].map { Secret($0) }
        presented.origin = request.headers[.origin]
        presented.address = self.addresses.of(
            peer: peer, forwardedFor: HTTPField.Name("x-forwarded-for").map { request.headers[values: $0] } ?? [])
        do {
            let principal = try await self.authenticator.authenticate(presented).principal
            return Self.answer(.ok, try await self.list(principal))
        } catch let error as AuthenticationError {
            switch error {
            case .unauthenticated: return Self.problem(.unauthorized, "unauthenticated")
            case .forbidden: return Self.problem(.forbidden, "forbidden")
            case .unavailable: return Self.problem(.serviceUnavailable, "unavailable")
            case .throttled(let seconds):
                var response = Self.problem(.tooManyRequests, "rate_limited")
                response.headers[.retryAfter] = "\(seconds)"
                return response
            }
        } catch {
            return Self.problem(.serviceUnavailable, "unavailable")
        }
    }

    private func list(_ principal: Principal) async throws -> JSONObject {
        let workspace = principal.workspace
        let listings = try await self.database.transaction(.workspace(workspace)) { transaction in
            switch principal.role {
            case .visitor:
                return try Chats.open(transaction, workspace, ofVisitor: principal.subject, limit: Self.pageLimit)
            case .commercial:
                let queues = try Commercials.find(transaction, workspace, principal.subject)?.queues ?? []
                return try Chats.open(
                    transaction, workspace, inQueues: queues, readBy: principal.participant, limit: Self.pageLimit
                )
            case .supervisor, .admin, .ai:
                return try Chats.open(
                    transaction, workspace, inQueues: nil, readBy: principal.participant, limit: Self.pageLimit
                )
            case .system:
                return []
            }
        }
        let isFull = principal.role != .visitor
        return ["chats": .array(listings.map { .object(ChatForm.listing($0, isFull: isFull)) })]
    }

    private static func answer(_ status: HTTPResponse.Status, _ body: JSONObject) -> Response {
        Response(
            status: status, headers: [.contentType: "application/json", .cacheControl: "no-store"],
            body: ResponseBody(byteBuffer: JSONValue.object(body).encoded())
        )
    }

    /// RFC 9457.
    private static func problem(_ status: HTTPResponse.Status, _ code: JSONValue) -> Response {
        var response = Self.answer(status, ["type": "about:blank", "status": .int(status.code), "code": code])
        response.headers[.contentType] = "application/problem+json"
        if status == .unauthorized { response.headers[.wwwAuthenticate] = "Bearer" }
        if status == .serviceUnavailable { response.headers[.retryAfter] = "1" }
        return response
    }
}
