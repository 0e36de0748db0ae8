internal import Assignment
internal import Logging
internal import ServiceLifecycle
internal import Storage
internal import Synchronization

/// The keys that are valid now: a copy of the rows, renewed every second, so that a storm of reconnecting widgets and
/// every CORS decision on an event loop cost no query. What the copy lacks is asked of the database, so that a key
/// works as soon as it was created.
final class CredentialDirectory: Service {
    private struct Copy {
        var apiKeys: [String: APIKeyRow] = [:]
        var widgetKeys: [String: WidgetKeyRow] = [:]
        var workspaces: Set<String> = []
        var origins: OriginRules
        var trust = WorkspaceTrust()
        /// Of the rows that `trust` was made of.
        var trustFingerprint = ""
        var onWithdrawal: [@Sendable () -> Void] = []
        var fetchKeySet: (@Sendable (String) async -> Void)?

        var credentials: Set<Principal.Credential> {
            Set(self.apiKeys.values.map { .apiKey(id: $0.id) })
                .union(self.widgetKeys.values.map { .widgetKey(id: $0.id) })
        }

        mutating func rebuildOrigins(configured: [String]) {
            self.origins = OriginRules(configured: configured, keys: self.widgetKeys.mapValues(\.admission))
        }
    }

    private let database: Database
    private let configuredOrigins: [String]
    private let logger: Logger
    private let copy: Mutex<Copy>

    init(database: Database, configuredOrigins: [String], logger: Logger) {
        self.database = database
        self.configuredOrigins = configuredOrigins
        self.logger = logger
        self.copy = Mutex(Copy(origins: OriginRules(configured: configuredOrigins, keys: [:])))
    }

    /// Rules for the HTTP side, as of the last renewal.
    var origins: OriginRules { self.copy.withLock { $0.origins } }

    /// Keys and revocations of the workspaces, as of the last renewal.
    var trust: WorkspaceTrust { self.copy.withLock { $0.trust } }

    /// Asks to be told when something stopped being valid. Called off the event loops, within two seconds.
    func onWithdrawal(_ hook: @escaping @Sendable () -> Void) {
        self.copy.withLock { $0.onWithdrawal.append(hook) }
    }

    /// Says who fetches key sets.
    func setFetcher(_ fetch: @escaping @Sendable (_ workspace: String) async -> Void) {
        self.copy.withLock { $0.fetchKeySet = fetch }
    }

    /// Has the key set of a workspace fetched, unless somebody has just done so, and waits for it.
    func fetchKeySet(of workspace: String) async {
        await self.copy.withLock({ $0.fetchKeySet })?(workspace)
    }

    // MARK: Look-ups

    /// Whether what somebody was accepted by before still is valid; expiry is not judged here.
    func stands(_ principal: Principal) -> Bool {
        self.copy.withLock { copy in
            if let identity = principal.revocable, copy.trust.isRevoked(identity) { return false }
            return switch principal.credential {
            case .token(_, key: nil): true
            case .token(_, key: let key?): copy.trust.holds(fingerprint: key, in: principal.workspace)
            case .apiKey(let id): copy.apiKeys.values.contains { $0.id == id }
            case .widgetKey(let id): copy.widgetKeys.values.contains { $0.id == id }
            }
        }
    }

    /// The workspace of a widget or API key, as of the last renewal: without a query.
    func workspace(presenting hash: String) -> String? {
        self.copy.withLock { $0.widgetKeys[hash]?.workspaceID ?? $0.apiKeys[hash]?.workspaceID }
    }

    func apiKey(hash: String) async throws(AuthenticationError) -> APIKeyRow? {
        if let known = self.copy.withLock({ $0.apiKeys[hash] }) { return known }
        let found = try await self.reading { transaction in
            try Keys.apiKey(transaction, presenting: hash)
        }
        if let found { self.copy.withLock { $0.apiKeys[hash] = found } }
        return found
    }

    func widgetKey(hash: String) async throws(AuthenticationError) -> WidgetKeyRow? {
        if let known = self.copy.withLock({ $0.widgetKeys[hash] }) { return known }
        let found = try await self.reading { transaction in
            try Keys.widgetKey(transaction, presenting: hash)
        }
        if let found { self.add(found, hash: hash) }
        return found
    }

    /// The widget key that an anonymous visitor's token names.
    func widgetKey(id: String, workspace: String) async throws(AuthenticationError) -> WidgetKeyRow? {
        let isMatch: (WidgetKeyRow) -> Bool = { $0.id == id && $0.workspaceID == workspace }
        if let known = self.copy.withLock({ $0.widgetKeys.values.first(where: isMatch) }) { return known }
        // Rare: the token of a visitor whose key was made within the last second.
        try await self.renewing()
        return self.copy.withLock { $0.widgetKeys.values.first(where: isMatch) }
    }

    /// Makes the workspace exist that a token signed by the install's own key has named.
    func ensureWorkspace(_ workspace: String) async throws(AuthenticationError) {
        guard !self.copy.withLock({ $0.workspaces.contains(workspace) }) else { return }
        do {
            try await self.database.transaction(.workspace(workspace)) { transaction in
                try Workspaces.ensure(transaction, workspace)
            }
        } catch {
            throw self.unavailable(error)
        }
        _ = self.copy.withLock { $0.workspaces.insert(workspace) }
    }
}

// MARK: - Renewal

extension CredentialDirectory {
    /// Renews the copy every second until the group shuts down. A failed renewal leaves the copy as it is.
    func run() async throws {
        try await cancelWhenGracefulShutdown {
            while !Task.isCancelled {
                do {
                    try await self.renew()
                } catch let error as StorageError where error.code == .unavailable {
                    self.logger.debug("keys not renewed", error: error)
                }
                try? await Task.sleep(for: .seconds(1))
            }
        }
    }

    /// Reads all that is valid and tells the hooks if something no longer is.
    ///
    /// A key that was looked up while the rows were being read may be younger than they are: it stays, and the next
    /// renewal judges it.
    func renew() async throws {
        let before = self.copy.withLock { $0 }
        let known = before.trustFingerprint
        let workspaces = try await self.database.transaction(.none) { transaction in
            try Workspaces.directory(transaction)
        }
        let (apiKeys, widgetKeys, fingerprint, rows) = try await self.database.transaction(.workspaces(workspaces)) {
            transaction in
            let fingerprint = try Trust.fingerprint(transaction)
            return (
                try Keys.liveAPIKeys(transaction), try Keys.liveWidgetKeys(transaction), fingerprint,
                fingerprint == known ? nil : try Trust.rows(transaction)
            )
        }
        let trust = if let rows { await WorkspaceTrust(rows, logger: self.logger) } else { nil as WorkspaceTrust? }
        let hooks = self.copy.withLock { copy in
            copy.workspaces.formUnion(workspaces)
            copy.apiKeys = copy.apiKeys.filter { before.apiKeys[$0.key] == nil }
                .merging(apiKeys.map { ($0.hash, $0.key) }, uniquingKeysWith: { first, _ in first })
            copy.widgetKeys = copy.widgetKeys.filter { before.widgetKeys[$0.key] == nil }
                .merging(widgetKeys.map { ($0.hash, $0.key) }, uniquingKeysWith: { first, _ in first })
            copy.rebuildOrigins(configured: self.configuredOrigins)
            // Of two renewals at once the one that began with the present copy counts; the other is made up for by the next.
            if let trust, copy.trustFingerprint == known {
                copy.trust = trust
                copy.trustFingerprint = fingerprint
            }
            let isWithdrawn = trust != nil || !before.credentials.isSubset(of: copy.credentials)
            return isWithdrawn ? copy.onWithdrawal : []
        }
        for hook in hooks { hook() }
    }

    private func add(_ key: WidgetKeyRow, hash: String) {
        self.copy.withLock { copy in
            copy.widgetKeys[hash] = key
            copy.rebuildOrigins(configured: self.configuredOrigins)
        }
    }

    private func renewing() async throws(AuthenticationError) {
        do { try await self.renew() } catch { throw self.unavailable(error) }
    }

    private func reading<Value: Sendable>(
        _ body: @escaping @Sendable (Transaction) throws -> Value
    ) async throws(AuthenticationError) -> Value {
        do { return try await self.database.transaction(.none, lane: .join, body) } catch {
            throw self.unavailable(error)
        }
    }

    /// Whatever keeps the database from answering, nobody's credential is to blame.
    private func unavailable(_ error: any Error) -> AuthenticationError {
        self.logger.warning("credentials cannot be looked up", error: error)
        return .unavailable
    }
}
