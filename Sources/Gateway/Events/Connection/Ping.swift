internal import Assignment
internal import SocketIO
internal import Storage

/// `ping`: the application's own, so that a client sees a silent one-way break. Answered by `pong`, and by the ack.
struct Ping: ClientEvent {
    static let name = "ping"
    static let access = EventAccess.everybody
    static let rates = EventRates(
        visitors: EventRate(2, burst: 10), staff: EventRate(5, burst: 50), bots: EventRate(50, burst: 500))

    /// Chats that one ping may ask about.
    private static let maximumChats = 100

    let timestamp: JSONValue
    /// The last `seq` that the client has, by chat.
    let chats: [(id: String, lastSeq: Int64)]

    init(_ payload: Payload) throws(EventError) {
        guard let timestamp = payload["timestamp"] else { throw payload.bad("timestamp", "a number") }
        guard timestamp.number != nil else { throw payload.bad("timestamp", "a number") }
        self.timestamp = timestamp
        guard let nested = try payload.optionalNested("chats") else {
            self.chats = []
            return
        }
        guard nested.fields.count <= Self.maximumChats else {
            throw payload.bad("chats", "an object of at most \(Self.maximumChats) chats")
        }
        var chats: [(id: String, lastSeq: Int64)] = []
        for member in nested.fields.members {
            chats.append((member.key, try nested.integer(member.key)))
        }
        self.chats = chats
    }

    func handle(_ context: EventContext) async throws -> Reply {
        var pong: JSONObject = [
            "timestamp": self.timestamp, "serverTime": .time(try await context.services.clock.now()),
        ]
        let missed = try await self.missed(context)
        if !missed.isEmpty { pong["missed"] = .object(missed) }
        context.socket.emit("pong", JSONValue.object(pong).encoded())
        return .now(pong)
    }

    /// From which `seq` on the client lacks messages. Chats that it may not see are none.
    private func missed(_ context: EventContext) async throws -> JSONObject {
        guard !self.chats.isEmpty else { return [:] }
        let principal = context.principal
        return try await context.services.change(in: context.workspace) { transaction in
            var missed: JSONObject = [:]
            for (id, lastSeq) in self.chats {
                guard let chat = try? transaction.find(id), (try? transaction.access(principal, chat).see()) != nil
                else { continue }
                if chat.seq > lastSeq { missed[id] = .int(lastSeq + 1) }
            }
            return missed
        }.value
    }
}
