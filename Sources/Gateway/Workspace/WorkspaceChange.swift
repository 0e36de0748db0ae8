internal import Assignment
internal import Storage

/// One line of what applying a file changes, as it is printed.
struct WorkspaceChange: Sendable, Hashable, CustomStringConvertible {
    enum Kind: String, Sendable {
        case added = "+"
        case changed = "~"
        case removed = "-"
    }

    var kind: Kind
    /// What it is about, such as `queue sales`.
    var subject: String
    /// What is different; never a secret.
    var details: [String] = []

    var description: String {
        let details = self.details.joined(separator: ", ")
        return "\(self.kind.rawValue) \(self.subject)\(details.isEmpty ? "" : ": \(details)")"
    }

    /// What turns `old` into `new`; nil where they are the same.
    static func between<Value: SettingsDescribing & Equatable>(
        _ old: Value?, _ new: Value, _ subject: String
    ) -> WorkspaceChange? {
        guard old != new else { return nil }
        let fields = new.describedSettings
        guard let old else {
            return WorkspaceChange(
                kind: .added, subject: subject,
                details: fields.filter { $0.text != SettingText.unset }.map { "\($0.key) \($0.text)" })
        }
        let details = zip(old.describedSettings, fields).filter { $0.0.value != $0.1.value }.map { before, after in
            // Two that read the same are different in what is not spelled out.
            before.text == after.text
                ? "\(after.key) changed" : "\(after.key) \(before.text) -> \(after.text)"
        }
        return WorkspaceChange(kind: .changed, subject: subject, details: details)
    }
}

/// A setting as an operator reads it.
struct SettingText {
    static let unset = "(default)"

    var key: String
    var text: String
    /// What it stands for, to be compared.
    var value: AnyHashable

    init(_ key: String, _ value: some Hashable & Sendable, _ text: String?) {
        self.key = key
        self.text = text.flatMap { $0.isEmpty ? nil : $0 } ?? Self.unset
        self.value = AnyHashable(value)
    }
}

/// What can say of itself how it is set up: always the same keys in the same order.
protocol SettingsDescribing {
    var describedSettings: [SettingText] { get }
}

extension QueueSettings: SettingsDescribing {
    var describedSettings: [SettingText] {
        [
            SettingText("autoAccept", self.autoAccept, self.autoAccept.map { "\($0)" }),
            SettingText(
                "offerTimeout", self.offerTimeoutMilliseconds, self.offerTimeoutMilliseconds.map(Self.seconds)),
            SettingText("policy", self.policy, self.policy?.rawValue),
            SettingText(
                "stickyHold", self.stickyHoldMilliseconds, self.stickyHoldMilliseconds.map(Self.seconds)),
            SettingText("languages", self.languages, self.languages.sorted().joined(separator: " ")),
            SettingText("skills", self.skills, self.skills.inWords),
            SettingText("relax", self.relaxation, Self.count(self.relaxation.count)),
            SettingText("overflow", self.overflow, Self.count(self.overflow.count)),
            SettingText("hours", self.hours, self.hours.map(Self.summary)),
            SettingText(
                "wrapUp", self.wrapUpMilliseconds,
                self.wrapUpMilliseconds > 0 ? Self.seconds(self.wrapUpMilliseconds) : nil),
            SettingText("autoClose", self.autoCloseMilliseconds, self.autoCloseMilliseconds.map(Self.seconds)),
            SettingText("abandonAfter", self.abandonMilliseconds, self.abandonMilliseconds.map(Self.seconds)),
            SettingText("weight", self.weight, self.weight == 1 ? nil : "\(self.weight)"),
        ]
    }

    fileprivate static func seconds(_ milliseconds: Int64) -> String {
        milliseconds % 1000 == 0 ? "\(milliseconds / 1000)s" : "\(milliseconds)ms"
    }

    private static func count(_ steps: Int) -> String? { steps == 0 ? nil : "\(steps) steps" }

    private static func summary(_ hours: BusinessHours) -> String {
        let days = hours.weekly.count { !$0.isEmpty }
        return "\(days) days a week in \(hours.timeZone), \(hours.holidays.count) holidays"
    }
}

extension Profiles.Member: SettingsDescribing {
    var describedSettings: [SettingText] {
        let tiers = Dictionary(
            self.queues.map { ($0, self.profile.tiers[$0] ?? 1) }, uniquingKeysWith: { first, _ in first })
        return [
            SettingText("cap", self.cap, "\(self.cap)"),
            SettingText("queues", tiers, tiers.inWords),
            SettingText("skills", self.profile.skills, self.profile.skills.inWords),
            SettingText("languages", self.profile.languages, self.profile.languages.sorted().joined(separator: " ")),
            SettingText("avatarUrl", self.avatarURL, self.avatarURL),
            SettingText(
                "minGap", self.profile.minGapMilliseconds, self.profile.minGapMilliseconds.map(QueueSettings.seconds)),
        ]
    }
}

extension [String: Int] {
    /// `billing 2 returns 1`
    fileprivate var inWords: String {
        self.sorted { $0.key < $1.key }.map { "\($0.key) \($0.value)" }.joined(separator: " ")
    }
}
