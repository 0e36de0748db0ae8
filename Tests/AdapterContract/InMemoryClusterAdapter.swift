package import NIOCore
package import SocketIO
internal import Synchronization

/// The adapter of one of several servers in one process: what an adapter over a broker looks like, without the broker.
///
/// Its messages are written as packets of the MessagePack codec and read back, so that nothing passes between servers but
/// bytes.
package final class InMemoryClusterAdapter<Member: RoomMember>: Adapter {
    private struct State {
        var requests: [Int: BroadcastGathering] = [:]
        var lastRequest = 0
        var server: InMemoryCluster.Server?
    }

    private let local: LocalAdapter<Member>
    private let context: AdapterContext<Member>
    private let cluster: InMemoryCluster
    private let patience: Duration
    private let state = Mutex(State())

    /// - Parameter patience: how long other servers may take to say who their members are.
    package init(
        _ context: AdapterContext<Member>, cluster: InMemoryCluster, patience: Duration = .seconds(5)
    ) {
        // Each server would number events for itself.
        var context = context
        context.recovery = nil
        self.local = LocalAdapter(context)
        self.context = context
        self.cluster = cluster
        self.patience = patience
        let server = cluster.join { [weak self] in await self?.receive($0) }
        self.state.withLock { $0.server = server }
    }

    /// This server's name in the cluster; 0 after the end.
    package var server: InMemoryCluster.Server { self.state.withLock { $0.server } ?? 0 }

    // MARK: Members

    package func insert(_ member: Member) { self.local.insert(member) }
    package func remove(_ member: Member) -> [String] { self.local.remove(member) }
    @discardableResult
    package func join(_ member: Member, rooms: [String]) -> Bool { self.local.join(member, rooms: rooms) }
    package func leave(_ member: Member, rooms: [String]) { self.local.leave(member, rooms: rooms) }
    package func rooms(of member: Member) -> [String] { self.local.rooms(of: member) }
    package func isMember(_ member: Member, of room: String) -> Bool { self.local.isMember(member, of: room) }
    package func localMember(_ id: String) -> Member? { self.local.localMember(id) }
    package func localMembers(_ target: BroadcastTarget) -> [Member] { self.local.localMembers(target) }
    package var localCount: Int { self.local.localCount }

    // MARK: Everybody in a target

    package func broadcast(_ event: BroadcastEvent, to target: BroadcastTarget, flags: BroadcastFlags) {
        if !flags.local { self.publish(.broadcast, ClusterMessage(target, flags, event: event.name), event.arguments) }
        self.local.broadcast(event, to: target, flags: flags)
    }

    package func ask(
        _ event: BroadcastEvent, of target: BroadcastTarget, flags: BroadcastFlags, timeout: TimeAmount,
        answers: @escaping @Sendable (BroadcastAnswers) -> Void
    ) {
        let others = flags.local ? 0 : self.cluster.count - 1
        let gathering = BroadcastGathering(servers: 1 + others, answers)
        if others > 0 {
            var message = ClusterMessage(target, flags, event: event.name)
            message.timeout = timeout
            message.request = self.register(gathering, timeout: .nanoseconds(timeout.nanoseconds))
            self.publish(.ask, message, event.arguments)
        }
        self.local.ask(event, of: target, flags: flags, timeout: timeout, into: gathering)
    }

    package func members(_ target: BroadcastTarget, flags: BroadcastFlags) async -> MemberList<Member> {
        var list = await self.local.members(target, flags: flags)
        guard !flags.local else { return list }
        let answers = await withCheckedContinuation { continuation in
            self.request(.members, ClusterMessage(target, flags), timeout: self.patience) {
                continuation.resume(returning: $0)
            }
        }
        list.isComplete = answers.isComplete
        for value in answers.values.flatMap({ $0.array ?? [] }) {
            guard let description = MemberDescription(value) else { continue }
            list.members.append(.remote(description))
        }
        return list
    }

    package func join(_ target: BroadcastTarget, rooms: [String], flags: BroadcastFlags) {
        if !flags.local { self.publish(.join, ClusterMessage(target, flags, names: rooms)) }
        self.local.join(target, rooms: rooms, flags: flags)
    }

    package func leave(_ target: BroadcastTarget, rooms: [String], flags: BroadcastFlags) {
        if !flags.local { self.publish(.leave, ClusterMessage(target, flags, names: rooms)) }
        self.local.leave(target, rooms: rooms, flags: flags)
    }

    package func disconnect(_ target: BroadcastTarget, close: Bool, flags: BroadcastFlags) {
        if !flags.local { self.publish(.disconnect, ClusterMessage(target, flags), [.bool(close)]) }
        self.local.disconnect(target, close: close, flags: flags)
    }

    // MARK: Servers

    package func serverCount() async -> Int { self.cluster.count }

    package func serverSideEmit(_ event: BroadcastEvent) {
        self.publish(.serverSide, ClusterMessage(event: event.name), event.arguments)
    }

    package func serverSideAsk(
        _ event: BroadcastEvent, timeout: TimeAmount, answers: @escaping @Sendable (BroadcastAnswers) -> Void
    ) {
        self.request(
            .serverSide, ClusterMessage(event: event.name), event.arguments,
            timeout: .nanoseconds(timeout.nanoseconds), answers)
    }

    package func close() {
        guard let server = self.state.withLock({ $0.server.take() }) else { return }
        self.cluster.leave(server)
    }

    // MARK: Sending

    /// Asks every other server for one answer.
    private func request(
        _ kind: ClusterMessage.Kind, _ message: ClusterMessage, _ arguments: EventArguments = [], timeout: Duration,
        _ answers: @escaping @Sendable (BroadcastAnswers) -> Void
    ) {
        let others = self.cluster.count - 1
        let gathering = BroadcastGathering(answers)
        if others > 0 {
            var message = message
            message.request = self.register(gathering, timeout: timeout)
            self.publish(kind, message, arguments)
        }
        gathering.counted(others)
    }

    private func register(_ gathering: BroadcastGathering, timeout: Duration) -> Int {
        let request = self.state.withLock { state in
            state.lastRequest += 1
            state.requests[state.lastRequest] = gathering
            return state.lastRequest
        }
        Task {
            try? await Task.sleep(for: timeout)
            self.state.withLock { $0.requests.removeValue(forKey: request) }?.timeOut()
        }
        return request
    }

    private func publish(
        _ kind: ClusterMessage.Kind, _ message: ClusterMessage, _ arguments: EventArguments = []
    ) {
        guard let server = self.state.withLock({ $0.server }) else { return }
        self.cluster.publish(message.encoded(kind, from: server, arguments), from: server)
    }

    private func reply(_ kind: ClusterMessage.Kind, to message: ClusterMessage, _ arguments: EventArguments = []) {
        guard let server = self.state.withLock({ $0.server }) else { return }
        self.cluster.send(
            ClusterMessage(request: message.request).encoded(kind, from: server, arguments), to: message.sender)
    }

    // MARK: Receiving

    private func receive(_ bytes: ByteBuffer) async {
        guard let (kind, message, arguments) = ClusterMessage.decode(bytes) else { return }
        let event = BroadcastEvent(message.event, arguments)
        switch kind {
        case .broadcast:
            self.local.broadcast(event, to: message.target, flags: message.flags)
        case .ask:
            self.answer(message, event)
        case .members:
            let members = self.local.localMembers(message.target).map { member in
                self.context.host.describe(member, rooms: self.local.rooms(of: member)).json
            }
            self.reply(.answer, to: message, [.array(members)])
        case .join:
            self.local.join(message.target, rooms: message.names, flags: message.flags)
        case .leave:
            self.local.leave(message.target, rooms: message.names, flags: message.flags)
        case .disconnect:
            let close = (try? arguments.splitFirst())?.first.bool ?? false
            self.local.disconnect(message.target, close: close, flags: message.flags)
        case .serverSide:
            guard message.request > 0 else { return self.context.host.receiveServerSide(event, answer: nil) }
            self.context.host.receiveServerSide(event) { self.reply(.answer, to: message, $0) }
        case .count:
            let count = (try? arguments.splitFirst())?.first.int ?? 0
            self.gathering(message)?.counted(count)
        case .answer:
            self.gathering(message)?.receive(arguments)
        case .left:
            self.gathering(message)?.receive(nil)
        }
    }

    private func answer(_ message: ClusterMessage, _ event: BroadcastEvent) {
        let recipients = self.local.localMembers(message.target)
        self.reply(.count, to: message, [.int(recipients.count)])
        guard !recipients.isEmpty else { return }
        self.context.host.ask(event, of: recipients, flags: message.flags, timeout: message.timeout) { outcome in
            switch outcome {
            case .answered(let response): self.reply(.answer, to: message, response)
            case .left: self.reply(.left, to: message)
            case .timedOut: break
            }
        }
    }

    private func gathering(_ message: ClusterMessage) -> BroadcastGathering? {
        self.state.withLock { $0.requests[message.request] }
    }
}
