package import NIOCore

/// One connection's membership in namespaces: which packets are for whom, and which end the connection.
///
/// Three kinds of "cannot happen" are told apart. A peer's violation is an action `.close`. A race that nobody is to
/// blame for, such as an event behind a DISCONNECT or the decision on a CONNECT that was withdrawn, is ignored.
/// Calling with a member that is not there is our own fault and has no effect.
///
/// `Member` is whatever the caller wants to get back with a packet: the socket.
package struct ConnectionStateMachine<Member> {
    /// Names one CONNECT, so that a late decision cannot be taken for that of the next one.
    package struct JoinToken: Hashable, Sendable {
        fileprivate let number: UInt32
    }

    private enum State {
        /// Middleware is at work; packets wait.
        case joining(JoinToken, waiting: [SocketPacket], bytes: Int)
        case joined(Member)
    }

    private struct Entry {
        let namespace: String
        var state: State
    }

    private var entries: [Entry] = []
    /// Namespaces that were left, whose late packets are ignored; at most as many as can be joined.
    private var left: [String] = []
    private var reassembler: PacketReassembler
    private var lastToken: UInt32 = 0
    private var isClosed = false
    private let limits: PacketLimits

    /// Whether any namespace was ever joined: what ends the wait for a CONNECT.
    package private(set) var hasJoined = false

    package init(limits: PacketLimits = PacketLimits()) {
        self.limits = limits
        self.reassembler = PacketReassembler(limits: limits)
    }

    /// When attachments that are owed must be here; nil when none are. The caller closes the connection then.
    package var reassemblyDeadline: NIODeadline? { self.reassembler.deadline }

    // MARK: Receiving

    /// What a message from the peer means.
    package enum ReceiveAction {
        /// Nothing to do now: an attachment is still owed, or the packet is ignored or waits.
        case none
        /// Decide on a CONNECT and call ``accept(_:_:)`` or ``refuse(_:)``.
        case connect(JoinToken, namespace: String, data: ByteBuffer)
        /// The CONNECT under way was withdrawn by the client.
        case withdraw(JoinToken)
        /// An event or ack for a member.
        case deliver(Member, SocketPacket)
        /// The client left the namespace.
        case leave(Member)
        /// End the connection.
        case close(ProtocolViolation)
    }

    /// Takes a text message of the connection.
    package mutating func receiveText(_ text: ByteBuffer, now: NIODeadline) -> ReceiveAction {
        do {
            guard let packet = try self.reassembler.receiveText(text, now: now) else { return .none }
            return self.receive(packet)
        } catch {
            return .close(.badPacket(error))
        }
    }

    /// Takes a binary message of the connection.
    package mutating func receiveBinary(_ bytes: ByteBuffer, now: NIODeadline) -> ReceiveAction {
        do {
            guard let packet = try self.reassembler.receiveBinary(bytes, now: now) else { return .none }
            return self.receive(packet)
        } catch {
            return .close(.badPacket(error))
        }
    }

    /// Takes a complete packet, also one that had to wait.
    package mutating func receive(_ packet: SocketPacket) -> ReceiveAction {
        guard !self.isClosed else { return .none }
        guard let index = self.entries.firstIndex(where: { $0.namespace == packet.namespace }) else {
            return self.receiveOutside(packet)
        }
        switch (packet.kind, self.entries[index].state) {
        case (.event, .joined(let member)), (.ack, .joined(let member)):
            return .deliver(member, packet)
        case (.disconnect, .joined(let member)):
            self.remove(at: index)
            return .leave(member)
        case (.disconnect, .joining(let token, _, _)):
            self.remove(at: index)
            return .withdraw(token)
        case (.event, .joining(let token, var waiting, let bytes)), (.ack, .joining(let token, var waiting, let bytes)):
            let sum = bytes + packet.arguments.byteCount
            guard waiting.count < self.limits.waitingPackets, sum <= self.limits.waitingBytes else {
                return .close(.tooManyWaitingPackets)
            }
            waiting.append(packet)
            self.entries[index].state = .joining(token, waiting: waiting, bytes: sum)
            return .none
        case (.connect, _):
            return .close(.alreadyConnected)
        case (.connectError, _):
            return .close(.unexpectedConnectError)
        }
    }

    private mutating func receiveOutside(_ packet: SocketPacket) -> ReceiveAction {
        switch packet.kind {
        case .connect:
            guard self.entries.count < self.limits.namespaces else { return .close(.tooManyNamespaces) }
            self.lastToken &+= 1
            let token = JoinToken(number: self.lastToken)
            self.left.removeAll { $0 == packet.namespace }
            self.entries.append(Entry(namespace: packet.namespace, state: .joining(token, waiting: [], bytes: 0)))
            return .connect(token, namespace: packet.namespace, data: packet.data)
        case .event, .ack, .disconnect:
            return self.left.contains(packet.namespace) ? .none : .close(.notConnected)
        case .connectError:
            return .close(.unexpectedConnectError)
        }
    }

    // MARK: Decisions on CONNECT

    /// What follows when a CONNECT was accepted.
    package enum AcceptAction {
        /// Answer it, then pass these packets to ``receive(_:)`` in order.
        case join(waiting: [SocketPacket])
        /// It was withdrawn, or the connection is closed: forget the member.
        case forget
    }

    package mutating func accept(_ token: JoinToken, _ member: Member) -> AcceptAction {
        guard let index = self.index(of: token), case .joining(_, let waiting, _) = self.entries[index].state else {
            return .forget
        }
        self.entries[index].state = .joined(member)
        self.hasJoined = true
        return .join(waiting: waiting)
    }

    /// Forgets a CONNECT that was refused, and what waited for it. False when it was withdrawn: then the client is
    /// told nothing.
    package mutating func refuse(_ token: JoinToken) -> Bool {
        guard let index = self.index(of: token) else { return false }
        self.entries.remove(at: index)
        return true
    }

    // MARK: Leaving

    /// Takes a namespace's member out because the application said so.
    ///
    /// - Returns: false when the connection is not in that namespace (any more).
    package mutating func leave(_ namespace: String) -> Bool {
        guard let index = self.entries.firstIndex(where: { $0.namespace == namespace }),
            case .joined = self.entries[index].state
        else { return false }
        self.remove(at: index)
        return true
    }

    /// Ends everything; the members that were still joined, in the order of their CONNECTs.
    package mutating func close() -> [Member] {
        self.isClosed = true
        let members = self.members
        self.entries = []
        self.left = []
        self.reassembler = PacketReassembler(limits: self.limits)
        return members
    }

    /// The members now joined, in the order of their CONNECTs.
    package var members: [Member] {
        self.entries.compactMap { entry in
            guard case .joined(let member) = entry.state else { return nil }
            return member
        }
    }

    private func index(of token: JoinToken) -> Int? {
        self.entries.firstIndex { entry in
            guard case .joining(token, _, _) = entry.state else { return false }
            return true
        }
    }

    private mutating func remove(at index: Int) {
        let entry = self.entries.remove(at: index)
        if self.left.count >= self.limits.namespaces { self.left.removeFirst() }
        self.left.append(entry.namespace)
    }
}
