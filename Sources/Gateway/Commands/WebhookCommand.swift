internal import ArgumentParser
internal import SocketIO
internal import Storage

/// `gateway webhook`
struct WebhookCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "webhook", abstract: "Endpoints outside, and what did not get there.",
        discussion: "Endpoints themselves are set by `gateway apply`: see docs/webhooks.md.",
        subcommands: [WebhookListCommand.self, WebhookDeadCommand.self, WebhookRedeliverCommand.self]
    )
}

/// `gateway webhook list`
struct WebhookListCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "list",
        abstract: "The endpoints of a workspace: name, waiting, dead, age of the oldest that waits, address, events.",
        discussion: "One a line, separated by tabs; the age in seconds, the address without its query."
    )

    @OptionGroup var workspace: WorkspaceOption
    @Flag(help: "One JSON object a line.")
    var json = false
    @OptionGroup var storage: StorageOptions

    func run() async throws {
        let workspace = self.workspace.workspace
        let (endpoints, counts) = try await self.storage.transaction(in: workspace) { sql in
            (try Webhooks.endpoints(sql, workspace), try Webhooks.counts(sql))
        }
        for endpoint in endpoints {
            guard let own = counts.first(where: { $0.endpoint == endpoint.name })?.counts else { continue }
            let names = WebhookEvents.names(of: endpoint.kinds)
            let url = String(endpoint.url.prefix { $0 != "?" })
            guard self.json else {
                StandardOutput.line(
                    "\(endpoint.name)\t\(own.waiting)\t\(own.dead)\t\(own.oldestWaiting / 1000)\t\(url)\t"
                        + names.joined(separator: ","))
                continue
            }
            let object: JSONObject = [
                "name": .string(endpoint.name), "url": .string(url), "events": .array(names.map(JSONValue.string)),
                "secrets": .int(endpoint.secrets.count), "waiting": .int(own.waiting),
                "delivered": .int(own.delivered), "dead": .int(own.dead),
                "oldestWaitingMs": .int(own.oldestWaiting),
            ]
            StandardOutput.line("\(JSONValue.object(object))")
        }
    }
}

/// `gateway webhook dead`
struct WebhookDeadCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "dead",
        abstract: "What was given up: id, endpoint, kind of event, attempts, why, when; the newest first.",
        discussion: "One a line, separated by tabs. What was in them is not shown."
    )

    @Option(help: "Only of this endpoint.")
    var endpoint: String?

    @Option(help: "At most so many.")
    var limit = 100

    @Flag(help: "One JSON object a line.")
    var json = false

    @OptionGroup var workspace: WorkspaceOption
    @OptionGroup var storage: StorageOptions

    func validate() throws {
        guard (1...100_000).contains(self.limit) else { throw ValidationError("--limit: 1 to 100000") }
    }

    func run() async throws {
        let (workspace, endpoint, limit) = (self.workspace.workspace, self.endpoint, self.limit)
        let letters = try await self.storage.transaction(in: workspace) {
            try Webhooks.deadLetters($0, workspace, endpoint: endpoint, limit: limit)
        }
        for letter in letters {
            let why = letter.lastStatus.map { "\(letter.lastFailure ?? "?") \($0)" } ?? letter.lastFailure ?? "?"
            guard self.json else {
                StandardOutput.line(
                    "\(letter.id)\t\(letter.endpoint)\t\(letter.kind)\t\(letter.attempts)\t\(why)\t\(letter.diedAt)")
                continue
            }
            var object: JSONObject = [
                "id": .string(letter.id), "endpoint": .string(letter.endpoint), "kind": .string(letter.kind),
                "eventId": .string("\(letter.eventID)"), "attempts": .int(letter.attempts),
                "eventAt": .time(letter.eventAt), "diedAt": .time(letter.diedAt),
            ]
            object.set("chatId", letter.chatID)
            object.set("failure", letter.lastFailure)
            object.set("status", letter.lastStatus.map(Int64.init))
            StandardOutput.line("\(JSONValue.object(object))")
        }
    }
}

/// `gateway webhook redeliver`
struct WebhookRedeliverCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "redeliver",
        abstract: "Send something again; prints how much.",
        discussion: """
            By its id, whether it was given up or had arrived, or everything that an endpoint was never given. It keeps its \
            id, by which receivers know what they have had, and goes out within a second while a gateway runs.
            """
    )

    @Argument(help: "Ids, as `webhook dead` shows them or a receiver was given them.")
    var ids: [String] = []

    @Option(help: "Everything that this endpoint was never given.")
    var endpoint: String?

    @OptionGroup var workspace: WorkspaceOption
    @OptionGroup var storage: StorageOptions

    func validate() throws {
        guard self.ids.isEmpty == (self.endpoint != nil) else { throw ValidationError("either ids or --endpoint") }
    }

    func run() async throws {
        let (workspace, ids, endpoint) = (self.workspace.workspace, self.ids, self.endpoint)
        let count = try await self.storage.transaction(in: workspace) { sql in
            var detail: JSONObject = [:]
            var count = 0
            if let endpoint {
                guard try Webhooks.endpoints(sql, workspace).contains(where: { $0.name == endpoint }) else {
                    throw ValidationError("the workspace has no endpoint \"\(endpoint)\"")
                }
                count = try Webhooks.redeliverAll(sql, workspace, endpoint: endpoint)
                detail["endpoint"] = .string(endpoint)
            }
            for id in ids {
                guard try Webhooks.redeliver(sql, workspace, id: id.lowercased()) else {
                    throw ValidationError("the workspace has no delivery \(id) to an endpoint that it still has")
                }
                count += 1
            }
            detail["count"] = .int(count)
            try Audit.append(
                sql, workspace, actor: ApplyWorkspace.operatorIdentity, action: "webhooks.redelivered",
                detail: JSONText(detail))
            return count
        }
        StandardOutput.line("\(count)")
    }
}
