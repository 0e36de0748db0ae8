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
        var apiKeys: [String: APIKeyRecord] = [:]
        var widgetKeys: [String: WidgetKeyRecord] = [:]
        var workspaces: Set<String> = []
        var origins: OriginRules
        var onRevoked: [@Sendable (Set<Principal.Credential>) -> Void] = []
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

    /// Asks to be told which credentials stopped being valid. Called off the event loops, within two seconds.
    func onRevoked(_ hook: @escaping @Sendable (Set<Principal.Credential>) -> Void) {
        self.copy.withLock { $0.onRevoked.append(hook) }
    }

    // MARK: Look-ups

    func apiKey(hash: String) async throws(AuthenticationError) -> APIKeyRecord? {
        if let known = self.copy.withLock({ $0.apiKeys[hash] }) { return known }
        let found = try await self.reading { transaction in
            try Keys.findAPIKey(transaction, hash: hash)
        }
        if let found { self.copy.withLock { $0.apiKeys[hash] = found } }
        return found
    }

    func widgetKey(hash: String) async throws(AuthenticationError) -> WidgetKeyRecord? {
        if let known = self.copy.withLock({ $0.widgetKeys[hash] }) { return known }
        let found = try await self.reading { transaction in
            try Keys.findWidgetKey(transaction, hash: hash)
        }
        if let found { self.add(found, hash: hash) }
        return found
    }

    /// The widget key that an anonymous visitor's token names.
    func widgetKey(id: String, workspace: String) async throws(AuthenticationError) -> WidgetKeyRecord? {
        let isMatch: (WidgetKeyRecord) -> Bool = { $0.id == id && $0.workspace == workspace }
        if let known = self.copy.withLock({ $0.widgetKeys.values.first(where: isMatch) }) { return known }
        try await self.renewing()
        return self.copy.withLock { $0.widgetKeys.values.first(where: isMatch) }
    }

    /// Makes the workspace exist that a token signed by the install's own key has named (events.md 5.6).
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
