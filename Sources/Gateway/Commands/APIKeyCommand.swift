internal import ArgumentParser
internal import Assignment
internal import SocketIO
internal import Storage

/// `gateway apikey`
struct APIKeyCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "apikey", abstract: "Keys of bots.",
        subcommands: [APIKeyCreateCommand.self, APIKeyListCommand.self, APIKeyRevokeCommand.self]
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
        let key = KeySecret.generate(.api)
        let (workspace, name, scopes) = (self.workspace.workspace, self.name, self.parsedScopes ?? [])
        do {
            try await self.storage.transaction(in: workspace) { transaction in
                try Workspaces.ensure(transaction, workspace)
                _ = try Keys.createAPIKey(
                    transaction, workspace, name: name, hash: KeySecret.hash(key), scopes: scopes)
                try Audit.append(
                    transaction, workspace, actor: ApplyWorkspace.operatorIdentity, action: "apikey.created",
                    detail: JSONText(["name": .string(name)]))
            }
        } catch let error as StorageError where error.constraint == "api_keys_name" {
            throw ValidationError("the workspace has a valid key of that name already")
        }
        StandardOutput.line(key.reveal())
    }
}

/// `gateway apikey list`
struct APIKeyListCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "list",
        abstract: "The valid API keys of a workspace: name, scopes, when they were made.",
        discussion: "One a line, separated by tabs. The keys themselves are not stored."
    )

    @OptionGroup var workspace: WorkspaceOption
    @OptionGroup var storage: StorageOptions

    func run() async throws {
        let keys = try await self.storage.transaction(in: self.workspace.workspace) { try Keys.liveAPIKeys($0) }
        for key in keys.map(\.key) {
            let scopes = key.scopes.map(\.rawValue).joined(separator: ",")
            StandardOutput.line("\(key.name)\t\(scopes)\t\(key.createdAt)")
        }
    }
}

/// `gateway apikey revoke`
struct APIKeyRevokeCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "revoke",
        abstract: "Void an API key; its bot is sent away within five seconds.",
        discussion: "A key of the same name can be made afterwards."
    )

    @Option(help: "The bot's name.")
    var name: String

    @OptionGroup var workspace: WorkspaceOption
    @OptionGroup var storage: StorageOptions

    func run() async throws {
        let (workspace, name) = (self.workspace.workspace, self.name)
        try await self.storage.transaction(in: workspace) { transaction in
            guard try Keys.revokeAPIKey(transaction, workspace, name: name) else {
                throw ValidationError("the workspace has no valid key of that name")
            }
            try Audit.append(
                transaction, workspace, actor: ApplyWorkspace.operatorIdentity, action: "apikey.revoked",
                detail: JSONText(["name": .string(name)]))
        }
    }
}
