internal import ArgumentParser
internal import Assignment
internal import Foundation
internal import Storage

/// `gateway token`
struct TokenCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "token",
        abstract: "Mint a token; prints only the JWT.",
        discussion: "A token of role ai gets every scope; an API key is the better choice for a bot."
    )

    /// Ten years.
    private static let longestLifetime: Duration = .seconds(10 * 366 * 86_400)

    @Option(help: "visitor, commercial, supervisor, admin or ai")
    var role: String

    @Option(help: "Who it is for: the id inside the workspace.")
    var subject: String

    @OptionGroup var workspace: WorkspaceOption

    @Option(help: "The name that others see.")
    var name: String?

    @Option(help: "Lifetime: seconds, or a number with s, m, h or d.")
    var ttl = "3600"

    @OptionGroup var storage: StorageOptions

    func validate() throws {
        guard let role = Role(rawValue: self.role), role != .system else {
            throw ValidationError("--role: visitor, commercial, supervisor, admin or ai")
        }
        guard SubjectName.isValid(self.subject) else {
            throw ValidationError("--subject: 1 to 128 characters")
        }
        guard self.name.map(SubjectName.isValid) ?? true else {
            throw ValidationError("--name: 1 to 128 characters")
        }
        guard let lifetime = DurationText.parse(self.ttl), lifetime >= .seconds(1), lifetime <= Self.longestLifetime
        else { throw ValidationError("--ttl: seconds, or a number with s, m, h or d; one second to ten years") }
    }

    func run() async throws {
        guard let role = Role(rawValue: self.role), let lifetime = DurationText.parse(self.ttl) else { return }
        let (configuration, logger) = try await self.storage.load()
        let token = try await OpenStorage.with(configuration.storage, logger: logger) { storage in
            let workspace = self.workspace.workspace
            try await storage.database.transaction(.workspace(workspace)) { transaction in
                try Workspaces.ensure(transaction, workspace)
            }
            let tokens = await Tokens(key: try await storage.installKey(configuration.jwt), settings: configuration.jwt)
            let now = Int64(Date().timeIntervalSince1970)
            return try await tokens.mint(
                TokenClaims(
                    subject: self.subject, role: role, workspace: workspace, name: self.name,
                    scopes: role == .ai ? Set(Scope.allCases) : [], expiresAt: now + lifetime.components.seconds,
                    issuedAt: now, id: UUID().uuidString.lowercased()
                )
            )
        }
        StandardOutput.line(token.reveal())
    }
}
