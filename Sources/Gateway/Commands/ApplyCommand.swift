internal import ArgumentParser
internal import Foundation
internal import Storage

/// `gateway apply`
struct ApplyCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "apply",
        abstract: "Make a workspace what a YAML file says; prints what changes.",
        discussion: """
            Queues, business hours, commercials, skills, keys of token signers, webhooks, retention: see docs/operations.md and examples/workspace.yaml. All of it \
            happens, or nothing; a running gateway follows within two seconds. Applying a file twice changes nothing \
            the second time.
            """
    )

    @Argument(help: "The file.")
    var file: String

    @OptionGroup var workspace: WorkspaceOption

    @Flag(help: "Print what would change, and change nothing.")
    var dryRun = false

    @OptionGroup var storage: StorageOptions

    func run() async throws {
        let (configuration, logger) = try await self.storage.load()
        do {
            let file = try WorkspaceFile(parsing: try self.contents())
            if let place = file.placeOfSecret, FileMode.isOpenToOthers(self.file) {
                throw FileProblems([place.problem("is a secret, and others can read the file: chmod 600 it")])
            }
            let apply = ApplyWorkspace(
                file: file, workspace: self.workspace.workspace,
                defaultCapacity: configuration.routing.defaultCapacity,
                webhookRules: configuration.webhooks.rules)
            let isDryRun = self.dryRun
            let changes = try await OpenStorage.with(configuration.storage, logger: logger) { storage in
                try await apply(on: storage.database, isDryRun: isDryRun)
            }
            for change in changes { StandardOutput.line("\(change)") }
            if changes.isEmpty { StandardOutput.line("= nothing changes") }
        } catch let problems as FileProblems {
            for problem in problems.problems { StandardError.line(problem.description(in: self.file)) }
            throw ExitCode.failure
        }
    }

    private func contents() throws -> String {
        guard let data = FileManager.default.contents(atPath: self.file) else {
            throw FileProblems([FileProblem(line: 0, column: 0, key: "", problem: "cannot be read")])
        }
        guard data.count <= WorkspaceFile.maximumBytes, let text = String(validating: data, as: UTF8.self) else {
            throw FileProblems([
                FileProblem(
                    line: 0, column: 0, key: "",
                    problem: "is not UTF-8, or has more than \(WorkspaceFile.maximumBytes) bytes")
            ])
        }
        return text
    }
}
