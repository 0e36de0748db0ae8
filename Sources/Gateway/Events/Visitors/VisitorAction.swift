internal import Assignment
internal import NIOCore
internal import SocketIO

/// `visitor:action`: what a visitor does on the site, with their consent. Relayed to bots and supervisors, never stored.
struct VisitorAction: ClientEvent {
    static let name = "visitor:action"
    static let access = EventAccess.visitors
    static let rates = EventRates(visitors: EventRate(20, burst: 100))

    enum Action: String, CaseIterable, Sendable {
        case pageView = "page_view"
        case click
        case scroll
        case cartAdd = "cart_add"
        case formStart = "form_start"
        case custom
    }

    let action: Action
    let relayed: JSONObject

    init(_ payload: Payload) throws(EventError) {
        guard JSONValue.object(payload.fields).encoded().readableBytes <= Limits.actionBytes else {
            throw .tooLarge(field: "payload", "An action has at most \(Limits.actionBytes) bytes.")
        }
        self.action = try payload.word("action")
        var relayed: JSONObject = ["action": .word(self.action)]
        relayed.set("url", try payload.optionalText("url", length: 0...2048))
        relayed.set("title", try payload.optionalText("title", length: 0...512))
        if let value = payload["value"] {
            guard value.number != nil || value.string != nil else { throw payload.bad("value", "a number or a string") }
            relayed["value"] = value
        }
        if let time = payload["ts"] {
            guard time.number != nil || time.string != nil else { throw payload.bad("ts", "a number or a string") }
            relayed["ts"] = time
        }
        relayed["data"] = try payload.optionalObject("data").map(JSONValue.object)
        self.relayed = relayed
    }

    func handle(_ context: EventContext) async throws -> Reply {
        guard context.session.hasConsented else {
            throw EventError.forbidden("The visitor has not agreed to be observed.")
        }
        // Sampled: what is too much is dropped, not refused.
        guard context.session.mayRelayAction() else { return .ok }
        let rooms = [Room.ai(context.workspace), .supervisors(context.workspace)]
            .filter(context.services.broadcaster.hasMembers)
        guard !rooms.isEmpty else { return .ok }
        var body: JSONObject = ["visitorId": .string(context.principal.subject)]
        for member in self.relayed.members { body[member.key] = member.value }
        body["timestamp"] = .time(try await context.services.clock.now())
        context.services.broadcaster.tell(Self.name, body, to: rooms, isDispensable: true)
        return .ok
    }
}
