internal import ArgumentParser
internal import Storage

/// `gateway widgetkey`
struct WidgetKeyCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "widgetkey", abstract: "Keys of chat widgets.", subcommands: [WidgetKeyCreateCommand.self]
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
        let (configuration, logger) = try await self.storage.load()
        let key = KeySecret.generate(.widget)
        let (workspace, origins) = (self.workspace.workspace, self.origins.flatMap(Self.parse))
        try await OpenStorage.with(configuration.storage, logger: logger) { storage in
            try await storage.database.transaction(.workspace(workspace)) { transaction in
                try Workspaces.ensure(transaction, workspace)
                _ = try Keys.createWidgetKey(transaction, workspace, hash: KeySecret.hash(key), origins: origins)
            }
        }
        StandardOutput.line(key.reveal())
    }
}
