internal import Logging
internal import NIOCore
internal import ServiceLifecycle
internal import Storage

/// The only way out of the gateway for what happened in a chat.
///
/// After COMMIT a use case hands its events in; they leave per chat in the order of `event_no`, together with the acks that
/// belong among them (``ChatStream``). A poll of the outbox repairs what was never handed in, and brings what
/// command-line tools wrote; other nodes say when they wrote something (``NodeNews``). Events without a chat leave at once.
///
/// An actor, because everything that may be reordered has to pass through one place; it only moves values and enqueues
/// writes, and awaits nothing but the database's answers to joins and repairs, during which others go on.
actor Relay: Service {
    /// An event with the socket that caused it.
    struct Envelope: Sendable {
        var event: DomainEvent
        var origin: String?
    }

    private typealias Stream = ChatStream<Envelope, Receipt>

    private struct Lane {
        var stream = Stream()
        /// Who has the chat, as far as events told; sockets of a former assignee leave the staff room.
        var assignee: String?
        var joining: [String: (socket: any ClientSocket, rooms: [Room])] = [:]
        var isAdopting = false
        var lastUse = 0
        var gapSince: Int?
    }

    private let broadcaster: any Broadcaster
    private let members: ChatMembers
    private let outbox: any OutboxReading
    private let logger: Logger
    private var lanes: [ChatKey: Lane] = [:]
    private var recentIDs = RecentIDs()
    private var tick = 0
    /// Read from the outbox though this node, or a tool, wrote them: they are let out with this tick at the earliest,
    /// because by then the hand-in, which knows the socket that caused them, has come.
    private var held: [(tick: Int, event: DomainEvent)] = []
    /// What this node wrote, with the tick at which it is read should its hand-in not have come by then: the connection
    /// was lost in the moment of its COMMIT.
    private var owned: [(tick: Int, head: OutboxHead)] = []
    /// Sockets that are gone and for which something may still be kept.
    private var gone: Set<String> = []
    private var isReading = false
    private var readsAgain = false
    /// This run of this node; what others wrote is let out at once.
    private let node: String?
    private let onCommit: @Sendable ([DomainEvent]) -> Void

    /// Ticks for which an idle chat's position is remembered.
    private static let memory = 1200
    /// Ticks after which a number that the outbox does not hold is given up.
    private static let patience = 60

    /// - Parameters:
    ///   - node: This run of this node, as its events carry it.
    ///   - onCommit: Called with what was committed here, to wake other nodes and the dispatcher.
    init(
        members: ChatMembers, outbox: any OutboxReading, node: String? = nil,
        onCommit: @escaping @Sendable ([DomainEvent]) -> Void = { _ in }, logger: Logger
    ) {
        self.broadcaster = members.broadcaster
        self.members = members
        self.outbox = outbox
        self.node = node
        self.onCommit = onCommit
        self.logger = logger
    }

    // MARK: Events and acks

    /// Takes in what a transaction told, and the ack that waits for it.
    func publish(_ publication: Publication, receipt: Receipt? = nil) {
        if !publication.events.isEmpty { self.onCommit(publication.events) }
        guard let receipt else { return self.takeIn(publication.events, origin: publication.origin) }
        guard let place = publication.place else {
            self.takeIn(publication.events, origin: publication.origin)
            return receipt.send()
        }
        self.takeIn(publication.events, origin: publication.origin, receipt: (receipt, place))
    }

    /// Takes in what many transactions told that were committed together, each with the ack that waits for it.
    func publish(_ batch: [(publication: Publication, receipt: Receipt?)]) {
        for (publication, receipt) in batch { self.publish(publication, receipt: receipt) }
    }

    /// Takes in what a transaction told that no socket asked for: routing, deadlines, presence.
    func publish(_ events: [DomainEvent]) {
        if !events.isEmpty { self.onCommit(events) }
        self.takeIn(events, origin: nil)
    }

    private func takeIn(
        _ events: [DomainEvent], origin: String?, receipt: (value: Receipt, place: Publication.Place)? = nil
    ) {
        var byChat: [ChatKey: [(number: Int64, event: Envelope)]] = [:]
        for event in events {
            let envelope = Envelope(event: event, origin: origin)
            if let chat = event.chatID, let number = event.eventNo {
                byChat[ChatKey(workspace: event.workspaceID, chat: chat), default: []].append((number, envelope))
            } else if self.recentIDs.insert(event.outboxID) {
                self.broadcast(envelope, skipping: [])
            }
        }
        if let receipt {
            self.withLane(receipt.place.chat) { stream in
                stream.accept(
                    byChat[receipt.place.chat] ?? [],
                    receipt: (receipt.value, receipt.value.ack.socket, receipt.place.eventNo))
            }
            byChat[receipt.place.chat] = nil
        }
        for (chat, events) in byChat { self.withLane(chat) { $0.accept(events) } }
    }

    // MARK: Joining

    /// Lets a socket into rooms of a chat behind a barrier (docs/events.md, `chat:join`).
    ///
    /// - Parameters:
    ///   - isMember: Whether it is in one of the rooms already.
    ///   - snapshot: Reads the chat; `eventNo` is where it stood, `body` the ack.
    /// - Throws: what `snapshot` throws; the socket is then where it was before.
    func join(
        _ chat: ChatKey, socket: any ClientSocket, rooms: [Room], isMember: Bool, ack: Ack?,
        snapshot: @Sendable () async throws -> (eventNo: Int64, body: ByteBuffer)
    ) async throws {
        self.lanes[chat, default: Lane()].joining[socket.id] = (socket, rooms)
        self.withLane(chat) { stream in
            stream.begin(socket: socket.id, isMember: isMember)
            return []
        }
        do {
            let (eventNo, body) = try await snapshot()
            self.withLane(chat) { stream in
                stream.complete(
                    socket: socket.id, snapshot: eventNo,
                    receipt: ack.map { Receipt(ack: $0, body: body) })
            }
        } catch {
            self.withLane(chat) { $0.cancel(socket: socket.id) }
            self.lanes[chat]?.joining[socket.id] = nil
            throw error
        }
        self.lanes[chat]?.joining[socket.id] = nil
    }

    /// Returns when all that is being let out has been handed to the sockets: whoever has left a room before the call is sent
    /// nothing of it any more, and what they are told then is the last they hear.
    func pass() {}

    /// The socket is gone: nothing is kept for it any longer than until the next poll. Looking for it in every chat at once,
    /// while thousands leave, would hold up everybody's events.
    func forget(socket: String) {
        self.gone.insert(socket)
    }

    // MARK: Repair

    /// Polls twice a second until the gateway has drained. A failing poll is tried again with the next tick: the outbox
    /// keeps everything.
    func run() async throws {
        await cancelWhenGracefulShutdown {
            while !Task.isCancelled {
                await self.poll()
                do { try await Task.sleep(for: .milliseconds(500)) } catch { return }
            }
        }
    }

    /// One turn of the repair: what the outbox has, what still misses its baseline, and forgetting what is idle.
    func poll() async {
        self.tick += 1
        do {
            try await self.read(holdingFor: 1)
            let due = self.held.filter { $0.tick <= self.tick }.map(\.event)
            self.held.removeAll { $0.tick <= self.tick }
            self.takeIn(due, origin: nil)
            try await self.readOwn()
        } catch {
            self.logger.debug("outbox poll failed", error: error)
        }
        await self.lookAtLanes()
    }

    /// Most lanes have nothing that could be due, and none is touched then: a dictionary that is changed while it is walked
    /// is copied, all of it.
    private func lookAtLanes() async {
        let gone = self.gone
        self.gone = []
        var due: [ChatKey] = []
        for (key, lane) in self.lanes {
            let isOver = lane.stream.isIdle && self.tick - lane.lastUse > Self.memory
            let mayForget = !gone.isEmpty && lane.stream.keepsForSockets
            if isOver || mayForget || !lane.stream.isIdle || lane.gapSince != nil { due.append(key) }
        }
        for key in due {
            if !gone.isEmpty { self.lanes[key]?.stream.forget(sockets: gone) }
            if self.lanes[key]?.stream.needsBaseline == true { await self.adopt(key) }
            self.watchGap(of: key)
            guard let lane = self.lanes[key] else { continue }
            if lane.stream.isIdle, self.tick - lane.lastUse > Self.memory { self.lanes[key] = nil }
        }
    }

    /// Another node says that there is something new.
    func wake() async {
        do {
            // A whole tick at least, as with the poll.
            try await self.read(holdingFor: 2)
        } catch {
            self.logger.debug("outbox read failed", error: error)
        }
    }

    /// Reads what was committed since the last time. One reader at a time: the outbox's cursor is one.
    private func read(holdingFor ticks: Int) async throws {
        guard !self.isReading else {
            self.readsAgain = true
            return
        }
        self.isReading = true
        defer { self.isReading = false }
        repeat {
            self.readsAgain = false
            var foreign: [DomainEvent] = []
            let news = try await self.outbox.poll()
            for head in news.own where !self.isOut(head) { self.owned.append((self.tick + ticks, head)) }
            for event in news.events {
                #if DEBUG
                    if Mutation.othersUnheard.isActive { continue }
                #endif
                if let node = event.node, node != self.node {
                    foreign.append(event)
                } else {
                    self.held.append((self.tick + ticks, event))
                }
            }
            self.takeIn(foreign, origin: nil)
        } while self.readsAgain
    }

    /// Reads what this node wrote and never handed in.
    private func readOwn() async throws {
        let due = self.owned.filter { $0.tick <= self.tick && !self.isOut($0.head) }.map(\.head)
        self.owned.removeAll { $0.tick <= self.tick }
        guard !due.isEmpty else { return }
        do {
            self.takeIn(try await self.outbox.read(due), origin: nil)
        } catch {
            self.owned += due.map { (self.tick, $0) }
            throw error
        }
    }

    /// Whether an event has left, or waits only for lower ones.
    private func isOut(_ head: OutboxHead) -> Bool {
        guard let chat = head.chatID, let number = head.eventNo else { return self.recentIDs.contains(head.outboxID) }
        return self.lanes[ChatKey(workspace: head.workspaceID, chat: chat)]?.stream.has(number) ?? false
    }

    private func adopt(_ key: ChatKey) async {
        guard let lane = self.lanes[key], lane.stream.needsBaseline, !lane.isAdopting,
            let lowest = lane.stream.lowestPending
        else { return }
        self.lanes[key]?.isAdopting = true
        defer { self.lanes[key]?.isAdopting = false }
        do {
            let recent = try await self.outbox.recent(key, below: lowest)
            self.withLane(key) { stream in
                stream.adopt(
                    recent.compactMap { event in
                        event.eventNo.map { (number: $0, event: Envelope(event: event, origin: nil)) }
                    })
            }
        } catch {
            self.logger.with(.chat, key.chat).debug("cannot place a chat's events yet", error: error)
        }
    }

    private func watchGap(of key: ChatKey) {
        guard let gap = self.lanes[key]?.stream.gap else {
            self.lanes[key]?.gapSince = nil
            return
        }
        let since = self.lanes[key]?.gapSince ?? self.tick
        self.lanes[key]?.gapSince = since
        guard self.tick - since > Self.patience else { return }
        self.logger.with(.chat, key.chat).with(.count, gap.count).error("the outbox lacks events of a chat")
        self.withLane(key) { $0.abandonGap() }
    }

    // MARK: Out

    private func withLane(_ key: ChatKey, _ input: (inout Stream) -> [Stream.Step]) {
        var lane = self.lanes[key] ?? Lane()
        lane.lastUse = self.tick
        let steps = input(&lane.stream)
        self.lanes[key] = lane
        for step in steps { self.perform(step, key) }
        if lane.stream.needsBaseline, !lane.isAdopting {
            // Reads one chat's rows and ends; the poll asks again should it fail.
            Task { await self.adopt(key) }
        }
    }

    private func perform(_ step: Stream.Step, _ key: ChatKey) {
        switch step {
        case .broadcast(let envelope, _, let skipping):
            let former = self.lanes[key]?.assignee
            self.members.admit(before: envelope.event, key, former: former)
            #if DEBUG
                if self.mutates(envelope, skipping: skipping) { break }
            #endif
            self.broadcast(envelope, skipping: skipping)
            self.members.dismiss(after: envelope.event, key, former: former)
            if let assignee = envelope.event.assignee { self.lanes[key]?.assignee = assignee }
        case .send(let envelope, _, let id):
            guard let socket = self.lanes[key]?.joining[id]?.socket else { return }
            for outgoing in Audience.outgoing(for: envelope.event, origin: envelope.origin)
            where outgoing.reaches(socket: id, isIn: socket.isIn) {
                socket.emit(outgoing.event, outgoing.encodedBody)
            }
        case .acknowledge(let receipt, _):
            receipt.send()
        case .admit(let id):
            guard let (socket, rooms) = self.lanes[key]?.joining[id] else { return }
            socket.leave([.chatMuted(key.workspace, key.chat)])
            socket.join(rooms)
        }
    }

    fileprivate func broadcast(_ envelope: Envelope, skipping: [String]) {
        if case .messagePosted(let posted) = envelope.event.body {
            let reach = Audience(event: envelope.event, origin: envelope.origin).reach(of: posted)
            guard
                self.broadcaster.hasReceivers(
                    in: reach.rooms, except: reach.except,
                    exceptSockets: skipping + (envelope.origin.map { [$0] } ?? []))
            else { return }
        }
        // Bots hear every chat; a bot's socket that has left one is in this room of it.
        let muted = envelope.event.chatID.map { Room.chatMuted(envelope.event.workspaceID, $0) }
        let silent = muted.map { self.broadcaster.hasMembers($0) ? [$0] : [] } ?? []
        for outgoing in Audience.outgoing(for: envelope.event, origin: envelope.origin) {
            let rooms = outgoing.rooms.filter(self.broadcaster.hasMembers)
            guard !rooms.isEmpty else { continue }
            self.broadcaster.emit(
                outgoing.event, outgoing.encodedBody, to: rooms, except: outgoing.except + silent,
                exceptSockets: skipping + (outgoing.exceptSocket.map { [$0] } ?? []), isDispensable: false)
        }
    }
}

#if DEBUG
    extension Relay {
        /// Whether a mutation has dealt with an event in its own way.
        fileprivate func mutates(_ envelope: Envelope, skipping: [String]) -> Bool {
            if Mutation.eventSwallowed.strikes(every: 20) { return true }
            if Mutation.eventDoubled.strikes(every: 20) { self.broadcast(envelope, skipping: skipping) }
            guard Mutation.orderLost.strikes(every: 5) else { return false }
            Task {
                try await Task.sleep(for: .milliseconds(200))
                self.broadcast(envelope, skipping: skipping)
            }
            return true
        }
    }
#endif
