internal import Assignment

/// A valid API key, as far as an identity needs it. The secret itself is nowhere: only its hash is stored.
struct APIKeyRecord: Sendable, Hashable {
    var id: String
    var workspace: String
    /// The bot's subject, unique in the workspace.
    var name: String
    var scopes: Set<Scope>
}

/// A valid widget key.
struct WidgetKeyRecord: Sendable, Hashable {
    var id: String
    var workspace: String
    /// `nil` admits every origin.
    var origins: [String]?

    var admission: OriginRules.Admission { OriginRules.Admission(list: self.origins) }
}
