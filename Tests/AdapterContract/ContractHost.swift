package import NIOCore
package import SocketIO
internal import Synchronization

/// A member without a connection, that keeps what it is sent and answers what it is told to.
package final class ContractMember: RoomMember {
    /// What it does when it is asked.
    enum Manner: Sendable {
        case answers(EventArguments)
        case leaves
        case isSilent
    }

    package let id: String
    let manner: Manner

    init(_ id: String, _ manner: Manner = .isSilent) {
        self.id = id
        self.manner = manner
    }
}

/// What happens on one server of a contract's cluster, in order.
package final class ContractHost: AdapterHost {
    package typealias Member = ContractMember

    enum Happening: Equatable, Sendable {
        case delivered(BroadcastEvent, EncodedPacket, to: [String], BroadcastFlags)
        case asked(BroadcastEvent, of: [String])
        case disconnected([String], close: Bool)
        case serverSide(BroadcastEvent, wantsAnswer: Bool)
    }

    private struct State {
        var happenings: [Happening] = []
        var waiters: [(isMet: @Sendable ([Happening]) -> Bool, continuation: CheckedContinuation<Void, Never>)] = []
        var answer: EventArguments?
    }

    private let state = Mutex(State())

    package init() {}

    var happenings: [Happening] { self.state.withLock { $0.happenings } }

    /// What this server answers to others; nil says nothing.
    func answerServers(with answer: EventArguments?) { self.state.withLock { $0.answer = answer } }

    /// All that has happened, once there is as much.
    func happenings(_ count: Int) async -> [Happening] {
        await self.wait { $0.count >= count }
        return self.happenings
    }

    /// What a member was sent, once the event `end` is among it.
    func events(of member: ContractMember) async -> [BroadcastEvent] {
        let id = member.id
        await self.wait { $0.contains { Self.event($0, of: id)?.name == "end" } }
        return self.happenings.compactMap { Self.event($0, of: id) }
    }

    private static func event(_ happening: Happening, of id: String) -> BroadcastEvent? {
        guard case .delivered(let event, _, let ids, _) = happening, ids.contains(id) else { return nil }
        return event
    }

    private func wait(until isMet: @escaping @Sendable ([Happening]) -> Bool) async {
        await withCheckedContinuation { continuation in
            let isMetNow = self.state.withLock { state in
                guard !isMet(state.happenings) else { return true }
                state.waiters.append((isMet, continuation))
                return false
            }
            if isMetNow { continuation.resume() }
        }
    }

    private func note(_ happening: Happening) {
        let met = self.state.withLock { state in
            state.happenings.append(happening)
            let happenings = state.happenings
            let met = state.waiters.filter { $0.isMet(happenings) }
            state.waiters.removeAll { $0.isMet(happenings) }
            return met
        }
        for waiter in met { waiter.continuation.resume() }
    }

    // MARK: AdapterHost

    package func deliver(
        _ event: BroadcastEvent, as packet: EncodedPacket, to recipients: [ContractMember], flags: BroadcastFlags
    ) {
        self.note(.delivered(event, packet, to: recipients.map(\.id).sorted(), flags))
    }

    package func enqueue(
        _ event: BroadcastEvent, as packet: EncodedPacket, to recipients: [ContractMember], flags: BroadcastFlags
    ) {
        self.deliver(event, as: packet, to: recipients, flags: flags)
    }

    package func schedule(
        after delay: TimeAmount, near member: ContractMember, _ work: @escaping @Sendable () -> TimeAmount?
    ) {
        Task {
            var next: TimeAmount? = delay
            while let delay = next {
                try? await Task.sleep(for: .nanoseconds(delay.nanoseconds))
                next = work()
            }
        }
    }

    package func ask(
        _ event: BroadcastEvent, of recipients: [ContractMember], flags: BroadcastFlags, timeout: TimeAmount,
        outcome: @escaping @Sendable (AskOutcome) -> Void
    ) {
        self.note(.asked(event, of: recipients.map(\.id).sorted()))
        var isSomebodySilent = false
        for recipient in recipients {
            switch recipient.manner {
            case .answers(let answer): outcome(.answered(answer))
            case .leaves: outcome(.left)
            case .isSilent: isSomebodySilent = true
            }
        }
        guard isSomebodySilent else { return }
        Task {
            try? await Task.sleep(for: .nanoseconds(timeout.nanoseconds))
            outcome(.timedOut)
        }
    }

    package func describe(_ member: ContractMember, rooms: [String]) -> MemberDescription {
        MemberDescription(
            id: member.id, rooms: rooms, handshake: ["url": "/?id=1"], data: ["name": .string(member.id)])
    }

    package func disconnect(_ members: [ContractMember], close: Bool) {
        guard !members.isEmpty else { return }
        self.note(.disconnected(members.map(\.id).sorted(), close: close))
    }

    package func receiveServerSide(_ event: BroadcastEvent, answer: (@Sendable (EventArguments) -> Void)?) {
        self.note(.serverSide(event, wantsAnswer: answer != nil))
        if let response = self.state.withLock({ $0.answer }) { answer?(response) }
    }
}
