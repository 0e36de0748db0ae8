internal import ArgumentParser

/// `gateway migrate`
struct MigrateCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "migrate",
        abstract: "Bring the database's schema up to date.",
        discussion: "`serve` does the same at its start. Refuses gaps, edited migrations and newer schemas."
    )

    @OptionGroup var storage: StorageOptions

    func run() async throws {
        let (configuration, logger) = try await self.storage.load(quiet: false)
        try await OpenStorage.with(configuration.storage, logger: logger) { _ in }
    }
}
