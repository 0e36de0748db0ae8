internal import NIOCore
internal import SocketIO
internal import Storage

/// What a receiver gets: the event as staff and bots get it over a socket, in an envelope that names the delivery.
enum WebhookForm {
    /// - Returns: nil where the event has no form for staff.
    static func body(of delivery: LeasedDelivery, _ event: DomainEvent) -> (event: String, body: ByteBuffer)? {
        guard let outgoing = Self.staffForm(of: event) else { return nil }
        var name = outgoing.event
        if case .notePosted = event.body { name = "note:new" }
        var envelope: JSONObject = [
            "id": .string(delivery.id), "event": .string(name), "workspace": .string(delivery.workspaceID),
        ]
        envelope.set("eventNo", delivery.eventNo)
        envelope["data"] = .object(outgoing.body)
        return (name, JSONValue.object(envelope).encoded())
    }

    /// The fullest form: what supervisors get, else the chat's staff.
    private static func staffForm(of event: DomainEvent) -> Outgoing? {
        let forms = Audience.outgoing(for: event)
        let audience = Audience(event: event, origin: nil)
        return forms.first { $0.rooms.contains(audience.supervisors) }
            ?? forms.first { $0.rooms.contains(audience.staffRoom) }
    }
}
