internal import Assignment
internal import Storage

/// What visitors are promised, and whether they are asked how it was.
extension WorkspaceFile {
    /// What a file says of asking visitors.
    enum SatisfactionSetting: Sendable, Hashable {
        case unchanged
        /// nil: nobody is asked.
        case to(Satisfaction.Settings?)
    }

    mutating func readPromises(_ list: YAMLValue?) {
        guard let list else { return }
        self.sla = Self.entries(list, named: \.name, Self.policy)
    }

    private static func policy(_ item: YAMLValue) -> SLAPolicy? {
        item.fields { fields in
            var policy = SLAPolicy(name: fields.required("name")?.text() ?? "")
            for queue in fields.optional("queues")?.list() ?? [] {
                if let name = queue.text() { policy.queues.insert(name) }
            }
            for item in fields.optional("priorities")?.list() ?? [] {
                guard let word = item.text() else { continue }
                guard let priority = Priority(rawValue: word) else {
                    item.fail("\"\(word)\" is none of \(Priority.allCases.map(\.rawValue).joined(separator: ", "))")
                    continue
                }
                policy.priorities.insert(priority)
            }
            policy.firstResponseMilliseconds = fields.optional("firstResponse")?.duration()?.inMilliseconds
            policy.nextResponseMilliseconds = fields.optional("nextResponse")?.duration()?.inMilliseconds
            policy.resolutionMilliseconds = fields.optional("resolution")?.duration()?.inMilliseconds
            policy.countsBusinessHours = fields.optional("businessHours")?.flag() ?? false
            policy.warnBeforeMilliseconds = fields.optional("warnBefore")?.durationOrNone()?.inMilliseconds ?? 0
            let limits = [
                policy.firstResponseMilliseconds, policy.nextResponseMilliseconds, policy.resolutionMilliseconds,
            ]
            if limits.allSatisfy({ $0 == nil }) {
                item.fail("promises nothing: it needs firstResponse, nextResponse or resolution")
            }
            return policy
        }
    }

    mutating func readSatisfaction(_ value: YAMLValue?) {
        guard let value else { return }
        let settings = value.fields { fields -> Satisfaction.Settings? in
            let isEnabled = fields.optional("enabled")?.flag() ?? true
            let window = fields.optional("window")?.duration() ?? Self.satisfactionWindow
            let url = fields.optional("url")
            let address = url?.text(atMost: 2048)
            if let url, let address, !address.hasPrefix("https://"), !address.hasPrefix("http://") {
                url.fail("\"\(address)\" is no web address")
            }
            return isEnabled ? Satisfaction.Settings(windowMilliseconds: window.inMilliseconds, url: address) : nil
        }
        self.satisfaction = .to(settings ?? nil)
    }

    /// How long a visitor may answer where the file does not say.
    private static let satisfactionWindow: Duration = .seconds(7 * 86_400)
}

extension SLAPolicy: SettingsDescribing {
    var describedSettings: [SettingText] {
        [
            SettingText("queues", self.queues, self.queues.sorted().joined(separator: " ")),
            SettingText(
                "priorities", self.priorities, self.priorities.sorted().map(\.rawValue).joined(separator: " ")),
            SettingText(
                "firstResponse", self.firstResponseMilliseconds, self.firstResponseMilliseconds.map(Self.words)),
            SettingText("nextResponse", self.nextResponseMilliseconds, self.nextResponseMilliseconds.map(Self.words)),
            SettingText("resolution", self.resolutionMilliseconds, self.resolutionMilliseconds.map(Self.words)),
            SettingText("businessHours", self.countsBusinessHours, self.countsBusinessHours ? "true" : nil),
            SettingText(
                "warnBefore", self.warnBeforeMilliseconds,
                self.warnBeforeMilliseconds > 0 ? Self.words(self.warnBeforeMilliseconds) : nil),
        ]
    }

    private static func words(_ milliseconds: Int64) -> String {
        milliseconds % 1000 == 0 ? "\(milliseconds / 1000)s" : "\(milliseconds)ms"
    }
}

extension Satisfaction.Settings: SettingsDescribing {
    var describedSettings: [SettingText] {
        [
            SettingText("window", self.windowMilliseconds, "\(self.windowMilliseconds / 1000)s"),
            SettingText("url", self.url, self.url),
        ]
    }
}

extension ApplyWorkspace {
    /// The list is whole and in order: a policy that is not in it any more promises nothing.
    func applyPromises(_ sql: Transaction) throws -> [WorkspaceChange] {
        guard let sla = self.file.sla else { return [] }
        let queues = Set(try Workspaces.queues(sql, self.workspace))
        let problems = sla.flatMap { entry in
            entry.value.queues.subtracting(queues).sorted().map { entry.place.problem("there is no queue \"\($0)\"") }
        }
        guard problems.isEmpty else { throw FileProblems(problems) }
        let (before, after) = (try SLAPolicies.all(sql, self.workspace), sla.map(\.value))
        guard before != after else { return [] }
        try SLAPolicies.set(sql, self.workspace, after)
        var changes = after.compactMap { policy in
            WorkspaceChange.between(before.first { $0.name == policy.name }, policy, "sla \(policy.name)")
        }
        for old in before where !after.contains(where: { $0.name == old.name }) {
            changes.append(WorkspaceChange(kind: .removed, subject: "sla \(old.name)"))
        }
        return changes.isEmpty ? [WorkspaceChange(kind: .changed, subject: "sla", details: ["order"])] : changes
    }

    func applySatisfaction(_ sql: Transaction) throws -> [WorkspaceChange] {
        guard case .to(let after) = self.file.satisfaction else { return [] }
        let before = try Satisfaction.settings(sql, self.workspace)
        guard before != after else { return [] }
        try Satisfaction.set(sql, self.workspace, after)
        guard let after else { return [WorkspaceChange(kind: .removed, subject: "csat")] }
        return WorkspaceChange.between(before, after, "csat").map { [$0] } ?? []
    }
}
