/// What `session:refresh` asks of the identity side.
protocol SessionTokens: Sendable {
    /// The same somebody with a later expiry.
    func refresh(_ token: Secret, of principal: Principal) async throws(AuthenticationError) -> Principal

    /// Whoever a token stands for.
    func principal(of token: Secret) async throws(AuthenticationError) -> Principal
}

extension Authenticator: SessionTokens {}
