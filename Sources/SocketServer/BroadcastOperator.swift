package import NIOCore
package import SocketIO

/// Sockets of a namespace, chosen step by step, and what to do with all of them, on all servers.
///
///     namespace.to("lobby").except("muted").emit("news", ["hello"])
///     let answers = await namespace.to("jury").timeout(.seconds(5)).emitWithAck("vote")
package struct BroadcastOperator: Sendable {
    package let namespace: Namespace
    private var target = BroadcastTarget()
    private var flags = BroadcastFlags()
    private var ackTimeout = TimeAmount.seconds(10)

    init(namespace: Namespace) {
        self.namespace = namespace
    }

    // MARK: Choosing

    /// Adds rooms; without any, everybody is meant. A socket in several rooms is meant once.
    package func to(_ rooms: String...) -> BroadcastOperator { self.to(rooms) }

    /// Adds rooms; without any, everybody is meant. A socket in several rooms is meant once.
    package func to(_ rooms: [String]) -> BroadcastOperator {
        var copy = self
        copy.target.rooms += rooms
        return copy
    }

    /// The same as ``to(_:)-(String...)``.
    package func `in`(_ rooms: String...) -> BroadcastOperator { self.to(rooms) }

    /// Leaves out everybody who is in one of these rooms.
    package func except(_ rooms: String...) -> BroadcastOperator { self.except(rooms) }

    /// Leaves out everybody who is in one of these rooms.
    package func except(_ rooms: [String]) -> BroadcastOperator {
        var copy = self
        copy.target.except += rooms
        return copy
    }

    /// Drops the event for sockets whose transport is not writable right now.
    package var volatile: BroadcastOperator {
        var copy = self
        copy.flags.volatile = true
        return copy
    }

    /// Drops the event for sockets that are behind: for which more waits than ``TransportConfiguration/softPendingBytes``.
    ///
    /// Unlike a ``volatile`` one it reaches whoever is merely busy, such as a client between two polls.
    package var dispensable: BroadcastOperator {
        var copy = self
        copy.flags.dispensable = true
        return copy
    }

    /// Means sockets of this server only.
    package var local: BroadcastOperator {
        var copy = self
        copy.flags.local = true
        return copy
    }

    /// Whether transports may compress the event, where compression is on; they may unless told otherwise.
    package func compress(_ compress: Bool) -> BroadcastOperator {
        var copy = self
        copy.flags.compress = compress
        return copy
    }

    /// How long ``emitWithAck(_:_:)`` waits for answers; 10 s where nothing is said.
    package func timeout(_ timeout: TimeAmount) -> BroadcastOperator {
        var copy = self
        copy.ackTimeout = timeout
        return copy
    }

    // MARK: Sending

    /// Sends an event, encoded once for all receivers.
    package func emit(_ event: String, _ arguments: EventArguments = []) {
        guard self.namespace.maySend(event) else { return }
        self.namespace.adapter.broadcast(BroadcastEvent(event, arguments), to: self.target, flags: self.flags)
    }

    /// Sends an event and gathers the answers of all receivers, each with all its arguments.
    ///
    /// Waits until everybody has answered or gone, or until ``timeout(_:)`` is over; then the answers are those that
    /// came in time.
    package func emitWithAck(_ event: String, _ arguments: EventArguments = []) async -> BroadcastAnswers {
        await withCheckedContinuation { continuation in
            self.emit(event, arguments) { continuation.resume(returning: $0) }
        }
    }

    /// As ``emitWithAck(_:_:)``, calling back once, on some thread or in place.
    package func emit(
        _ event: String, _ arguments: EventArguments = [], answers: @escaping @Sendable (BroadcastAnswers) -> Void
    ) {
        guard self.namespace.maySend(event) else { return answers(BroadcastAnswers()) }
        self.namespace.adapter.ask(
            BroadcastEvent(event, arguments), of: self.target, flags: self.flags, timeout: self.ackTimeout,
            answers: answers)
    }

    // MARK: Managing

    /// The sockets that are meant.
    package func fetchSockets() async -> FetchedSockets {
        let list = await self.namespace.adapter.members(self.target, flags: self.flags)
        return FetchedSockets(
            sockets: list.members.map { RemoteSocket($0, in: self.namespace) }, isComplete: list.isComplete)
    }

    /// Puts the sockets into rooms.
    package func socketsJoin(_ rooms: String...) { self.socketsJoin(rooms) }

    /// Puts the sockets into rooms.
    package func socketsJoin(_ rooms: [String]) {
        self.namespace.adapter.join(self.target, rooms: rooms, flags: self.flags)
    }

    /// Takes the sockets out of rooms.
    package func socketsLeave(_ rooms: String...) { self.socketsLeave(rooms) }

    /// Takes the sockets out of rooms.
    package func socketsLeave(_ rooms: [String]) {
        self.namespace.adapter.leave(self.target, rooms: rooms, flags: self.flags)
    }

    /// Disconnects the sockets; see ``Socket/disconnect(close:)``.
    package func disconnectSockets(close: Bool = false) {
        self.namespace.adapter.disconnect(self.target, close: close, flags: self.flags)
    }
}
