internal import Transport

/// Judges the `Origin` of every request under the engine's path, preflights and upgrades included.
struct OriginPolicy: CORSPolicy {
    let directory: CredentialDirectory

    func decide(origin: String?, request: RequestView) -> CORSDecision {
        guard let origin else { return .silent }
        let keyHash = request.queryValue("key").map { KeySecret.hash(Secret($0)) }
        switch self.directory.origins.verdict(origin: origin, keyHash: keyHash, host: request.host) {
        case .notApplicable: return .silent
        // Credentials may be allowed because no cookie is ever an identity; v2 widgets ask for it.
        case .admitted(let origin): return .allow(CORSAllowance(origin: origin, allowsCredentials: true))
        case .refused: return .refuse
        }
    }
}
