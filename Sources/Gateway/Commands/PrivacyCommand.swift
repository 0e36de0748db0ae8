internal import ArgumentParser
internal import Storage

/// `gateway privacy`
struct PrivacyCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "privacy", abstract: "What is known of visitors: hand it out, forget it, stop keeping it.",
        discussion: "How long a workspace keeps what is set by `gateway apply`: see docs/privacy.md.",
        subcommands: [PrivacyExportCommand.self, PrivacyEraseCommand.self, PrivacySweepCommand.self]
    )

    /// A node's two seconds are for what somebody waits for; these go through whole tables.
    static let patience = Duration.seconds(15 * 60)
}

/// `gateway privacy export`
struct PrivacyExportCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "export", abstract: "Print everything that is known of a visitor, as one JSON object.",
        discussion: "The audit notes that it was asked for."
    )

    @Argument(help: "The visitor's id, or that of somebody they were before.")
    var visitor: String

    @OptionGroup var workspace: WorkspaceOption
    @OptionGroup var storage: StorageOptions

    func run() async throws {
        let export = ExportVisitor(visitor: self.visitor, by: ApplyWorkspace.operatorIdentity)
        let (configuration, logger) = try await self.storage.load()
        let workspace = self.workspace.workspace
        let text = try await OpenStorage.with(
            configuration.storage, patience: PrivacyCommand.patience, logger: logger
        ) { storage in
            try await export(storage.database, in: workspace)
        }
        guard let text else { throw ValidationError("the workspace has no such visitor") }
        StandardOutput.line(text.text)
    }
}

/// `gateway privacy erase`
struct PrivacyEraseCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "erase", abstract: "Forget a visitor; prints what was done, as JSON.",
        discussion: """
            Their open chat is closed, their sockets are sent away within two seconds, and every text of their chats goes; \
            numbers and times stay, under a name that means nothing. There is no way back. Backups made before keep what \
            they had.
            """
    )

    @Argument(help: "The visitor's id, or that of somebody they were before.")
    var visitor: String

    @OptionGroup var workspace: WorkspaceOption
    @OptionGroup var storage: StorageOptions

    func run() async throws {
        let erase = EraseVisitor(visitor: self.visitor, by: ApplyWorkspace.operatorIdentity)
        let (configuration, logger) = try await self.storage.load()
        let workspace = self.workspace.workspace
        let done = try await OpenStorage.with(
            configuration.storage, patience: PrivacyCommand.patience, logger: logger
        ) { storage in
            // Running gateways read what it tells from the outbox.
            try await erase(Changes(database: storage.database) { _ in }, in: workspace)
        }
        guard let done else { throw ValidationError("the workspace has no such visitor") }
        StandardOutput.line(done.text)
    }
}

/// `gateway privacy sweep`
struct PrivacySweepCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "sweep", abstract: "Remove now what the workspace does not keep; prints how much of what.",
        discussion: """
            A running gateway does it once a minute by itself. Of messages and notes it counts chats, a long one more than \
            once.
            """
    )

    @OptionGroup var workspace: WorkspaceOption
    @OptionGroup var storage: StorageOptions

    func run() async throws {
        let (configuration, logger) = try await self.storage.load()
        let workspace = self.workspace.workspace
        let removed = try await OpenStorage.with(
            configuration.storage, patience: PrivacyCommand.patience, logger: logger
        ) { storage in
            try await PrivacyKeeper.sweep(workspace, of: storage.database, steps: .max)
        }
        for one in Retention.Class.allCases where removed[one, default: 0] > 0 {
            StandardOutput.line("\(one.rawValue)\t\(removed[one] ?? 0)")
        }
    }
}
