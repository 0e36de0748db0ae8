internal import Assignment
internal import Logging
internal import ServiceLifecycle
internal import Storage

/// What happens by itself when its time has come: bots that owe an answer, offers nobody accepted, people and bots who
/// did not come back, leases of nodes that died, visits that are over.
///
/// Every node sweeps; nothing is kept in memory. Due ids are read without locks, then each gets a transaction of its
/// own that locks chat, assignment and commercial in this order and judges again, so that of any number of sweepers
/// one acts.
struct Sweeper: Sendable {
    let changes: Changes
    let dispatcher: Dispatcher
    let presence: PresenceKeeper
    let configuration: GatewayConfiguration
    let logger: Logger

    /// Turns between two removals of what nobody reads any more.
    private static let turnsBetweenPrunings = 60
    /// How long the outbox is kept, in milliseconds.
    private static let outboxLifeMilliseconds: Int64 = 24 * 3_600_000

    private struct Due: Sendable {
        var bots: [(workspace: String, id: String)]
        var lostBots: [(workspace: String, id: String)]
        var offers: [AssignmentRow]
        var looks: [(workspace: String, id: String)]
        var wrapUps: [AssignmentRow]
        var promises: [(workspace: String, chatID: String, id: String)]
        var lostCommercials: [(workspace: String, id: String)]
        var returns: [(workspace: String, id: String)]
        var leases: [LeaseRow]
        var visits: [VisitorSessionRow]
        var queues: [(key: QueueKey, closure: Queues.Closure?)]
        var warm: [(workspace: String, id: String)]
    }

    /// One turn. Each thing due is done or reported by itself; a failure keeps it due for the next turn.
    func sweep() async throws {
        let workspaces = try await self.changes.database.transaction(.none) { try Workspaces.directory($0) }
        guard !workspaces.isEmpty else { return }
        let due = try await self.changes.database.transaction(.workspaces(workspaces)) { sql in
            Due(
                bots: try Chats.dueBots(sql), lostBots: try Graces.due(sql, .bots),
                offers: try Assignments.dueOffers(sql), looks: try Chats.dueLooks(sql),
                wrapUps: try Assignments.dueWrapUps(sql), promises: try SLAClocks.due(sql),
                lostCommercials: try Graces.due(sql, .people),
                returns: try Commercials.dueReturns(sql), leases: try Presence.expired(sql),
                visits: try Visitors.dueSessions(sql),
                queues: try Dispatch.waitingQueues(sql).map {
                    (
                        QueueKey(workspace: $0.workspace, queue: $0.queue),
                        try Queues.closure(sql, $0.workspace, $0.queue)
                    )
                }, warm: try WarmTransfers.due(sql))
        }
        for lease in due.leases { await self.attempt("end of a lease") { try await self.presence.ended(lease) } }
        for bot in due.bots { await self.attempt("bot deadline", chat: bot.id) { try await self.botIsLate(bot) } }
        for bot in due.lostBots { await self.attempt("bot's grace") { try await self.botIsGone(bot) } }
        for offer in due.offers {
            await self.attempt("offer deadline", chat: offer.chatID) { try await self.offerExpired(offer) }
        }
        for transfer in due.warm {
            await self.attempt("transfer's deadline", chat: transfer.id) { try await self.transferExpired(transfer) }
        }
        for chat in due.looks { await self.attempt("look at a chat", chat: chat.id) { try await self.look(at: chat) } }
        for wrapUp in due.wrapUps {
            await self.attempt("end of a wrap-up", chat: wrapUp.chatID) { try await self.wrapUpIsOver(wrapUp) }
        }
        for promise in due.promises {
            await self.attempt("promise", chat: promise.chatID) { try await self.keepPromise(promise) }
        }
        for commercial in due.lostCommercials {
            await self.attempt("commercial's grace") { try await self.commercialIsGone(commercial) }
        }
        for commercial in due.returns {
            await self.attempt("end of a declared status") { try await self.commercialReturns(commercial) }
        }
        for visit in due.visits { await self.attempt("end of a visit") { try await self.visitEnded(visit) } }
        for (queue, closure) in due.queues {
            if let closure {
                await self.attempt("closing of a queue") { try await self.lineCloses(queue, closure) }
                continue
            }
            self.dispatcher.wake(queue)
            await self.attempt("places in line") { try await self.dispatcher.tellPlaces(in: queue) }
        }
    }

    private func prune() async throws {
        let workspaces = try await self.changes.database.transaction(.none) { try Workspaces.directory($0) }
        try await self.changes.database.transaction(.workspaces(workspaces)) { sql in
            try Notifications.prune(sql)
            try Suggestions.prune(sql)
            _ = try Outbox.prune(sql, olderThan: Self.outboxLifeMilliseconds)
        }
    }

    private func attempt(_ what: String, chat: String? = nil, _ body: () async throws -> Void) async {
        do {
            try await body()
        } catch {
            let logger = chat.map { self.logger.with(.chat, $0) } ?? self.logger
            logger.warning("the sweeper could not do what is due: \(what)", error: error)
        }
    }

    /// Does `body` for each, whatever becomes of the others.
    ///
    /// - Returns: the first error.
    func each<Element>(
        _ elements: [Element], _ body: (Element) async throws -> Void
    ) async throws(CancellationError) -> (any Error)? {
        var first: (any Error)?
        for element in elements {
            do {
                try await body(element)
            } catch {
                if let cancellation = error as? CancellationError { throw cancellation }
                first = first ?? error
            }
        }
        return first
    }

    private func wake(_ chat: ChatRow) {
        guard chat.status == .waiting else { return }
        self.dispatcher.wake(QueueKey(workspace: chat.workspaceID, queue: chat.queue))
    }
}

// MARK: What is due

extension Sweeper {
    /// A visitor waited for the owning bot as long as anybody may.
    private func botIsLate(_ due: (workspace: String, id: String)) async throws {
        let timeout = self.configuration.bot.answerTimeout.inMilliseconds
        let chat = try await self.changes(in: due.workspace) { transaction -> ChatRow? in
            let chat = try transaction.lock(due.id)
            guard chat.status == .bot, let deadline = chat.botDeadline, deadline <= chat.readAt else { return nil }
            return try transaction.passOn(chat, answerTimeoutMilliseconds: timeout, reason: "bot_timeout")
        }
        if let chat { self.wake(chat) }
    }

    /// A bot's last socket has been gone for the grace: each of its chats passes on.
    private func botIsGone(_ due: (workspace: String, id: String)) async throws {
        let timeout = self.configuration.bot.answerTimeout.inMilliseconds
        let bot = Participant(role: .ai, id: due.id)
        let chats = try await self.changes.database.transaction(.workspace(due.workspace)) { sql in
            try Chats.owned(sql, due.workspace, by: bot, limit: 1000).map(\.chat.id)
        }
        let passing = try await self.each(chats) { id in
            let chat = try await self.changes(in: due.workspace) { transaction -> ChatRow? in
                let chat = try transaction.lock(id)
                let isBack = try Presence.liveCount(transaction.sql, due.workspace, role: .ai, subject: due.id) > 0
                guard !isBack, chat.status == .bot, chat.owner?.id == due.id else { return nil }
                return try transaction.passOn(chat, answerTimeoutMilliseconds: timeout, reason: "bot_gone")
            }
            if let chat { self.wake(chat) }
        }
        // A thousand chats a turn; the grace stays due while there are more, or one could not be passed on.
        if let passing { throw passing }
        guard chats.count < 1000 else { return }
        try await self.changes(in: due.workspace) { transaction in
            try Graces.end(transaction.sql, due.workspace, .bots, due.id)
        }
    }

    /// Nobody accepted in time: the chat goes back to its place, and the one who missed it is passed over.
    private func offerExpired(_ offer: AssignmentRow) async throws {
        let chat = try await self.changes(in: offer.workspaceID) { transaction -> ChatRow? in
            var chat = try transaction.lock(offer.chatID)
            guard chat.status == .offered, let live = try Assignments.live(transaction.sql, of: chat),
                live.id == offer.id, let deadline = live.deadline, deadline <= chat.readAt
            else { return nil }
            chat = try transaction.withdrawOffer(chat, .expired, by: .system, reason: "offer_timeout")
            try Self.countMiss(of: offer.commercialID, transaction)
            return chat
        }
        if let chat { self.wake(chat) }
    }

    private static func countMiss(of commercial: String, _ transaction: ChatTransaction) throws {
        let misses = try Commercials.countMiss(transaction.sql, transaction.workspace, commercial)
        guard misses >= OfferRound.missesUntilAway,
            let away = try Commercials.declare(
                transaction.sql, transaction.workspace, commercial, .away, reason: "auto_missed", automatically: true)
        else { return }
        try transaction.record(.commercialStatusChanged(CommercialStatusChanged(away)))
    }

    /// Nobody answered a warm transfer in time: the chat stays where it is.
    private func transferExpired(_ due: (workspace: String, id: String)) async throws {
        try await self.changes(in: due.workspace) { transaction in
            let chat = try transaction.lock(due.id)
            guard let warm = try WarmTransfers.find(transaction.sql, of: chat) else {
                // Its chat has gone another way.
                _ = try WarmTransfers.end(transaction.sql, of: chat)
                return
            }
            guard warm.deadline <= chat.readAt else { return }
            _ = try transaction.end(warm, of: chat, .expired, reason: "offer_timeout")
            try Self.countMiss(of: warm.toID, transaction)
        }
    }

    /// Somebody did not come back in time: their chats wait again, a little before their class.
    private func commercialIsGone(_ due: (workspace: String, id: String)) async throws {
        let assignments = try await self.changes.database.transaction(.workspace(due.workspace)) { sql in
            try Assignments.live(sql, due.workspace, ofCommercial: due.id)
        }
        let leaving = try await self.each(assignments) { assignment in
            let chat = try await self.changes(in: due.workspace) { transaction -> ChatRow? in
                let chat = try transaction.lock(assignment.chatID)
                guard let commercial = try Commercials.find(transaction.sql, due.workspace, due.id),
                    !commercial.isConnected,
                    let live = try Assignments.live(transaction.sql, of: chat), live.id == assignment.id
                else { return nil }
                switch chat.status {
                case .paused:
                    // It sleeps; who takes it is judged when it wakes.
                    return nil
                case .wrapup:
                    return try transaction.close(chat, reason: .resolved, by: .system)
                case .bot, .waiting, .offered, .active, .offline, .closed:
                    return try transaction.handBack(chat, by: .system, reason: "agent_lost", lostCommercial: true)
                }
            }
            if let chat { self.wake(chat) }
        }
        if let leaving { throw leaving }
        try await self.changes(in: due.workspace) { transaction in
            try Graces.end(transaction.sql, due.workspace, .people, due.id)
        }
    }

    /// They said until when they would be away.
    private func commercialReturns(_ due: (workspace: String, id: String)) async throws {
        let back = try await self.changes(in: due.workspace) { transaction -> CommercialRow? in
            let back = try Commercials.returnIfDue(transaction.sql, due.workspace, due.id)
            if let back { try transaction.record(.commercialStatusChanged(CommercialStatusChanged(back))) }
            return back
        }
        guard let back, back.effective else { return }
        for queue in back.queues { self.dispatcher.wake(QueueKey(workspace: due.workspace, queue: queue)) }
    }

    private func visitEnded(_ visit: VisitorSessionRow) async throws {
        try await self.changes(in: visit.workspaceID) { transaction in
            guard try Visitors.closeSession(transaction.sql, visit.workspaceID, visit.id) != nil else { return }
            try Chats.lookAgain(transaction.sql, visit.workspaceID, ofVisitor: visit.visitorID)
            try transaction.record(
                .visitorOffline(VisitorOffline(visitorID: visit.visitorID, sessionID: visit.id)))
        }
    }
}

extension Sweeper: Service {
    /// Sweeps once a second until the gateway drains.
    func run() async throws {
        var turn = 0
        while !Task.isShuttingDownGracefully {
            do {
                if turn == 0 { try await self.lookAtUnwatched() }
                try await self.sweep()
                if turn % Self.turnsBetweenPrunings == 0 { try await self.prune() }
                turn += 1
            } catch {
                self.logger.debug("sweep failed", error: error)
            }
            do {
                try await cancelWhenGracefulShutdown { try await Task.sleep(for: .seconds(1)) }
            } catch {
                return
            }
        }
    }
}
