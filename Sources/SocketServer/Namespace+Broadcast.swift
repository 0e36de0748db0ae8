internal import Logging
package import NIOCore
package import SocketIO

/// Everything that can be done with all sockets of a namespace, on all servers.
extension Namespace {
    /// Everybody in the namespace, to be narrowed down.
    package var everybody: BroadcastOperator { BroadcastOperator(namespace: self) }

    package func to(_ rooms: String...) -> BroadcastOperator { self.everybody.to(rooms) }
    package func to(_ rooms: [String]) -> BroadcastOperator { self.everybody.to(rooms) }
    package func `in`(_ rooms: String...) -> BroadcastOperator { self.everybody.to(rooms) }
    package func except(_ rooms: String...) -> BroadcastOperator { self.everybody.except(rooms) }
    package func except(_ rooms: [String]) -> BroadcastOperator { self.everybody.except(rooms) }
    package var volatile: BroadcastOperator { self.everybody.volatile }
    package var dispensable: BroadcastOperator { self.everybody.dispensable }
    package var local: BroadcastOperator { self.everybody.local }
    package func compress(_ compress: Bool) -> BroadcastOperator { self.everybody.compress(compress) }
    package func timeout(_ timeout: TimeAmount) -> BroadcastOperator { self.everybody.timeout(timeout) }

    /// Sends an event to everybody in the namespace.
    package func emit(_ event: String, _ arguments: EventArguments = []) {
        self.everybody.emit(event, arguments)
    }

    /// Sends an event to everybody in the namespace and gathers the answers; see
    /// ``BroadcastOperator/emitWithAck(_:_:)``.
    package func emitWithAck(_ event: String, _ arguments: EventArguments = []) async -> BroadcastAnswers {
        await self.everybody.emitWithAck(event, arguments)
    }

    package func fetchSockets() async -> FetchedSockets { await self.everybody.fetchSockets() }
    package func socketsJoin(_ rooms: String...) { self.everybody.socketsJoin(rooms) }
    package func socketsLeave(_ rooms: String...) { self.everybody.socketsLeave(rooms) }
    package func disconnectSockets(close: Bool = false) { self.everybody.disconnectSockets(close: close) }

    // MARK: Servers

    /// Names that a server must not send to another: the Node server's own.
    package static let reservedServerSideNames: Set<String> = ["connect", "connection", "new_namespace"]

    /// How many servers share the namespace, this one included.
    package func serverCount() async -> Int { await self.adapter.serverCount() }

    /// Sends an event to all other servers of the cluster, where ``onServerSide(_:_:)`` takes it.
    ///
    /// - Parameter event: none of ``reservedServerSideNames``.
    package func serverSideEmit(_ event: String, _ arguments: EventArguments = []) {
        guard self.maySendToServers(event) else { return }
        self.adapter.serverSideEmit(BroadcastEvent(event, arguments))
    }

    /// Sends an event to all other servers and gathers their answers, one of each.
    ///
    /// - Parameter timeout: how long to wait for the last one.
    package func serverSideEmitWithAck(
        _ event: String, _ arguments: EventArguments = [], timeout: TimeAmount = .seconds(5)
    ) async -> BroadcastAnswers {
        guard self.maySendToServers(event) else { return BroadcastAnswers() }
        return await withCheckedContinuation { continuation in
            self.adapter.serverSideAsk(BroadcastEvent(event, arguments), timeout: timeout) {
                continuation.resume(returning: $0)
            }
        }
    }

    private func maySendToServers(_ event: String) -> Bool {
        guard Self.reservedServerSideNames.contains(event) else { return true }
        self.logger.error(
            "an event was not sent to other servers: its name is reserved", metadata: ["event": "\(event)"])
        return false
    }

    /// Sets what runs when another server sends this event.
    @discardableResult
    package func onServerSide(_ event: String, _ handler: @escaping ServerSideHandler) -> Self {
        self.host.onServerSide(event, handler)
        return self
    }
}
