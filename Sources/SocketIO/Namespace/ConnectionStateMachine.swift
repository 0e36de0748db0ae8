package import NIOCore

/// One connection's membership in namespaces: which packets are for whom, and which end the connection.
///
/// Three kinds of "cannot happen" are told apart. A peer's violation is an action `.close`. A race that nobody is to
/// blame for, such as an event behind a DISCONNECT or the decision on a CONNECT that was withdrawn, is ignored.
/// Calling with a membership that is over has no effect.
///
/// The caller keeps its sockets by ``Membership``. (Generic over the socket, this type would not be specialised in the
/// module that uses it: a quarter of the cost of an echo.)
package struct ConnectionStateMachine: Sendable {
    /// Names one CONNECT and what becomes of it: a late decision cannot be taken for that of the next one.
    package struct Membership: Hashable, Sendable {
        fileprivate let number: UInt32
    }

    private enum State {
        /// Middleware is at work; packets wait.
        case joining(waiting: [SocketPacket], bytes: Int)
        case joined
    }

    private struct Entry {
        let membership: Membership
        let namespace: String
        var state: State
    }

    private var entries: [Entry] = []
    /// Namespaces that were left, whose late packets are ignored; at most as many as can be joined.
    private var left: [String] = []
    private var reassembler: PacketReassembler
    private var lastMembership: UInt32 = 0
    private var isClosed = false
    private let limits: PacketLimits
    private let codec: PacketCodec
    private let dialect: Dialect

    /// Whether any namespace was ever joined: what ends the wait for a CONNECT.
    package private(set) var hasJoined = false

    /// Whether a CONNECT waits for its answer.
    package var isAsking: Bool {
        self.entries.contains { if case .joining = $0.state { true } else { false } }
    }

    package init(
        limits: PacketLimits = PacketLimits(), codec: PacketCodec = .text, dialect: Dialect = .revision5
    ) {
        var limits = limits
        if dialect == .revision5 { limits.queryLength = 0 }
        self.limits = limits
        self.codec = codec
        self.dialect = dialect
        self.reassembler = PacketReassembler(limits: limits, codec: codec)
    }

    // MARK: Receiving

    /// What a message from the peer means.
    package enum ReceiveAction {
        /// Nothing to do now: the packet is ignored or waits.
        case none
        /// Attachments are owed. Any other action before the deadline says that they no longer are; at the deadline
        /// the caller closes the connection.
        case awaitAttachments(until: NIODeadline)
        /// Decide on a CONNECT and call ``accept(_:)`` or ``refuse(_:)``.
        case connect(Membership, namespace: String, data: ByteBuffer)
        /// The CONNECT under way was withdrawn by the client.
        case withdraw(Membership)
        /// An event or ack for a member.
        case deliver(Membership, SocketPacket)
        /// The client left the namespace.
        case leave(Membership)
        /// End the connection.
        case close(ProtocolViolation)
    }

    /// The connection is open. In ``Dialect/revision4`` that is a CONNECT to `/`; later clients send theirs.
    package mutating func opened() -> ReceiveAction {
        switch self.dialect {
        case .revision4: self.receive(SocketPacket(.connect))
        case .revision5: .none
        }
    }

    /// Takes a text message of the connection. The time is asked for only where it matters: when attachments follow.
    package mutating func receiveText(
        _ text: ByteBuffer, now: @autoclosure () -> NIODeadline
    ) -> ReceiveAction {
        do {
            guard let packet = try self.reassembler.receiveText(text, now: now()) else { return self.awaitAttachments }
            return self.receive(packet)
        } catch {
            return .close(.badPacket(error))
        }
    }

    /// Takes a binary message of the connection.
    package mutating func receiveBinary(_ bytes: ByteBuffer, now: NIODeadline) -> ReceiveAction {
        do {
            guard let packet = try self.reassembler.receiveBinary(bytes, now: now) else { return self.awaitAttachments }
            return self.receive(packet)
        } catch {
            return .close(.badPacket(error))
        }
    }

    /// Attachments are owed to a packet: nobody makes us keep them who may not send it, nor more than may wait.
    private var awaitAttachments: ReceiveAction {
        guard let deadline = self.reassembler.deadline, let (packet, bytes) = self.reassembler.pending else {
            return .none
        }
        let namespace = self.dialect == .revision4 ? ConnectQuery.name(of: packet.namespace) : packet.namespace
        guard let entry = self.entries.first(where: { $0.namespace == namespace }) else {
            guard self.left.contains(namespace) else { return .close(.notConnected) }
            return .awaitAttachments(until: deadline)
        }
        if case .joining(_, let waiting) = entry.state, waiting + bytes > self.limits.waitingBytes {
            return .close(.tooManyWaitingPackets)
        }
        return .awaitAttachments(until: deadline)
    }

    /// Takes a complete packet, also one that had to wait.
    package mutating func receive(_ packet: consuming SocketPacket) -> ReceiveAction {
        guard !self.isClosed else { return .none }
        guard let index = self.entries.firstIndex(where: { $0.namespace == packet.namespace }) else {
            return self.receiveOutside(packet)
        }
        let membership = self.entries[index].membership
        switch (packet.kind, self.entries[index].state) {
        case (.event, .joined), (.ack, .joined):
            return .deliver(membership, packet)
        case (.disconnect, .joined):
            self.remove(at: index)
            return .leave(membership)
        case (.disconnect, .joining):
            self.remove(at: index)
            return .withdraw(membership)
        case (.event, .joining(var waiting, let bytes)), (.ack, .joining(var waiting, let bytes)):
            let sum = bytes + packet.arguments.byteCount
            guard waiting.count < self.limits.waitingPackets, sum <= self.limits.waitingBytes else {
                return .close(.tooManyWaitingPackets)
            }
            waiting.append(packet)
            self.entries[index].state = .joining(waiting: waiting, bytes: sum)
            return .none
        case (.connect, _):
            return .close(.alreadyConnected)
        case (.connectError, _):
            return .close(.unexpectedConnectError)
        }
    }

    private mutating func receiveOutside(_ packet: SocketPacket) -> ReceiveAction {
        if self.dialect == .revision4, packet.namespace.utf8.contains(UInt8(ascii: "?")) {
            return self.receiveWithQuery(packet)
        }
        switch packet.kind {
        case .connect:
            guard self.entries.count < self.limits.namespaces else { return .close(.tooManyNamespaces) }
            self.lastMembership &+= 1
            let membership = Membership(number: self.lastMembership)
            self.left.removeAll { $0 == packet.namespace }
            self.entries.append(
                Entry(
                    membership: membership, namespace: packet.namespace, state: .joining(waiting: [], bytes: 0)))
            return .connect(membership, namespace: packet.namespace, data: packet.data)
        case .event, .ack, .disconnect:
            return self.left.contains(packet.namespace) ? .none : .close(.notConnected)
        case .connectError:
            return .close(.unexpectedConnectError)
        }
    }

    /// The query belongs to a CONNECT; behind the name in any other packet it says nothing.
    private mutating func receiveWithQuery(_ packet: SocketPacket) -> ReceiveAction {
        do {
            var packet = packet
            let (name, data) = try ConnectQuery.split(packet.namespace)
            packet.namespace = name
            if packet.kind == .connect { packet.data = data }
            return self.receive(packet)
        } catch {
            return .close(.badPacket(error))
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

    package mutating func accept(_ membership: Membership) -> AcceptAction {
        guard let index = self.index(of: membership), case .joining(let waiting, _) = self.entries[index].state else {
            return .forget
        }
        self.entries[index].state = .joined
        self.hasJoined = true
        return .join(waiting: waiting)
    }

    /// Forgets a CONNECT that was refused, and what waited for it. False when it was withdrawn: then the client is
    /// told nothing.
    package mutating func refuse(_ membership: Membership) -> Bool {
        guard let index = self.index(of: membership), case .joining = self.entries[index].state else { return false }
        self.entries.remove(at: index)
        return true
    }

    // MARK: Leaving

    /// Takes a member out because the application said so; false when it has left already.
    package mutating func leave(_ membership: Membership) -> Bool {
        guard let index = self.index(of: membership), case .joined = self.entries[index].state else { return false }
        self.remove(at: index)
        return true
    }

    /// Ends everything; the members that were still joined, in the order of their CONNECTs.
    package mutating func close() -> [Membership] {
        self.isClosed = true
        let members = self.members
        self.entries = []
        self.left = []
        self.reassembler = PacketReassembler(limits: self.limits, codec: self.codec)
        return members
    }

    /// The members now joined, in the order of their CONNECTs.
    package var members: [Membership] {
        self.entries.compactMap { entry in
            guard case .joined = entry.state else { return nil }
            return entry.membership
        }
    }

    private func index(of membership: Membership) -> Int? {
        self.entries.firstIndex { $0.membership == membership }
    }

    private mutating func remove(at index: Int) {
        let entry = self.entries.remove(at: index)
        if self.left.count >= self.limits.namespaces { self.left.removeFirst() }
        self.left.append(entry.namespace)
    }
}
