internal import Assignment
internal import Logging
internal import Storage

/// Whose tokens are taken besides the install's own, and what is void: a copy of the rows, ready for use.
struct WorkspaceTrust: Sendable {
    /// Keys by workspace and name: the same name in another workspace is another key.
    private var keys: [String: [String: VerificationKey]] = [:]
    private var withKeySet: Set<String> = []
    private var revocations = Revocations()

    init() {}

    /// Builds the keys; one that cannot be used is reported and left out.
    init(_ rows: Trust.Rows, logger: Logger) async {
        for set in rows.keySets {
            self.withKeySet.insert(set.workspaceID)
            guard let document = set.document.flatMap(KeySetDocument.init(parsing:)) else { continue }
            for entry in document.entries {
                await self.add(set.workspaceID, entry.id, logger) { () async throws(VerificationKey.Unusable) in
                    try await VerificationKey(
                        id: entry.id, published: entry.key, issuer: set.issuer, audience: set.audience)
                }
            }
        }
        // After the sets: what the operator wrote down wins over what a server says.
        for row in rows.keys {
            await self.add(row.workspaceID, row.id, logger) { () async throws(VerificationKey.Unusable) in
                try await VerificationKey(row)
            }
        }
        self.revocations = Revocations(rows.revocations)
    }

    private mutating func add(
        _ workspace: String, _ id: String, _ logger: Logger,
        _ make: () async throws(VerificationKey.Unusable) -> VerificationKey
    ) async {
        do throws(VerificationKey.Unusable) {
            self.keys[workspace, default: [:]][id] = try await make()
        } catch {
            logger.with(.workspace, workspace).warning("a verification key \(error)")
        }
    }

    /// The key that a header asks for. Without `kid` it is the workspace's only key, if that has one.
    func key(_ header: TokenHeader, in workspace: String) -> VerificationKey? {
        guard let keys = self.keys[workspace] else { return nil }
        if let id = header.keyID { return keys[id] }
        return keys.count == 1 ? keys.values.first : nil
    }

    /// Whether a name that is not known may be known where the workspace's keys come from.
    func hasKeySet(_ workspace: String) -> Bool { self.withKeySet.contains(workspace) }

    /// Whether a key by which somebody came in is still trusted.
    func holds(fingerprint: String, in workspace: String) -> Bool {
        self.keys[workspace]?.values.contains { $0.fingerprint == fingerprint } ?? false
    }

    /// Whether somebody's token was voided.
    func isRevoked(_ identity: Revocations.Identity) -> Bool { self.revocations.cover(identity) }
}

/// Tokens that are void before they expire.
struct Revocations: Sendable, Hashable {
    /// What a token says that a revocation goes by.
    struct Identity: Sendable, Hashable {
        var workspace: String
        var role: Role
        var subject: String
        var tokenID: String?
        /// Seconds since 1970; a token that does not say when it was issued was issued before everything.
        var issuedAt: Int64?
    }

    private struct TokenKey: Sendable, Hashable {
        var workspace: String
        var id: String
    }

    private struct SubjectKey: Sendable, Hashable {
        var workspace: String
        var subject: String
        /// nil: in every role.
        var role: Role?
    }

    private var tokens: Set<TokenKey> = []
    /// The latest second, inclusive, of which tokens are void.
    private var subjects: [SubjectKey: Int64] = [:]

    init(_ rows: [RevocationRow] = []) {
        for row in rows {
            switch row.subject {
            case .token(let id):
                self.tokens.insert(TokenKey(workspace: row.workspaceID, id: id))
            case .subject(let subject, let role, let issuedUntil):
                let key = SubjectKey(workspace: row.workspaceID, subject: subject, role: role)
                // `iat` has whole seconds: what was issued in the same one is taken for earlier.
                let second = issuedUntil.microseconds / 1_000_000
                self.subjects[key] = max(self.subjects[key] ?? .min, second)
            }
        }
    }

    func cover(_ identity: Identity) -> Bool {
        if let id = identity.tokenID, self.tokens.contains(TokenKey(workspace: identity.workspace, id: id)) {
            return true
        }
        guard !self.subjects.isEmpty else { return false }
        return [identity.role, nil].contains { role in
            let key = SubjectKey(workspace: identity.workspace, subject: identity.subject, role: role)
            return self.subjects[key].map { (identity.issuedAt ?? .min) <= $0 } ?? false
        }
    }
}
