internal import Storage
internal import Yams

/// What a workspace shall be made of, as a YAML file says it. Sections that the file does not have are left as they
/// are; what a section lists becomes what the file says, with defaults for what it leaves out.
struct WorkspaceFile: Sendable {
    /// A thing with the place of its name, for what only the database knows to be wrong.
    struct Entry<Value: Sendable>: Sendable {
        var value: Value
        var place: FilePlace
    }

    /// A commercial before it is known which queues there are.
    struct Commercial: Sendable {
        var id: String
        /// nil: the gateway's default.
        var cap: Int?
        var profile: CommercialProfile
        /// Tiers by queue, with the places of the names; empty: the default queue.
        var queues: [(name: String, tier: Int, place: FilePlace)]
        var avatarURL: String?
    }

    var queues: [Entry<QueueSettings>] = []
    /// The queues to which chats overflow, each with its place.
    var overflowQueues: [Entry<String>] = []
    var commercials: [Entry<Commercial>] = []
    /// nil: the file does not speak of keys.
    var keys: [Entry<VerificationKeyRow>]?
    var keySet = KeySetSetting.unchanged
    /// nil: the file does not speak of promises.
    var sla: [Entry<SLAPolicy>]?
    var satisfaction = SatisfactionSetting.unchanged
    /// nil: the file does not speak of webhooks.
    var webhooks: [Entry<Webhook>]?
    /// In milliseconds; nil: the file does not speak of retention.
    var retention: [Retention.Class: Int64]?
    /// nil: the file does not speak of privacy.
    var pageConsentIsRequired: Bool?
    /// nil: the file does not speak of limits.
    var limits: NodeLimits?

    /// The largest file that is read.
    static let maximumBytes = 1_048_576

    /// - Throws: everything that is wrong, each with its place.
    init(parsing text: String) throws(FileProblems) {
        let log = FileProblemLog()
        guard let root = try Self.compose(text) else { return }
        let value = YAMLValue(node: root, key: "", log: log)
        var file = self
        _ = value.fields { fields in
            file.readQueues(fields.optional("queues"))
            file.readCommercials(fields.optional("commercials"))
            file.readKeys(fields.optional("keys"))
            file.readPromises(fields.optional("sla"))
            file.readSatisfaction(fields.optional("csat"))
            file.readKeySet(fields.optional("jwks"))
            file.readWebhooks(fields.optional("webhooks"))
            file.readRetention(fields.optional("retention"))
            file.readPrivacy(fields.optional("privacy"))
            file.readLimits(fields.optional("limits"))
        }
        guard log.problems.isEmpty else { throw FileProblems(log.problems) }
        self = file
    }

    private static func compose(_ text: String) throws(FileProblems) -> Node? {
        do {
            return try Yams.compose(yaml: text)
        } catch let error as YamlError {
            throw FileProblems([FileProblem(error)])
        } catch {
            throw FileProblems([FileProblem(line: 0, column: 0, key: "", problem: "is not YAML")])
        }
    }

    /// Reads a list of things, none of which is named twice.
    static func entries<Value>(
        _ list: YAMLValue?, named name: (Value) -> String, _ read: (YAMLValue) -> Value?
    ) -> [Entry<Value>] {
        var entries: [Entry<Value>] = []
        var lines: [String: Int] = [:]
        for item in list?.list() ?? [] {
            guard let value = read(item) else { continue }
            if let line = lines[name(value)] {
                item.fail("\"\(name(value))\" is listed in line \(line) already")
                continue
            }
            lines[name(value)] = item.place.line
            entries.append(Entry(value: value, place: item.place))
        }
        return entries
    }
}

extension FileProblem {
    /// What the YAML parser found, in our form.
    fileprivate init(_ error: YamlError) {
        switch error {
        case .scanner(_, let problem, let mark, _), .parser(_, let problem, let mark, _),
            .composer(_, let problem, let mark, _):
            self.init(line: mark.line, column: mark.column, key: "", problem: "is not YAML: \(problem)")
        case .duplicatedKeysInMapping(let duplicates, let context):
            self.init(
                line: context.mark.line, column: context.mark.column, key: duplicates.joined(separator: ", "),
                problem: "is there twice")
        default:
            self.init(line: 0, column: 0, key: "", problem: "is not YAML")
        }
    }
}
