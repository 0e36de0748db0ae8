internal import Assignment
internal import SocketIO
internal import Storage

/// Makes a workspace what a file says, in one transaction. Applying the same file again changes nothing.
struct ApplyWorkspace: Sendable {
    let file: WorkspaceFile
    let workspace: String
    /// The cap of commercials of whom the file does not say one.
    let defaultCapacity: Int
    /// What addresses of webhooks may be.
    var webhookRules = WebhookTarget.Rules()

    /// Who acts where somebody uses the command line.
    static let operatorIdentity = Participant(role: .system, id: "command-line")

    /// Thrown to undo everything once it is known what would have changed.
    private struct DryRun: Error {
        var changes: [WorkspaceChange]
    }

    /// - Parameter isDryRun: does all of it, so that nothing that would fail goes unseen, and then none of it.
    /// - Returns: what changes, in the order of the file.
    /// - Throws: ``FileProblems`` where the database has something against the file.
    func callAsFunction(on database: Database, isDryRun: Bool) async throws -> [WorkspaceChange] {
        try await self.file.checkKeys()
        let webhooks = try self.readWebhooks()
        do {
            return try await database.transaction(.workspace(self.workspace)) { sql in
                let changes = try self.run(sql, webhooks)
                if isDryRun { throw DryRun(changes: changes) }
                return changes
            }
        } catch let dryRun as DryRun {
            return dryRun.changes
        }
    }

    private func run(_ sql: Transaction, _ webhooks: [WebhookEndpointRow]?) throws -> [WorkspaceChange] {
        try Workspaces.ensure(sql, self.workspace)
        try Profiles.lock(sql, self.workspace)
        var changes = try self.applyQueues(sql)
        try self.checkOverflow(sql)
        changes += try self.applyCommercials(sql)
        changes += try self.applyKeys(sql)
        changes += try self.applyKeySet(sql)
        changes += try self.applyPromises(sql)
        changes += try self.applySatisfaction(sql)
        changes += try self.apply(webhooks, sql)
        changes += try self.applyRetention(sql)
        changes += try self.applyPrivacy(sql)
        changes += try self.applyLimits(sql)
        guard !changes.isEmpty else { return [] }
        try Profiles.bumpRevision(sql, self.workspace)
        try Audit.append(
            sql, self.workspace, actor: Self.operatorIdentity, action: "workspace.applied",
            detail: JSONText(["changes": .array(changes.map { .string("\($0)") })]))
        return changes
    }

    private func applyQueues(_ sql: Transaction) throws -> [WorkspaceChange] {
        let before = Dictionary(
            try Queues.all(sql, self.workspace).map { ($0.name, $0) }, uniquingKeysWith: { first, _ in first })
        var changes: [WorkspaceChange] = []
        for entry in self.file.queues {
            let queue = entry.value
            guard let change = WorkspaceChange.between(before[queue.name], queue, "queue \(queue.name)") else {
                continue
            }
            try Queues.set(sql, self.workspace, queue)
            try Chats.lookAgain(sql, self.workspace, inQueue: queue.name)
            changes.append(change)
        }
        return changes
    }

    /// Queues to which chats shall overflow have to exist, in the file or before it.
    private func checkOverflow(_ sql: Transaction) throws {
        let queues = Set(try Workspaces.queues(sql, self.workspace))
        let problems = self.file.overflowQueues.filter { !queues.contains($0.value) }
            .map { $0.place.problem("there is no queue \"\($0.value)\"") }
        guard problems.isEmpty else { throw FileProblems(problems) }
    }

    private func applyCommercials(_ sql: Transaction) throws -> [WorkspaceChange] {
        let queues = Set(try Workspaces.queues(sql, self.workspace))
        let before = Dictionary(
            try Profiles.members(sql, self.workspace).map { ($0.id, $0) }, uniquingKeysWith: { first, _ in first })
        var changes: [WorkspaceChange] = []
        var problems: [FileProblem] = []
        for entry in self.file.commercials {
            problems += entry.value.queues.filter { !queues.contains($0.name) }
                .map { $0.place.problem("there is no such queue") }
            let member = self.member(entry.value)
            let change = WorkspaceChange.between(before[member.id], member, "commercial \(member.id)")
            guard problems.isEmpty, let change else { continue }
            guard let row = try Profiles.set(sql, self.workspace, member) else {
                problems.append(entry.place.problem("\"\(member.id)\" supervises, and is given no chats"))
                continue
            }
            _ = try Outbox.append(
                sql, self.workspace, [.commercialStatusChanged(CommercialStatusChanged(row))])
            changes.append(change)
        }
        guard problems.isEmpty else { throw FileProblems(problems) }
        return changes
    }

    private func applyKeys(_ sql: Transaction) throws -> [WorkspaceChange] {
        guard let keys = self.file.keys else { return [] }
        let before = try Trust.keys(sql, self.workspace)
        var changes: [WorkspaceChange] = []
        for entry in keys {
            var key = entry.value
            key.workspaceID = self.workspace
            let old = before.first { $0.id == key.id }
            guard let change = WorkspaceChange.between(old, key, "key \(key.id)") else { continue }
            try Trust.set(sql, key)
            changes.append(change)
        }
        for old in before where !keys.contains(where: { $0.value.id == old.id }) {
            try Trust.removeKey(sql, self.workspace, id: old.id)
            changes.append(WorkspaceChange(kind: .removed, subject: "key \(old.id)"))
        }
        return changes
    }

    private func applyKeySet(_ sql: Transaction) throws -> [WorkspaceChange] {
        var before = try Trust.keySet(sql, self.workspace)
        before?.document = nil
        switch self.file.keySet {
        case .unchanged:
            return []
        case .none:
            guard before != nil else { return [] }
            try Trust.removeKeySet(sql, self.workspace)
            return [WorkspaceChange(kind: .removed, subject: "key set")]
        case .from(var set):
            set.workspaceID = self.workspace
            guard let change = WorkspaceChange.between(before, set, "key set") else { return [] }
            try Trust.set(sql, set)
            return [change]
        }
    }

    private func member(_ commercial: WorkspaceFile.Commercial) -> Profiles.Member {
        let queues = Set(commercial.queues.map(\.name))
        return Profiles.Member(
            id: commercial.id, cap: commercial.cap ?? self.defaultCapacity,
            queues: queues.isEmpty ? [Workspaces.defaultQueue] : queues, profile: commercial.profile,
            avatarURL: commercial.avatarURL)
    }
}
