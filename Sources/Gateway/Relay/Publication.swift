internal import NIOCore
internal import Storage

/// What one transaction tells, on its way to the relay.
struct Publication: Sendable {
    /// In the order in which they were written.
    var events: [DomainEvent]
    /// The socket whose event caused them: it gets the ack, not its own `message:new`.
    var origin: String?
    /// Where the ack takes its place; nil for acks that belong to no chat.
    var place: Place?

    /// After everything of this chat up to and including this number.
    struct Place: Sendable, Hashable {
        var chat: ChatKey
        var eventNo: Int64
    }

    init(events: [DomainEvent], origin: String? = nil, place: Place? = nil) {
        self.events = events
        self.origin = origin
        self.place = place
    }
}

/// A chat among all workspaces.
struct ChatKey: Sendable, Hashable {
    var workspace: String
    var chat: String
}

/// An ack that waits for its place.
struct Receipt: Sendable {
    var ack: Ack
    /// The ack's one argument, encoded.
    var body: ByteBuffer

    func send() { self.ack.send(self.body) }
}
