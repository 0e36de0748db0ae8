internal import SocketIO

/// One event that a client may send: its name, who may send it, its payload as a value, and what it does.
///
/// To add an event: one file with a type that conforms, one line in ``EventTable``, one section in docs/events.md.
protocol ClientEvent: Sendable {
    static var name: String { get }
    static var access: EventAccess { get }
    /// How often somebody may send it; nobody is counted where it does not say.
    static var rates: EventRates { get }

    /// Reads the payload; the only place where its fields are looked at as JSON.
    init(_ payload: Payload) throws(EventError)

    /// Does it. Thrown errors go through ``EventError/init(_:)``.
    func handle(_ context: EventContext) async throws -> Reply
}

extension ClientEvent {
    static var rates: EventRates { EventRates() }
}

/// What a handler answers with.
enum Reply: Sendable {
    /// Ack at once with these fields beside `ok:true`.
    case now(JSONObject)
    /// Ack in its place among the chat's events, and let those of this transaction out.
    case ordered(JSONObject, Publication)
    /// The relay has taken the ack already, behind the barrier of a join.
    case delivered

    /// `{ok:true}`.
    static let ok = Reply.now([:])
}
