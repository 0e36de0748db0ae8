internal import ArgumentParser
internal import Assignment
internal import Storage

/// `gateway apikey`
struct APIKeyCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "apikey", abstract: "Keys of bots.", subcommands: [APIKeyCreateCommand.self]
    )
}

/// `gateway apikey create`
struct APIKeyCreateCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "create",
        abstract: "Create an API key; prints only the key.",
        discussion: "Only its hash is stored: what is printed here is never shown again."
    )

    @Option(help: "The bot's name, unique in the workspace.")
    var name: String

    @Option(help: "What it may do: messaging, analytics, automation, separated by commas.")
    var scopes: String

    @OptionGroup var workspace: WorkspaceOption
    @OptionGroup var storage: StorageOptions

    func validate() throws {
        guard SubjectName.isValid(self.name) else { throw ValidationError("--name: 1 to 128 characters") }
        guard self.parsedScopes != nil else {
            throw ValidationError("--scopes: messaging, analytics and automation, separated by commas")
        }
    }

    /// In the order of the vocabulary, or `nil` for an empty list or an unknown word.
    private var parsedScopes: [Scope]? {
        let words = self.scopes.split(separator: ",").map { String($0).trimmedSpaces }
        let scopes = words.compactMap { Scope(rawValue: String($0)) }
        guard !words.isEmpty, scopes.count == words.count else { return nil }
        return Scope.allCases.filter(scopes.contains)
    }

    func run() async throws {
        let (configuration, logger) = try await self.storage.load()
        let key = KeySecret.generate(.api)
        let (workspace, name, scopes) = (self.workspace.workspace, self.name, self.parsedScopes ?? [])
        try await OpenStorage.with(configuration.storage, logger: logger) { storage in
            do {
                try await storage.database.transaction(.workspace(workspace)) { transaction in
                    try Workspaces.ensure(transaction, workspace)
                    _ = try Keys.createAPIKey(
                        transaction, workspace, name: name, hash: KeySecret.hash(key), scopes: scopes
                    )
                }
            } catch let error as StorageError where error.constraint == "api_keys_name" {
                throw ValidationError("the workspace has a valid key of that name already")
            }
        }
        StandardOutput.line(key.reveal())
    }
}
