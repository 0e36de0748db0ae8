internal import Assignment
internal import Foundation
internal import Storage

/// The one place where a credential becomes an identity, for every entrance alike.
final class Authenticator: Sendable {
    /// The lifetime of an anonymous visitor's token, and the age at which a returning one gets a fresh one; seconds.
    static let visitorTokenLifetime: Int64 = 30 * 86_400
    static let visitorTokenRenewal: Int64 = 86_400
    /// The longest key that is hashed and looked up.
    private static let longestKey = 256

    private let tokens: Tokens
    private let directory: CredentialDirectory
    private let badCredentials: BadCredentials
    private let queryCredentials: Bool
    private let now: @Sendable () -> Int64

    /// - Parameters:
    ///   - queryCredentials: whether `?token=` and `?key=` count.
    ///   - now: seconds since 1970. Tokens are judged by the node's clock: signers elsewhere don't know the database's.
    init(
        tokens: Tokens,
        directory: CredentialDirectory,
        badCredentials: BadCredentials = BadCredentials(),
        queryCredentials: Bool = true,
        now: @escaping @Sendable () -> Int64 = { Int64(Date().timeIntervalSince1970) }
    ) {
        self.tokens = tokens
        self.directory = directory
        self.badCredentials = badCredentials
        self.queryCredentials = queryCredentials
        self.now = now
    }

    /// Who presents these credentials, and, for an anonymous visitor, the token to come back with.
    struct Authentication: Sendable, Hashable {
        var principal: Principal
        /// A fresh visitor token for `session.token`; `nil` where the one presented is still young, and for everybody
        /// who brought an identity along.
        var visitorToken: Secret?
    }

    func authenticate(_ presented: PresentedCredentials) async throws(AuthenticationError) -> Authentication {
        if let seconds = self.badCredentials.wait(presented.address) { throw .throttled(retryAfter: seconds) }
        do {
            return try await self.judge(presented)
        } catch {
            self.badCredentials.note(error, from: presented.address)
            throw error
        }
    }

    private func judge(_ presented: PresentedCredentials) async throws(AuthenticationError) -> Authentication {
        switch try presented.choice(queryAllowed: self.queryCredentials) {
        case .token(let secret) where secret.reveal().hasPrefix(KeySecret.Kind.api.rawValue):
            return Authentication(principal: try await self.bot(secret))
        case .token(let secret):
            return try await self.bearer(secret, origin: presented.origin)
        case .widgetKey(let secret):
            return try await self.newVisitor(secret, origin: presented.origin)
        }
    }

    /// Whether what somebody came in by is still valid, as of the directory's last renewal.
    func stands(_ principal: Principal) -> Bool { self.directory.stands(principal) }

    /// A later token for a socket that is already somebody: the same somebody, or `forbidden`.
    func refresh(_ token: Secret, of principal: Principal) async throws(AuthenticationError) -> Principal {
        let fresh = try await self.principal(of: token)
        guard fresh.workspace == principal.workspace, fresh.role == principal.role, fresh.subject == principal.subject
        else { throw .forbidden }
        return fresh
    }

    func principal(of token: Secret) async throws(AuthenticationError) -> Principal {
        try await self.authenticate(PresentedCredentials(authToken: .text(token))).principal
    }

    // MARK: The three kinds

    private func bot(_ secret: Secret) async throws(AuthenticationError) -> Principal {
        // The checksum keeps mistyped keys from the database.
        guard KeySecret.isWellFormed(secret, .api),
            let key = try await self.directory.apiKey(hash: KeySecret.hash(secret))
        else { throw .unauthenticated(.unknownKey) }
        return Principal(
            workspace: key.workspaceID, role: .ai, subject: key.name, name: key.name, scopes: Set(key.scopes),
            expiry: nil,
            credential: .apiKey(id: key.id)
        )
    }

    private func bearer(_ token: Secret, origin: String?) async throws(AuthenticationError) -> Authentication {
        let now = self.now()
        let header = try TokenHeader(reading: token)
        let isOwn = self.tokens.claimsToBeOwn(header)
        let (claims, key) =
            isOwn
            ? (try await self.tokens.verify(header, now: now), nil)
            : try await self.foreign(header, now: now)
        var principal = Principal(
            workspace: claims.workspace, role: claims.role, subject: claims.subject, name: claims.name,
            scopes: claims.role == .ai ? claims.scopes : [],
            expiry: Timestamp(microseconds: claims.expiresAt * 1_000_000),
            credential: .token(id: claims.id, key: key?.fingerprint), issuedAt: claims.issuedAt
        )
        guard let widgetKey = claims.widgetKey else {
            if isOwn { try await self.directory.ensureWorkspace(claims.workspace) }
            guard self.directory.stands(principal) else { throw .unauthenticated(.revoked) }
            return Authentication(principal: principal)
        }
        guard claims.role == .visitor else { throw .unauthenticated(.claims) }
        guard let key = try await self.directory.widgetKey(id: widgetKey, workspace: claims.workspace) else {
            throw .unauthenticated(.revoked)
        }
        try Self.check(origin, against: key)
        principal.credential = .widgetKey(id: key.id)
        guard self.directory.stands(principal) else { throw .unauthenticated(.revoked) }
        guard now - (claims.issuedAt ?? 0) > Self.visitorTokenRenewal else {
            return Authentication(principal: principal)
        }
        let renewed = try await self.visitorToken(subject: claims.subject, key: key, now: now)
        principal.expiry = Timestamp(microseconds: (now + Self.visitorTokenLifetime) * 1_000_000)
        principal.issuedAt = now
        return Authentication(principal: principal, visitorToken: renewed)
    }

    private func foreign(
        _ header: TokenHeader, now: Int64
    ) async throws(AuthenticationError) -> (TokenClaims, VerificationKey?) {
        let (claims, key) = try await WorkspaceTokens(directory: self.directory).verify(header, now: now)
        return (claims, key)
    }

    private func newVisitor(_ secret: Secret, origin: String?) async throws(AuthenticationError) -> Authentication {
        let text = secret.reveal()
        guard !text.isEmpty, text.utf8.count <= Self.longestKey,
            let key = try await self.directory.widgetKey(hash: KeySecret.hash(secret))
        else { throw .unauthenticated(.unknownKey) }
        try Self.check(origin, against: key)
        let now = self.now()
        let subject = UUID().uuidString.lowercased()
        let principal = Principal(
            workspace: key.workspaceID, role: .visitor, subject: subject, name: nil, scopes: [],
            expiry: Timestamp(microseconds: (now + Self.visitorTokenLifetime) * 1_000_000),
            credential: .widgetKey(id: key.id), issuedAt: now
        )
        return Authentication(
            principal: principal, visitorToken: try await self.visitorToken(subject: subject, key: key, now: now)
        )
    }

    /// A request without `Origin` comes from no web page, and passes.
    private static func check(_ origin: String?, against key: WidgetKeyRow) throws(AuthenticationError) {
        guard let origin else { return }
        switch key.admission {
        case .everyOrigin: return
        case .origins(let origins):
            guard let parsed = Origin(origin), origins.contains(parsed) else { throw .forbidden }
        }
    }

    private func visitorToken(
        subject: String, key: WidgetKeyRow, now: Int64
    ) async throws(AuthenticationError) -> Secret {
        let claims = TokenClaims(
            subject: subject, role: .visitor, workspace: key.workspaceID, expiresAt: now + Self.visitorTokenLifetime,
            issuedAt: now, widgetKey: key.id
        )
        do { return try await self.tokens.mint(claims) } catch { throw .unavailable }
    }
}
