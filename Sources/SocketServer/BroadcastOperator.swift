package import NIOCore
package import SocketIO
internal import Synchronization

/// Sockets of a namespace, chosen step by step, and what to do with all of them.
package struct BroadcastOperator: Sendable {
    package let namespace: Namespace
    private var target = BroadcastTarget()
    private var flags = BroadcastFlags()
    private var ackTimeout: TimeAmount?

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

    /// Keeps the event on this node.
    package var local: BroadcastOperator {
        var copy = self
        copy.flags.local = true
        return copy
    }

    /// How long ``emitWithAck(_:_:)`` waits for answers.
    package func timeout(_ timeout: TimeAmount) -> BroadcastOperator {
        var copy = self
        copy.ackTimeout = timeout
        return copy
    }

    // MARK: Sending

    /// Sends an event, encoded once for all receivers.
    package func emit(_ event: String, _ arguments: EventArguments = []) {
        let packet = self.namespace.codec.event(event, arguments, namespace: self.namespace.name)
        self.namespace.adapter.broadcast(packet, to: self.target, flags: self.flags)
    }

    /// Sends an event and gathers the answers of all receivers.
    ///
    /// Waits until everybody has answered or gone, or for ``timeout(_:)``, 10 s where none was given.
    package func emitWithAck(_ event: String, _ arguments: EventArguments = []) async -> BroadcastAnswers {
        await withCheckedContinuation { continuation in
            self.emit(event, arguments) { continuation.resume(returning: $0) }
        }
    }

    /// As ``emitWithAck(_:_:)``, calling back once, on some event loop or in place.
    package func emit(
        _ event: String, _ arguments: EventArguments = [], answers: @escaping @Sendable (BroadcastAnswers) -> Void
    ) {
        let sockets = self.namespace.adapter.localMembers(self.target)
        guard let first = sockets.first else {
            return answers(BroadcastAnswers(responses: [], isComplete: true))
        }
        let id = self.namespace.takeAckID()
        let packet = PreparedPacket(
            self.namespace.codec.event(event, arguments, id: id, namespace: self.namespace.name))
        let gathering = AnswerGathering(receivers: sockets.count, answers)
        // One timer for all: it also takes back the waiters of those who did not answer.
        let timeOut = first.eventLoop.scheduleTask(in: self.ackTimeout ?? .seconds(10)) {
            gathering.timeOut()
            LoopSink.onEachLoop(sockets) { sockets in
                for socket in sockets { socket.forgetAck(id) }
            }
        }
        gathering.cancelWhenDone(timeOut)
        LoopSink.onEachLoop(sockets) { [flags = self.flags] sockets in
            for socket in sockets {
                socket.expectAck(id, timeout: nil) { gathering.receive(try? $0.get()) }
                socket.sendInLoop(packet, volatile: flags.volatile)
            }
        }
    }

    // MARK: Managing

    /// The sockets that are meant, on all nodes.
    package func fetchSockets() async -> [RemoteSocket] {
        self.namespace.adapter.localMembers(self.target).map(RemoteSocket.init)
    }

    /// Puts the sockets into rooms.
    package func socketsJoin(_ rooms: String...) {
        for socket in self.namespace.adapter.localMembers(self.target) { socket.join(rooms) }
    }

    /// Takes the sockets out of rooms.
    package func socketsLeave(_ rooms: String...) {
        for socket in self.namespace.adapter.localMembers(self.target) { socket.leave(rooms) }
    }

    /// Disconnects the sockets; see ``Socket/disconnect(close:)``.
    package func disconnectSockets(close: Bool = false) {
        for socket in self.namespace.adapter.localMembers(self.target) { socket.disconnect(close: close) }
    }
}
