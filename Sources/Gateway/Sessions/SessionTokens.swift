/// What `session:refresh` asks of the identity side.
protocol SessionTokens: Sendable {
    /// The same somebody with a later expiry.
    func refresh(_ token: Secret, of principal: Principal) async throws(AuthenticationError) -> Principal
}

extension Authenticator: SessionTokens {}
