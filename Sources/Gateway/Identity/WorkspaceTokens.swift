/// Tokens that a workspace's own back end signed.
struct WorkspaceTokens: Sendable {
    let directory: CredentialDirectory

    /// The claims of a token that is genuine and valid at `now`, and which key says so.
    ///
    /// The workspace is the one that the token names, and the key one of that workspace: whoever names another one than
    /// their own is verified with keys that are not theirs.
    func verify(
        _ header: TokenHeader, now: Int64
    ) async throws(AuthenticationError) -> (claims: TokenClaims, key: VerificationKey) {
        guard let algorithm = TokenAlgorithm(rawValue: header.algorithm) else { throw .unauthenticated(.algorithm) }
        let claims = try TokenClaims(reading: header.payload)
        guard let key = try await self.key(header, in: claims.workspace) else { throw .unauthenticated(.unknownKey) }
        guard key.algorithm == algorithm else { throw .unauthenticated(.algorithm) }
        guard key.verifies(header) else { throw .unauthenticated(.signature) }
        // Only the install vouches for who came in by a widget key.
        guard claims.widgetKey == nil else { throw .unauthenticated(.claims) }
        try claims.check(now: now, issuer: key.issuer, audience: key.audience)
        return (claims, key)
    }

    private func key(
        _ header: TokenHeader, in workspace: String
    ) async throws(AuthenticationError) -> VerificationKey? {
        if let known = self.directory.trust.key(header, in: workspace) { return known }
        // A key that was just rotated in.
        guard header.keyID != nil, self.directory.trust.hasKeySet(workspace) else { return nil }
        await self.directory.fetchKeySet(of: workspace)
        return self.directory.trust.key(header, in: workspace)
    }
}
