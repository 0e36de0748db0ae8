internal import Foundation
internal import Storage

/// Who outside hears of the workspace's events.
extension WorkspaceFile {
    /// An endpoint before its address is judged and its secrets are fetched.
    struct Webhook: Sendable {
        var name: String
        var url: Entry<String>
        var kinds: [String]
        var secrets: [Entry<SecretSource>]
    }

    /// Where a secret is.
    enum SecretSource: Sendable {
        case inline(Secret)
        case file(String)
        case environment(String)

        var isInFile: Bool { if case .inline = self { true } else { false } }
    }

    /// Reads the whole list: an endpoint that is not in it hears nothing any more.
    mutating func readWebhooks(_ list: YAMLValue?) {
        guard let list else { return }
        self.webhooks = Self.entries(list, named: \.name, Self.webhook)
    }

    private static func webhook(_ item: YAMLValue) -> Webhook? {
        item.fields { fields in
            let name = fields.required("name")?.text() ?? ""
            let url = fields.required("url")
            let events = fields.required("events")
            let secrets = fields.required("secrets")
            return Webhook(
                name: name,
                url: Entry(value: url?.text(atMost: 2048) ?? "", place: (url ?? item).place),
                kinds: WebhookEvents.kinds(of: Self.names(events)), secrets: Self.secrets(secrets))
        }
    }

    private static func names(_ value: YAMLValue?) -> [String] {
        guard let value, let list = value.list() else { return [] }
        if list.isEmpty { value.fail("asks for nothing: there are \(WebhookEvents.names.joined(separator: ", "))") }
        return list.compactMap { item in
            guard let name = item.text() else { return nil }
            guard WebhookEvents.kinds[name] != nil else {
                item.fail("\"\(name)\" is none of \(WebhookEvents.names.joined(separator: ", "))")
                return nil
            }
            return name
        }
    }

    private static func secrets(_ value: YAMLValue?) -> [Entry<SecretSource>] {
        guard let value, let list = value.list() else { return [] }
        if !(1...2).contains(list.count) { value.fail("must be one secret or two") }
        return list.compactMap { item in self.secret(item).map { Entry(value: $0, place: item.place) } }
    }

    private static func secret(_ item: YAMLValue) -> SecretSource? {
        guard item.isMapping else { return item.text(atMost: 256).map { .inline(Secret($0)) } }
        return item.fields { fields -> SecretSource? in
            let (file, variable) = (fields.optional("file"), fields.optional("env"))
            guard (file == nil) != (variable == nil) else {
                item.fail("is a secret, {file: PATH} or {env: NAME}")
                return nil
            }
            if let file { return file.text(atMost: 4096).map { .file($0) } }
            return variable?.text(atMost: 256).map { .environment($0) }
        } ?? nil
    }
}

extension ApplyWorkspace {
    /// The endpoints with their secrets, all of them judged; nil where the file does not speak of webhooks.
    func readWebhooks() throws(FileProblems) -> [WebhookEndpointRow]? {
        guard let webhooks = self.file.webhooks else { return nil }
        var problems: [FileProblem] = []
        var rows: [WebhookEndpointRow] = []
        for webhook in webhooks.map(\.value) {
            do throws(WebhookTarget.Refusal) {
                _ = try WebhookTarget(webhook.url.value, rules: self.webhookRules)
            } catch {
                problems.append(webhook.url.place.problem("\(error)"))
            }
            var secrets: [String] = []
            for secret in webhook.secrets {
                do throws(SecretProblem) {
                    secrets.append(try secret.value.fetch().reveal())
                } catch {
                    problems.append(secret.place.problem(error.text))
                }
            }
            rows.append(
                WebhookEndpointRow(
                    workspaceID: self.workspace, name: webhook.name, url: webhook.url.value, kinds: webhook.kinds,
                    secrets: secrets))
        }
        guard problems.isEmpty else { throw FileProblems(problems) }
        return rows
    }

    func apply(_ webhooks: [WebhookEndpointRow]?, _ sql: Transaction) throws -> [WorkspaceChange] {
        guard let webhooks else { return [] }
        let before = try Webhooks.endpoints(sql, self.workspace)
        var changes: [WorkspaceChange] = []
        for endpoint in webhooks {
            let old = before.first { $0.name == endpoint.name }
            guard let change = WorkspaceChange.between(old, endpoint, "webhook \(endpoint.name)") else { continue }
            try Webhooks.set(sql, endpoint)
            changes.append(change)
        }
        for old in before where !webhooks.contains(where: { $0.name == old.name }) {
            try Webhooks.remove(sql, self.workspace, old.name)
            changes.append(WorkspaceChange(kind: .removed, subject: "webhook \(old.name)"))
        }
        return changes
    }
}

private struct SecretProblem: Error {
    var text: String
}

extension WorkspaceFile.SecretSource {
    fileprivate func fetch() throws(SecretProblem) -> Secret {
        let secret: String
        switch self {
        case .inline(let value):
            secret = value.reveal()
        case .environment(let name):
            guard let value = ProcessInfo.processInfo.environment[name], !value.isEmpty else {
                throw SecretProblem(text: "there is no variable \(name)")
            }
            secret = value
        case .file(let path):
            guard let data = FileManager.default.contents(atPath: path), let text = String(data: data, encoding: .utf8)
            else { throw SecretProblem(text: "\(path) cannot be read") }
            guard !FileMode.isOpenToOthers(path) else {
                throw SecretProblem(text: "others can read \(path): chmod 600 it")
            }
            secret = String(text.prefix { !$0.isNewline })
        }
        guard (24...256).contains(secret.utf8.count), secret.utf8.allSatisfy({ (0x21...0x7e).contains($0) }) else {
            throw SecretProblem(text: "must have 24 to 256 printable ASCII characters")
        }
        return Secret(secret)
    }
}

extension WebhookEndpointRow: SettingsDescribing {
    var describedSettings: [SettingText] {
        [
            // A query may hold a token of the receiver's.
            SettingText("url", self.url, String(self.url.prefix { $0 != "?" })),
            SettingText("events", self.kinds, WebhookEvents.names(of: self.kinds).joined(separator: " ")),
            // Never the secrets: other ones read the same and are told as changed.
            SettingText("secrets", self.secrets, "\(self.secrets.count)"),
        ]
    }
}
