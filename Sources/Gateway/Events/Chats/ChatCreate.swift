internal import Assignment
internal import SocketIO
internal import Storage

/// `chat:create`: the visitor's chat, the open one if there is one already.
struct ChatCreate: ClientEvent {
    static let name = "chat:create"
    static let access = EventAccess.visitors
    static let rates = EventRates(visitors: EventRate(0.5, burst: 5))

    let department: String?
    let priority: Priority
    let metadata: JSONObject?
    let firstMessage: String?
    let clientMessageID: String?

    init(_ payload: Payload) throws(EventError) {
        self.department = try payload.optionalText("department", length: 1...128)
        self.priority = try payload.optionalWord("priority") ?? .normal
        self.metadata = try payload.optionalObject("metadata")
        self.firstMessage = try payload.optionalContent("firstMessage")
        self.clientMessageID = try payload.optionalText("clientMsgId", length: Limits.clientMessageIDLength)
    }

    func handle(_ context: EventContext) async throws -> Reply {
        let create = CreateChat(
            visitor: context.principal, origin: context.socket.id,
            beginning: .init(
                department: self.department, priority: self.priority,
                metadata: self.metadata.map {
                    JSONText(JSONValue.object(["visitor": .object($0)]).description)
                } ?? .emptyObject,
                firstMessage: self.firstMessage),
            clientMessageID: self.clientMessageID)
        return try await create(context.services)
    }
}
