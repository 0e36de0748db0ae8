internal import Assignment
internal import SocketIO
internal import Storage

/// A commercial says whether they take chats, or somebody who supervises says it for them, or sets their cap.
struct DeclareStatus: Sendable {
    let principal: Principal
    /// `nil` is oneself.
    let commercialID: String?
    let status: DeclaredStatus?
    let reason: String?
    let cap: Int?
    /// Whether their chats go back to their queues.
    let drains: Bool
    /// When they are available again by themselves; goes with a status other than that.
    var until: Timestamp?

    func callAsFunction(_ services: Services) async throws -> Reply {
        let id = try self.target()
        let workspace = self.principal.workspace
        var row = try await services.changeAndPublish(in: workspace) { try self.declare(id, $0) }
        if self.drains {
            try await self.drain(row, services)
            let drained = try await services.database.transaction(.workspace(workspace)) {
                try Commercials.find($0, workspace, id)
            }
            row = drained ?? row
        }
        if row.effective {
            for queue in row.queues { services.routing.wake(workspace: workspace, queue: queue) }
        }
        return .now([
            "effective": .bool(row.effective), "load": .number(JSONNumber(row.load)), "cap": .int(row.cap),
        ])
    }

    private func target() throws -> String {
        if self.principal.role == .commercial {
            guard self.commercialID ?? self.principal.subject == self.principal.subject else {
                throw EventError.forbidden("A commercial speaks for nobody else.")
            }
            guard self.cap == nil else { throw EventError.forbidden("A commercial does not set caps.") }
        }
        guard self.status != nil || self.cap != nil else {
            throw EventError.badPayload(field: "status", "status is missing.")
        }
        guard let id = self.commercialID ?? (self.principal.role == .commercial ? self.principal.subject : nil)
        else { throw EventError.badPayload(field: "commercialId", "commercialId is missing.") }
        return id
    }

    func declare(_ id: String, _ transaction: ChatTransaction) throws -> CommercialRow {
        guard var row = try Commercials.lock(transaction.sql, transaction.workspace, id) else {
            throw EventError.notFound("There is no such commercial.")
        }
        if let status {
            let isOwnWord = self.principal.role == .commercial
            guard isOwnWord || status != .available || !row.declaredAutomatically else {
                throw DomainRefusal(
                    .badState, "They missed their offers; only they themselves can say that they are back.")
            }
            if let until, try until <= Workspaces.now(transaction.sql) {
                throw EventError.badPayload(field: "until", "until must be in the future.")
            }
            row =
                try Commercials.declare(
                    transaction.sql, transaction.workspace, id, status, reason: self.reason, until: self.until)
                ?? row
        }
        if let cap {
            row = try Commercials.setCap(transaction.sql, transaction.workspace, id, cap) ?? row
            try Audit.append(
                transaction.sql, transaction.workspace, actor: self.principal.participant,
                action: "commercial.cap", detail: JSONText(["commercial": .string(id), "cap": .int(cap)]))
        }
        try transaction.record(.commercialStatusChanged(CommercialStatusChanged(row)))
        return row
    }

    /// One transaction per chat, as always: chat, assignment, commercial.
    private func drain(_ commercial: CommercialRow, _ services: Services) async throws {
        let (workspace, id) = (self.principal.workspace, commercial.id)
        // Who stays available would get them right back; who goes away may have them again on return.
        let staysAvailable = commercial.declared == .available
        let by = self.principal.participant
        let assignments = try await services.database.transaction(.workspace(workspace)) { sql in
            try Assignments.live(sql, workspace, ofCommercial: id)
        }
        for assignment in assignments {
            let chat = try await services.changeAndPublish(in: workspace) { transaction -> ChatRow? in
                let chat = try transaction.lock(assignment.chatID)
                guard chat.status.successors.contains(.waiting),
                    let live = try Assignments.live(transaction.sql, of: chat), live.id == assignment.id
                else { return nil }
                let handedBack = try transaction.handBack(chat, by: by, reason: "drained")
                guard staysAvailable else { return handedBack }
                return try Chats.addTried(transaction.sql, handedBack, commercial: id)
            }
            if let chat { services.routing.wake(workspace: workspace, queue: chat.queue) }
        }
    }
}
