internal import ArgumentParser

/// Which workspace a command works in. Naming it makes it exist.
struct WorkspaceOption: ParsableArguments {
    @Option(help: "The workspace.")
    var workspace = WorkspaceName.standard

    func validate() throws {
        guard WorkspaceName.isValid(self.workspace) else {
            throw ValidationError(
                "--workspace: 1 to 64 letters, digits, '.', '_' and '-', beginning with one of the first two")
        }
    }
}
