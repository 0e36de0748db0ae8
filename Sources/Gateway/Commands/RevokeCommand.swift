internal import ArgumentParser
internal import Assignment
internal import Foundation
internal import SocketIO
internal import Storage

/// `gateway revoke`
struct RevokeCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "revoke",
        abstract: "Void tokens before they expire.",
        discussion: """
            One token by its jti, or every token of a subject that was issued up to now. Whoever is connected with one is \
            sent away within five seconds. What is issued later is valid; there is no way back for what is void.
            """
    )

    @Option(help: "The jti of the token.")
    var jti: String?

    @Option(help: "Whose tokens: their sub.")
    var subject: String?

    @Option(help: "With --subject: only in this role.")
    var role: String?

    @Option(help: "With --subject: issued up to this time (2026-11-21T14:00:00Z) instead of now.")
    var issuedBefore: String?

    @OptionGroup var workspace: WorkspaceOption
    @OptionGroup var storage: StorageOptions

    func validate() throws {
        guard (self.jti == nil) != (self.subject == nil) else {
            throw ValidationError("either --jti or --subject")
        }
        if self.jti != nil, self.role != nil || self.issuedBefore != nil {
            throw ValidationError("--role and --issued-before go with --subject")
        }
        guard self.jti.map({ (1...1024).contains($0.utf8.count) }) ?? true else {
            throw ValidationError("--jti: 1 to 1024 bytes")
        }
        guard self.subject.map(SubjectName.isValid) ?? true else {
            throw ValidationError("--subject: 1 to 128 characters")
        }
        guard self.role.map({ Role(rawValue: $0) ?? .system }) != .system else {
            throw ValidationError("--role: visitor, commercial, supervisor, admin or ai")
        }
        guard self.issuedBefore == nil || self.instant != nil else {
            throw ValidationError("--issued-before: a time such as 2026-11-21T14:00:00Z")
        }
    }

    private var instant: Timestamp? {
        guard let text = self.issuedBefore, let date = try? Date(text, strategy: .iso8601) else { return nil }
        return Timestamp(microseconds: Int64(date.timeIntervalSince1970) * 1_000_000)
    }

    func run() async throws {
        let (workspace, jti, subject, instant) = (self.workspace.workspace, self.jti, self.subject, self.instant)
        let role = self.role.flatMap(Role.init(rawValue:))
        try await self.storage.transaction(in: workspace) { transaction in
            try Workspaces.ensure(transaction, workspace)
            var detail: JSONObject = [:]
            if let jti {
                try Trust.revoke(transaction, workspace, tokenID: jti)
                detail["jti"] = .string(jti)
            }
            if let subject {
                let until = try Trust.revoke(
                    transaction, workspace, subject: subject, role: role, issuedUntil: instant)
                detail["subject"] = .string(subject)
                detail["role"] = JSONValue(role?.rawValue)
                detail["issuedUntil"] = .time(until)
            }
            try Audit.append(
                transaction, workspace, actor: ApplyWorkspace.operatorIdentity, action: "tokens.revoked",
                detail: JSONText(detail))
        }
    }
}
