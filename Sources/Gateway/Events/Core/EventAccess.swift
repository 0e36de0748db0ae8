internal import Assignment

/// Who may send an event at all, judged on the credential alone. What depends on the chat is judged by ``ChatAccess``.
struct EventAccess: Sendable, Hashable {
    var roles: Set<Role>
    /// An `ai` needs one of these; empty where any scope will do.
    var scopes: Set<Scope>

    init(_ roles: Set<Role>, aiScopes scopes: Set<Scope> = []) {
        self.roles = roles
        self.scopes = scopes
    }

    /// Everybody who can hold a connection.
    static let everybody = EventAccess([.visitor, .commercial, .supervisor, .admin, .ai])
    /// People who work for the workspace, and bots.
    static let staffAndBots = EventAccess([.commercial, .supervisor, .admin, .ai])
    static let visitors = EventAccess([.visitor])
    static let humans = EventAccess([.commercial, .supervisor, .admin])

    func allows(_ principal: Principal) -> Bool {
        guard self.roles.contains(principal.role) else { return false }
        return principal.role != .ai || self.scopes.isEmpty || !self.scopes.isDisjoint(with: principal.scopes)
    }
}
