internal import ArgumentParser
internal import Assignment
internal import Foundation
internal import SocketIO
internal import Storage

/// `gateway audit`
struct AuditCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "audit",
        abstract: "Who did what: time, role, id, action, chat, detail; the newest first.",
        discussion: """
            One a line, separated by tabs. chat.read, chat.monitored and chat.barged say who looked into a chat that was not \
            theirs, visitor.exported and visitor.erased who asked for what is known of a visitor, chat.moved who closed.
            """
    )

    @Option(help: "Only of this chat.")
    var chat: String?

    @Option(help: "Only of this person, bot or visitor.")
    var actor: String?

    @Option(help: "Only actions that begin so, such as chat. or visitor.exported.")
    var action: String?

    @Option(help: "Only from this time on (2026-11-21T14:00:00Z).")
    var since: String?

    @Option(help: "At most so many.")
    var limit = 100

    @Flag(help: "One JSON object a line.")
    var json = false

    @OptionGroup var workspace: WorkspaceOption
    @OptionGroup var storage: StorageOptions

    func validate() throws {
        guard (1...1_000_000).contains(self.limit) else { throw ValidationError("--limit: 1 to 1000000") }
        guard self.since == nil || self.instant != nil else {
            throw ValidationError("--since: a time such as 2026-11-21T14:00:00Z")
        }
    }

    private var instant: Timestamp? {
        guard let text = self.since, let date = try? Date(text, strategy: .iso8601) else { return nil }
        return Timestamp(microseconds: Int64(date.timeIntervalSince1970) * 1_000_000)
    }

    func run() async throws {
        let workspace = self.workspace.workspace
        let query = Audit.Query(
            chatID: self.chat?.lowercased(), actor: self.actor, action: self.action, since: self.instant,
            limit: self.limit)
        let entries = try await self.storage.transaction(in: workspace) { try Audit.entries($0, workspace, query) }
        for entry in entries {
            guard self.json else {
                StandardOutput.line(
                    "\(entry.at)\t\(entry.actorRole)\t\(entry.actor)\t\(entry.action)\t\(entry.chatID ?? "")\t"
                        + entry.detail.text)
                continue
            }
            var object: JSONObject = [
                "at": .time(entry.at), "actorRole": .string(entry.actorRole), "actorId": .string(entry.actor),
                "action": .string(entry.action),
            ]
            object.set("chatId", entry.chatID)
            object["detail"] = .stored(entry.detail)
            StandardOutput.line("\(JSONValue.object(object))")
        }
    }
}
