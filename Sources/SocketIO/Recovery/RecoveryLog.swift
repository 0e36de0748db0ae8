package import NIOCore

/// The last events of a namespace and the sessions that may ask for them: what connection state recovery lives on.
///
/// Every event has a number and carries it as its offset, `<epoch>-<number>`; the epoch tells logs apart. Because all
/// sessions are kept equally long, both events and sessions expire in the order in which they came: two queues are all
/// the bookkeeping there is.
package struct RecoveryLog: Sendable {
    private struct Entry {
        let packet: EncodedPacket
        let target: BroadcastTarget
        let expiry: NIODeadline
        let bytes: Int
    }

    private struct Lost {
        let session: RecoverableSession
        let expiry: NIODeadline
        let serial: UInt64
    }

    /// What keeping an event costs beside its bytes and its rooms' names.
    private static let entryOverhead = 192

    private let configuration: RecoveryConfiguration
    private let epoch: String
    private var entries = CircularBuffer<Entry>()
    /// The number of the oldest event kept, or of the next one if there is none.
    private var first: UInt64 = 1
    package private(set) var byteCount = 0
    private var sessions: [String: Lost] = [:]
    /// The order in which sessions were lost. One that was recovered, or recovered and lost again, is still named here.
    private var lost = CircularBuffer<(pid: String, serial: UInt64, expiry: NIODeadline)>()
    private var lastSerial: UInt64 = 0

    /// - Parameter epoch: unlike that of every other log.
    package init(configuration: RecoveryConfiguration, epoch: String) {
        self.configuration = configuration
        self.epoch = epoch
    }

    package var packetCount: Int { self.entries.count }
    package var sessionCount: Int { self.sessions.count }

    private var next: UInt64 { self.first + UInt64(self.entries.count) }

    // MARK: Events

    /// Keeps an event.
    ///
    /// - Parameter encode: is given the offset, to be sent as the event's last argument.
    package mutating func append(
        to target: BroadcastTarget, now: NIODeadline, encode: (_ offset: String) -> EncodedPacket
    ) -> EncodedPacket {
        let packet = encode("\(self.epoch)-\(self.next)")
        let names = (target.rooms + target.except).reduce(0) { $0 + $1.utf8.count + 16 }
        let entry = Entry(
            packet: packet, target: target, expiry: now + self.configuration.maxDisconnectionDuration,
            bytes: packet.byteCount + names + Self.entryOverhead)
        self.entries.append(entry)
        self.byteCount += entry.bytes
        self.expire(now: now)
        while self.entries.count > self.configuration.maxPackets || self.byteCount > self.configuration.maxBytes {
            self.removeOldestEntry()
        }
        return packet
    }

    private mutating func removeOldestEntry() {
        guard let entry = self.entries.popFirst() else { return }
        self.first += 1
        self.byteCount -= entry.bytes
    }

    // MARK: Sessions

    /// What a socket that begins now needs.
    ///
    /// - Parameter pid: fresh.
    package func makeTicket(pid: String) -> RecoveryTicket {
        RecoveryTicket(pid: pid, since: self.next)
    }

    /// Keeps a session that has lost its connection.
    package mutating func store(_ session: RecoverableSession, now: NIODeadline) {
        let expiry = now + self.configuration.maxDisconnectionDuration
        self.lastSerial += 1
        self.sessions[session.ticket.pid] = Lost(session: session, expiry: expiry, serial: self.lastSerial)
        self.lost.append((session.ticket.pid, self.lastSerial, expiry))
        self.expire(now: now)
        while self.lost.count > self.configuration.maxSessions { self.removeOldestSession() }
    }

    private mutating func removeOldestSession() {
        guard let (pid, serial, _) = self.lost.popFirst(), self.sessions[pid]?.serial == serial else { return }
        self.sessions[pid] = nil
    }

    /// The session of a client that comes back; nil where it cannot go on seamlessly.
    ///
    /// - Parameters:
    ///   - pid: as the client says.
    ///   - offset: that of the last event that the client has, as it says.
    package func session(pid: String, offset: String, now: NIODeadline) -> RecoverableSession? {
        guard let lost = self.sessions[pid], now < lost.expiry, let number = self.number(of: offset),
            // Whatever came after must still be here, and nothing may be asked for from before its time.
            number >= lost.session.ticket.since, number < self.next, number + 1 >= self.first
        else { return nil }
        return lost.session
    }

    /// Takes the session of a client that comes back out of the log, with what it missed, in order.
    package mutating func resume(
        pid: String, offset: String, now: NIODeadline
    ) -> (session: RecoverableSession, missed: [EncodedPacket])? {
        guard let session = self.session(pid: pid, offset: offset, now: now), let number = self.number(of: offset)
        else { return nil }
        self.sessions[pid] = nil
        let rooms = Set(session.rooms)
        let missed = self.entries.dropFirst(Int(number + 1 - self.first)).filter { entry in
            (entry.target.rooms.isEmpty || entry.target.rooms.contains(where: rooms.contains))
                && !entry.target.except.contains(where: rooms.contains)
        }
        return (session, missed.map(\.packet))
    }

    private func number(of offset: String) -> UInt64? {
        guard offset.utf8.count <= 64, let dash = offset.lastIndex(of: "-"), offset[..<dash] == self.epoch else {
            return nil
        }
        return UInt64(offset[offset.index(after: dash)...])
    }

    // MARK: Expiry

    /// Forgets what is too old.
    package mutating func expire(now: NIODeadline) {
        while let entry = self.entries.first, entry.expiry <= now { self.removeOldestEntry() }
        while let expiry = self.lost.first?.expiry, expiry <= now { self.removeOldestSession() }
    }

    /// When there will be something to forget; nil while nothing is kept.
    package var nextExpiry: NIODeadline? {
        [self.entries.first?.expiry, self.lost.first?.expiry].compactMap(\.self).min()
    }
}
