internal import NIOCore
internal import Synchronization

/// Connection state recovery of one namespace on one server: the log behind a lock.
///
/// An event gets its number and is handed to its receivers' event loops under the lock. So every client sees the numbers
/// rise, whichever threads emit: the last one that it saw says exactly what it missed.
final class SessionRecovery<Member: RoomMember>: Sendable {
    private struct State {
        var log: RecoveryLog
        var isExpiryScheduled = false
    }

    private let configuration: RecoveryConfiguration
    private let context: AdapterContext<Member>
    private let state: Mutex<State>

    init(_ configuration: RecoveryConfiguration, _ context: AdapterContext<Member>) {
        self.configuration = configuration
        self.context = context
        // Six characters: offsets travel with every event.
        let epoch = String(SocketID.generate().prefix(6))
        self.state = Mutex(State(log: RecoveryLog(configuration: configuration, epoch: epoch)))
    }

    /// How much is kept now.
    var kept: (packets: Int, sessions: Int) {
        self.state.withLock { ($0.log.packetCount, $0.log.sessionCount) }
    }

    /// Keeps an event and hands it to the members that `recipients` finds; see ``AdapterHost/enqueue(_:as:to:flags:)``.
    func publish(
        _ event: BroadcastEvent, to target: BroadcastTarget, flags: BroadcastFlags, recipients: () -> [Member]
    ) {
        let near = self.state.withLock { state -> Member? in
            let recipients = recipients()
            // What nobody here could ask for later need not be kept.
            guard !recipients.isEmpty || state.log.sessionCount > 0 else { return nil }
            let packet = state.log.append(to: target, now: .now()) { offset in
                self.context.encode(BroadcastEvent(event.name, event.arguments.appending(.string(offset))))
            }
            if !recipients.isEmpty { self.context.host.enqueue(event, as: packet, to: recipients, flags: flags) }
            return recipients.first
        }
        if let near { self.scheduleExpiry(near: near) }
    }

    func makeTicket() -> RecoveryTicket {
        self.state.withLock { $0.log.makeTicket(pid: SocketID.generate()) }
    }

    func store(_ session: RecoverableSession, of member: Member) {
        self.state.withLock { $0.log.store(session, now: .now()) }
        self.scheduleExpiry(near: member)
    }

    func session(pid: String, offset: String) -> RecoverableSession? {
        self.state.withLock { $0.log.session(pid: pid, offset: offset, now: .now()) }
    }

    /// Takes a session out of the log, and has its member entered before any further event gets a number.
    func resume(
        pid: String, offset: String, enter: (RecoverableSession) -> Void
    ) -> [EncodedPacket]? {
        self.state.withLock { state in
            guard let (session, missed) = state.log.resume(pid: pid, offset: offset, now: .now()) else { return nil }
            enter(session)
            return missed
        }
    }

    /// One timer at most, for all that is kept: it is due when the oldest is.
    private func scheduleExpiry(near member: Member) {
        let delay = self.state.withLock { state -> TimeAmount? in
            guard !state.isExpiryScheduled else { return nil }
            let delay = self.delay(state.log)
            state.isExpiryScheduled = delay != nil
            return delay
        }
        guard let delay else { return }
        self.context.host.schedule(after: delay, near: member) { [weak self] in
            self?.state.withLock { state in
                state.log.expire(now: .now())
                let delay = self?.delay(state.log)
                state.isExpiryScheduled = delay != nil
                return delay
            }
        }
    }

    /// Seldom enough to cost nothing where events come thick and fast.
    private func delay(_ log: RecoveryLog) -> TimeAmount? {
        log.nextExpiry.map {
            max($0 - .now(), .nanoseconds(self.configuration.maxDisconnectionDuration.nanoseconds / 4))
        }
    }
}
