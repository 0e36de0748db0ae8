internal import ArgumentParser
internal import SocketIO
internal import Storage

/// `gateway widgetkey`
struct WidgetKeyCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "widgetkey", abstract: "Keys of chat widgets.",
        subcommands: [WidgetKeyCreateCommand.self, WidgetKeyListCommand.self, WidgetKeyRevokeCommand.self]
    )
}

/// `gateway widgetkey create`
struct WidgetKeyCreateCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "create",
        abstract: "Create a widget key; prints only the key.",
        discussion: "It stands in web pages and is no secret: the list of origins is what protects it."
    )

    @OptionGroup var workspace: WorkspaceOption

    @Option(help: "Origins that may use it, such as https://a.example, separated by commas. Without: every origin")
    var origins: String?

    @OptionGroup var storage: StorageOptions

    func validate() throws {
        guard let list = self.origins else { return }
        guard Self.parse(list) != nil else {
            throw ValidationError("--origins: origins such as https://a.example, separated by commas")
        }
    }

    /// The origins in canonical form, or `nil` where one is none.
    static func parse(_ list: String) -> [String]? {
        let words = list.split(separator: ",").map { String(String($0).trimmedSpaces) }
        let origins = words.compactMap(Origin.init)
        guard !words.isEmpty, origins.count == words.count else { return nil }
        return origins.map(\.description)
    }

    func run() async throws {
        let key = KeySecret.generate(.widget)
        let (workspace, origins) = (self.workspace.workspace, self.origins.flatMap(Self.parse))
        try await self.storage.transaction(in: workspace) { transaction in
            try Workspaces.ensure(transaction, workspace)
            let row = try Keys.createWidgetKey(transaction, workspace, hash: KeySecret.hash(key), origins: origins)
            try Audit.append(
                transaction, workspace, actor: ApplyWorkspace.operatorIdentity, action: "widgetkey.created",
                detail: JSONText(["id": .string(row.id)]))
        }
        StandardOutput.line(key.reveal())
    }
}

/// `gateway widgetkey list`
struct WidgetKeyListCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "list",
        abstract: "The valid widget keys of a workspace: id, origins, when they were made.",
        discussion: "One a line, separated by tabs; `*` admits every origin. The keys themselves are not stored."
    )

    @OptionGroup var workspace: WorkspaceOption
    @OptionGroup var storage: StorageOptions

    func run() async throws {
        let keys = try await self.storage.transaction(in: self.workspace.workspace) { try Keys.liveWidgetKeys($0) }
        for key in keys.map(\.key) {
            StandardOutput.line("\(key.id)\t\(key.origins?.joined(separator: ",") ?? "*")\t\(key.createdAt)")
        }
    }
}

/// `gateway widgetkey revoke`
struct WidgetKeyRevokeCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "revoke",
        abstract: "Void a widget key, and the tokens of all visitors who came in by it.",
        discussion: "They are sent away within five seconds."
    )

    @Option(help: "The key's id, as `widgetkey list` shows it.")
    var id: String?

    @Option(help: "The key itself, as it stands in a web page.")
    var key: String?

    @OptionGroup var workspace: WorkspaceOption
    @OptionGroup var storage: StorageOptions

    func validate() throws {
        guard (self.id == nil) != (self.key == nil) else { throw ValidationError("either --id or --key") }
    }

    func run() async throws {
        let (workspace, given) = (self.workspace.workspace, self.id)
        let hash = self.key.map { KeySecret.hash(Secret($0)) }
        try await self.storage.transaction(in: workspace) { transaction in
            let found = try hash.flatMap { hash in
                try Keys.liveWidgetKeys(transaction).first { $0.hash == hash }?.key.id
            }
            guard let id = given ?? found, try Keys.revokeWidgetKey(transaction, workspace, id: id) else {
                throw ValidationError("the workspace has no such valid key")
            }
            try Audit.append(
                transaction, workspace, actor: ApplyWorkspace.operatorIdentity, action: "widgetkey.revoked",
                detail: JSONText(["id": .string(id)]))
        }
    }
}
