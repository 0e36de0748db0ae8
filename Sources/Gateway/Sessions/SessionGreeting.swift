internal import Assignment
internal import SocketIO
internal import Storage

/// Puts a socket into the rooms of its identity and says so with `session`: after every CONNECT, and when the token is renewed.
struct SessionGreeting: Sendable {
    let services: Services

    private struct Reading: Sendable {
        var chats: [ChatListing]
        var queues: [String]
        /// What the identity was told while it was away, and has not acknowledged.
        var notifications: [NotificationRow]
        /// What was offered and still stands: who comes back has to see it while there is time.
        var offers: [(chatID: String, offered: ChatOffered)]
        /// Where a visitor's chats stand in line, as told last.
        var places: [(chatID: String, queued: ChatQueued)]
        /// What a visitor was asked and has not answered.
        var questions: [ChatRow]
        var allowsTracking: Bool
        var now: Timestamp
    }

    /// - Parameter token: A fresh visitor token to come back with.
    func greet(_ session: Session, token: Secret?) async throws {
        let principal = session.principal
        session.socket.join(self.identityRooms(of: principal))
        var reading = try await self.read(principal)
        let rooms = self.chatRooms(of: principal, reading)
        if !rooms.isEmpty {
            session.socket.join(rooms)
            // Once more: what happened between the look and the rooms is in neither.
            reading = try await self.read(principal)
        }
        self.services.clock.note(reading.now)
        if reading.allowsTracking { session.recallConsent(true) }
        session.socket.emit("session", JSONValue.object(self.form(principal, reading, token)).encoded())
        for notification in reading.notifications {
            let form = NotificationForm.notification(
                NotificationRaised(notification), eventID: notification.id)
            session.socket.emit("notification", JSONValue.object(form).encoded())
        }
        for (chatID, queued) in reading.places {
            let base: JSONObject = [
                "eventId": .string("\(chatID).\(queued.version)"), "chatId": .string(chatID),
                "timestamp": .time(reading.now),
            ]
            session.socket.emit("chat:queued", JSONValue.object(ChatForm.queued(queued, base: base)).encoded())
        }
        for chat in reading.questions {
            let request = SatisfactionRequested(
                expiresAt: chat.csatUntil ?? reading.now, commercialName: nil, url: nil)
            let base: JSONObject = [
                "eventId": .string(chat.id), "chatId": .string(chat.id), "timestamp": .time(reading.now),
            ]
            session.socket.emit(
                "csat:request", JSONValue.object(SatisfactionForm.request(request, base: base)).encoded())
        }
        for (chatID, offered) in reading.offers {
            let form = ChatForm.offer(
                offered,
                base: [
                    "eventId": .string(offered.assignmentID), "chatId": .string(chatID),
                    "timestamp": .time(reading.now),
                ])
            session.socket.emit("chat:offer", JSONValue.object(form).encoded())
        }
        if principal.role == .ai { self.tellTurns(of: session, reading) }
        if principal.role == .supervisor || principal.role == .admin {
            try await self.services.board.greet(session.socket, in: principal.workspace)
        }
    }

    /// A bot that comes back is told which visitors wait for it.
    private func tellTurns(of session: Session, _ reading: Reading) {
        for chat in reading.chats.map(\.chat) where chat.botDeadline != nil && chat.seq >= 1 {
            let turn = TurnID(epoch: chat.epoch, seq: chat.seq)
            let base: JSONObject = [
                "eventId": .string("\(chat.id).\(turn)"), "chatId": .string(chat.id), "timestamp": .time(reading.now),
            ]
            let form = TurnForm.turn(turn, base: base, reason: "connected")
            session.socket.emit("bot:turn", JSONValue.object(form).encoded())
        }
    }

    // MARK: Rooms

    /// Rooms that follow from the identity alone.
    private func identityRooms(of principal: Principal) -> [Room] {
        let workspace = principal.workspace
        let own = Room.identity(workspace, principal.participant)
        switch principal.role {
        case .visitor: return [own]
        case .commercial: return [own, .agents(workspace)]
        case .supervisor, .admin: return [own, .supervisors(workspace)]
        case .ai: return [own, .ai(workspace)]
        case .system: return []
        }
    }

    /// Rooms of the chats and queues that the identity has now.
    private func chatRooms(of principal: Principal, _ reading: Reading) -> [Room] {
        let workspace = principal.workspace
        let chats = reading.chats.map(\.chat.id)
        switch principal.role {
        case .visitor:
            return chats.map { .chatPublic(workspace, $0) }
        case .commercial:
            return chats.map { .chatStaff(workspace, $0) } + reading.queues.map { .queue(workspace, $0) }
        case .supervisor, .admin:
            return chats.map { .chatStaff(workspace, $0) }
        case .ai, .system:
            // Bots hear every chat of the workspace as it is.
            return []
        }
    }

    // MARK: Content

    private func read(_ principal: Principal) async throws -> Reading {
        try await self.services.change(in: principal.workspace, lane: .join) { transaction in
            let sql = transaction.sql
            let chats: [ChatListing]
            var queues: [String] = []
            var offers: [(chatID: String, offered: ChatOffered)] = []
            switch principal.role {
            case .visitor:
                chats = try Chats.open(
                    sql, transaction.workspace, ofVisitor: principal.subject, limit: Limits.sessionChats
                ).filter { $0.chat.visitorStatus.isOpen }
            case .commercial, .supervisor, .admin, .ai:
                chats = try Chats.owned(
                    sql, transaction.workspace, by: principal.participant, limit: Limits.sessionChats)
            case .system:
                chats = []
            }
            if principal.role == .commercial {
                queues = try Commercials.find(sql, transaction.workspace, principal.subject)?.queues ?? []
                let live = try Assignments.live(sql, transaction.workspace, ofCommercial: principal.subject)
                for offer in live where offer.state == .offered {
                    guard let chat = try Chats.find(sql, transaction.workspace, offer.chatID) else { continue }
                    offers.append((chat.id, try transaction.told(of: offer, chat)))
                }
                for warm in try WarmTransfers.standing(sql, transaction.workspace, to: principal.subject) {
                    guard let chat = try Chats.find(sql, transaction.workspace, warm.chatID), chat.epoch == warm.epoch
                    else { continue }
                    offers.append((chat.id, try transaction.told(of: warm, chat)))
                }
            }
            let notifications =
                principal.role.isHumanStaff
                ? try Notifications.pending(sql, transaction.workspace, for: principal.participant, queues: queues)
                : []
            let visitor =
                principal.role == .visitor
                ? try Visitors.find(sql, transaction.workspace, principal.subject) : nil
            let places =
                principal.role == .visitor
                ? try chats.compactMap { try transaction.toldPlace(of: $0.chat) } : []
            return Reading(
                chats: chats, queues: queues, notifications: notifications, offers: offers, places: places,
                questions: principal.role == .visitor
                    ? try Satisfaction.pending(sql, transaction.workspace, visitor: principal.subject) : [],
                allowsTracking: visitor?.allowsTracking ?? false, now: try Workspaces.now(sql))
        }.value
    }

    private func form(_ principal: Principal, _ reading: Reading, _ token: Secret?) -> JSONObject {
        var form: JSONObject = ["role": .word(principal.role), "subject": .string(principal.subject)]
        form.set("name", principal.name)
        form["workspace"] = .string(principal.workspace)
        if principal.role == .ai {
            form["scopes"] = .array(principal.scopes.map(\.rawValue).sorted().map(JSONValue.string))
        }
        form.set("token", token?.reveal())
        form["serverTime"] = .time(reading.now)
        let isFull = principal.role != .visitor
        // Empty for supervisors and admins: what they took over they find by `chat:join`.
        let listed = principal.role == .supervisor || principal.role == .admin ? [] : reading.chats
        form["chats"] = .array(listed.map { .object(ChatForm.listing($0, isFull: isFull)) })
        return form
    }
}
