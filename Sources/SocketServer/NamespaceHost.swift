internal import NIOCore
package import SocketIO
internal import Synchronization

/// What a namespace's adapter reaches of it: its sockets' connections, its ack ids, its handlers for other servers.
///
/// An object of its own, so that adapter and namespace need not know one another.
final class NamespaceHost: AdapterHost {
    typealias Member = Socket

    private let name: String
    private let codec: PacketCodec
    let timers: TimerCounter
    private let nextAckID = Atomic<UInt64>(0)
    private let isObserved = Atomic(false)
    private let serverSide = Mutex<[String: ServerSideHandler]>([:])

    init(name: String, codec: PacketCodec, timers: TimerCounter) {
        self.name = name
        self.codec = codec
        self.timers = timers
    }

    /// One counter for single sockets and broadcasts: an id means the same event on every socket.
    func takeAckID() -> UInt64 {
        self.nextAckID.wrappingAdd(1, ordering: .relaxed).oldValue
    }

    /// Whether anybody ever asked to see outgoing events: only then is it worth looking who does.
    var observesOutgoing: Bool { self.isObserved.load(ordering: .relaxed) }

    func observeOutgoing() { self.isObserved.store(true, ordering: .relaxed) }

    func onServerSide(_ event: String, _ handler: @escaping ServerSideHandler) {
        self.serverSide.withLock { $0[event] = handler }
    }

    // MARK: AdapterHost

    func deliver(
        _ event: BroadcastEvent, as packet: EncodedPacket, to recipients: [Socket], flags: BroadcastFlags
    ) {
        guard self.observesOutgoing else { return LoopSink.deliver(packet, to: recipients, flags: flags) }
        let prepared = PreparedPacket(packet, compress: flags.compress)
        LoopSink.onEachLoop(recipients) { share in
            share.each { socket in
                socket.noteOutgoing(event)
                socket.sendInLoop(prepared, flags)
            }
        }
    }

    func enqueue(
        _ event: BroadcastEvent, as packet: EncodedPacket, to recipients: [Socket], flags: BroadcastFlags
    ) {
        let prepared = PreparedPacket(packet, compress: flags.compress)
        LoopSink.laterOnEachLoop(recipients) { share in
            share.each { socket in
                socket.noteOutgoing(event)
                socket.sendInLoop(prepared, flags)
            }
        }
    }

    func schedule(
        after delay: TimeAmount, near member: Socket, _ work: @escaping @Sendable () -> TimeAmount?
    ) {
        Self.schedule(after: delay, on: member.eventLoop, work)
    }

    private static func schedule(
        after delay: TimeAmount, on loop: any EventLoop, _ work: @escaping @Sendable () -> TimeAmount?
    ) {
        loop.scheduleTask(in: delay) {
            guard let next = work() else { return }
            self.schedule(after: next, on: loop, work)
        }
    }

    func ask(
        _ event: BroadcastEvent, of recipients: [Socket], flags: BroadcastFlags, timeout: TimeAmount,
        outcome: @escaping @Sendable (AskOutcome) -> Void
    ) {
        guard let first = recipients.first else { return }
        let id = self.takeAckID()
        let packet = self.codec.event(event.name, event.arguments, id: id, namespace: self.name)
        let prepared = PreparedPacket(packet, compress: flags.compress)
        let round = AskRound(receivers: recipients.count, outcome)
        // One timer for all: it also takes back the waiters of those who did not answer.
        let timer = self.timers.schedule(on: first.eventLoop, at: .now() + timeout) {
            round.timeOut()
            LoopSink.onEachLoop(recipients) { share in
                share.each { $0.forgetAck(id) }
            }
        }
        round.cancelWhenDone(timer)
        LoopSink.onEachLoop(recipients) { share in
            share.each { socket in
                socket.expectAck(id, timeout: nil) { round.receive(try? $0.get()) }
                socket.noteOutgoing(event)
                socket.sendInLoop(prepared, flags)
            }
        }
    }

    func describe(_ member: Socket, rooms: [String]) -> MemberDescription {
        MemberDescription(
            id: member.id, rooms: rooms, handshake: member.describedHandshake,
            data: (member.data as? any DescribableData)?.jsonDescription ?? .null)
    }

    func disconnect(_ members: [Socket], close: Bool) {
        for member in members { member.disconnect(close: close) }
    }

    func receiveServerSide(_ event: BroadcastEvent, answer: (@Sendable (EventArguments) -> Void)?) {
        self.serverSide.withLock { $0[event.name] }?(event.arguments, answer)
    }
}

/// What runs when another server of the cluster sends an event; `answer` where it waits for one.
package typealias ServerSideHandler =
    @Sendable (_ arguments: EventArguments, _ answer: (@Sendable (EventArguments) -> Void)?) -> Void

/// One question to many sockets: tells of each answer until all have come or the time is out.
private final class AskRound: Sendable {
    private struct State {
        var outstanding: Int
        var outcome: (@Sendable (AskOutcome) -> Void)?
        var timer: Scheduled<Void>?
    }

    private let state: Mutex<State>

    init(receivers: Int, _ outcome: @escaping @Sendable (AskOutcome) -> Void) {
        self.state = Mutex(State(outstanding: receivers, outcome: outcome))
    }

    func cancelWhenDone(_ timer: Scheduled<Void>) {
        self.state.withLock { $0.timer = timer }
    }

    /// Takes one receiver's answer; nil when it left without one.
    func receive(_ arguments: EventArguments?) {
        let (outcome, timer) = self.state.withLock { state in
            state.outstanding -= 1
            return (state.outcome, state.outstanding == 0 ? state.timer.take() : nil)
        }
        timer?.cancel()
        outcome?(arguments.map(AskOutcome.answered) ?? .left)
    }

    func timeOut() {
        self.state.withLock { $0.outcome.take() }?(.timedOut)
    }
}
