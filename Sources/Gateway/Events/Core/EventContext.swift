internal import Assignment

/// Everything that a handler may touch: who sent the event, over which socket, and the house's services.
struct EventContext: Sendable {
    let session: Session
    let services: Services
    /// Where the client waits for an ack; only `chat:join` needs it, whose ack goes out behind the barrier.
    let ack: Ack?

    var principal: Principal { self.session.principal }
    var workspace: String { self.principal.workspace }
    var socket: any ClientSocket { self.session.socket }
}
