internal import Transport

/// Whether a handshake comes from a workspace that has all the connections that it may have on this node.
///
/// Only what costs no query and no signature is looked at: a widget or API key that came with the request itself. Whoever
/// says who they are later is judged at the CONNECT.
struct FullWorkspace: Sendable {
    let quotas: WorkspaceQuotas
    let directory: CredentialDirectory
    let queryCredentials: Bool

    func contains(_ handshake: EngineHandshake) -> Bool {
        guard self.quotas.isLimiting else { return false }
        var presented = PresentedCredentials()
        presented.authorization = handshake.header("authorization").map(Secret.init)
        presented.queryToken = handshake.queryValue("token").map(Secret.init)
        presented.queryKey = handshake.queryValue("key").map(Secret.init)
        guard let choice = try? presented.choice(queryAllowed: self.queryCredentials) else { return false }
        let secret =
            switch choice {
            case .token(let secret), .widgetKey(let secret): secret
            }
        guard let workspace = self.directory.workspace(presenting: KeySecret.hash(secret)),
            self.quotas.isFull(workspace)
        else { return false }
        self.quotas.noteRefusal()
        return true
    }
}
