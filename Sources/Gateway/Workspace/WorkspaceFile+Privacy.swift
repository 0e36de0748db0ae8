internal import Storage

/// How long the workspace keeps what, and whether pages are stored of visitors who did not agree.
extension WorkspaceFile {
    mutating func readRetention(_ value: YAMLValue?) {
        guard let value else { return }
        let policies = value.fields { fields in
            var policies: [Retention.Class: Int64] = [:]
            for one in Retention.Class.allCases {
                guard let member = fields.optional(one.rawValue), let duration = member.duration() else { continue }
                if one == .outbox, !(Self.outboxShortest...Self.outboxLongest).contains(duration) {
                    member.fail("must be from 1h, which recovery needs, to 24h, when it goes anyway")
                }
                policies[one] = duration.inMilliseconds
            }
            return policies
        }
        self.retention = policies
    }

    private static let outboxShortest: Duration = .seconds(3600)
    private static let outboxLongest: Duration = .seconds(24 * 3600)

    mutating func readPrivacy(_ value: YAMLValue?) {
        guard let value else { return }
        let isRequired = value.fields { fields -> Bool? in
            guard let member = fields.required("pageConsent"), let word = member.text() else { return nil }
            guard word == "required" || word == "assumed" else {
                member.fail("\"\(word)\" is neither required nor assumed")
                return nil
            }
            return word == "required"
        }
        self.pageConsentIsRequired = isRequired ?? nil
    }
}

extension ApplyWorkspace {
    func applyRetention(_ sql: Transaction) throws -> [WorkspaceChange] {
        guard let after = self.file.retention else { return [] }
        let before = try Retention.policies(sql, self.workspace)
        guard before != after else { return [] }
        try Retention.set(sql, self.workspace, after)
        guard !after.isEmpty else { return [WorkspaceChange(kind: .removed, subject: "retention")] }
        return WorkspaceChange.between(before.isEmpty ? nil : RetentionText(before), RetentionText(after), "retention")
            .map { [$0] } ?? []
    }

    func applyPrivacy(_ sql: Transaction) throws -> [WorkspaceChange] {
        guard let after = self.file.pageConsentIsRequired,
            try Privacy.requiresPageConsent(sql, self.workspace) != after
        else { return [] }
        try Privacy.setPageConsent(sql, self.workspace, isRequired: after)
        return [
            WorkspaceChange(
                kind: .changed, subject: "privacy", details: ["pageConsent \(after ? "required" : "assumed")"])
        ]
    }
}

private struct RetentionText: SettingsDescribing, Equatable {
    var policies: [Retention.Class: Int64]

    init(_ policies: [Retention.Class: Int64]) { self.policies = policies }

    var describedSettings: [SettingText] {
        Retention.Class.allCases.map { one in
            SettingText(one.rawValue, self.policies[one], self.policies[one].map { "\($0 / 1000)s" })
        }
    }
}
