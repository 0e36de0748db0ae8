import Foundation
import Storage
import StorageTestSupport
import Testing

@testable import Gateway

/// Webhooks in a workspace file: what is wrong with them, and what applying one does.
@Suite struct WebhookFileTests {
    struct Row: Sendable, CustomTestStringConvertible {
        /// In place of the line that begins alike.
        var line: String
        var place: String
        var problem: String
        var testDescription: String { self.line }
    }

    private static func file(_ line: String = "") -> String {
        [
            "webhooks:", "  - name: shop", "    url: https://shop.example/hook",
            "    events: [message:new, chat:closed]",
            "    secrets: [a-secret-of-24-characters]",
        ].map { own in
            let key = line.prefix { $0 != ":" }
            return !line.isEmpty && own.hasPrefix("    \(key):") ? "    \(line)" : own
        }.joined(separator: "\n")
    }

    static let rows: [Row] = [
        Row(line: "url: http://shop.example/", place: "3:10: webhooks[0].url: ", problem: "is not https"),
        Row(line: "url: https://10.0.0.1/", place: "3:10: webhooks[0].url: ", problem: "private network"),
        Row(line: "url: https://shop.example:25/", place: "3:10: webhooks[0].url: ", problem: "port 25"),
        Row(line: "url: https://u:p@shop.example/", place: "3:10: webhooks[0].url: ", problem: "user or a password"),
        Row(
            line: "events: [message:gone]", place: "4:14: webhooks[0].events[0]: ", problem: "is none of chat:assigned"),
        Row(line: "events: []", place: "4:13: webhooks[0].events: ", problem: "asks for nothing"),
        Row(line: "events: message:new", place: "4:13: webhooks[0].events: ", problem: "must be a list"),
        Row(line: "secrets: []", place: "5:14: webhooks[0].secrets: ", problem: "one secret or two"),
        Row(line: "secrets: [a, b, c]", place: "5:14: webhooks[0].secrets: ", problem: "one secret or two"),
        Row(line: "secrets: [short]", place: "5:15: webhooks[0].secrets[0]: ", problem: "24 to 256"),
        Row(line: "secrets: [{}]", place: "5:15: webhooks[0].secrets[0]: ", problem: "{file: PATH} or {env: NAME}"),
        Row(line: "secrets: [{env: NOT_SET}]", place: "5:15: webhooks[0].secrets[0]: ", problem: "NOT_SET"),
        Row(line: "secrets: [{file: /nowhere}]", place: "5:15: webhooks[0].secrets[0]: ", problem: "cannot be read"),
    ]

    private static func read(_ yaml: String) throws -> [WebhookEndpointRow]? {
        try ApplyWorkspace(file: try WorkspaceFile(parsing: yaml), workspace: "w", defaultCapacity: 5).readWebhooks()
    }

    @Test(arguments: rows)
    func whatIsWrongIsNamedWithItsPlace(_ row: Row) throws {
        #expect(try Self.read(Self.file())?.count == 1)
        let problems = try #require(throws: FileProblems.self) { _ = try Self.read(Self.file(row.line)) }
        let lines = problems.problems.map { $0.description(in: "f") }
        #expect(lines.contains { $0.hasPrefix("f:\(row.place)") && $0.contains(row.problem) }, "\(lines)")
        #expect(!lines.joined().contains("a-secret"))
    }

    @Test func aSecretComesFromAFileThatNobodyElseReads() throws {
        let path = FileManager.default.temporaryDirectory.appendingPathComponent("puente-\(UUID().uuidString)").path
        defer { try? FileManager.default.removeItem(atPath: path) }
        try Data("a-secret-from-a-file-of-ours\n".utf8).write(to: URL(fileURLWithPath: path))
        try FileManager.default.setAttributes([.posixPermissions: 0o600], ofItemAtPath: path)
        let yaml = Self.file("secrets: [{file: \(path)}]")
        #expect(try Self.read(yaml)?.first?.secrets == ["a-secret-from-a-file-of-ours"])
        #expect(try WorkspaceFile(parsing: yaml).placeOfSecret == nil)
        #expect(try WorkspaceFile(parsing: Self.file()).placeOfSecret?.line == 5)
        try FileManager.default.setAttributes([.posixPermissions: 0o640], ofItemAtPath: path)
        let problems = try #require(throws: FileProblems.self) { _ = try Self.read(yaml) }
        #expect(problems.problems.first?.problem.contains("chmod 600") ?? false)
    }

    @Test func applyingTellsWhatChangesAndNoSecret() async throws {
        try await TestDatabase.with { test in
            let apply = { (yaml: String) in try await ApplyWorkspaceTests.apply(yaml, to: test.database) }
            let first = try await apply(Self.file("url: https://shop.example/hook?token=hidden"))
            #expect(
                first == ["+ webhook shop: url https://shop.example/hook, events chat:closed message:new, secrets 1"])
            #expect(try await apply(Self.file("url: https://shop.example/hook?token=hidden")) == [])
            let rotated = try await ApplyWorkspaceTests.apply(
                Self.file("url: https://shop.example/hook?token=hidden").replacing(
                    "[a-secret-of-24-characters]", with: "[another-secret-of-the-shop, a-secret-of-24-characters]"),
                to: test.database, isDryRun: true)
            #expect(rotated == ["~ webhook shop: secrets 1 -> 2"])
            #expect(try await apply(Self.file()) == ["~ webhook shop: url changed"])
            #expect(
                try await apply(Self.file("events: [message:new]")) == [
                    "~ webhook shop: events chat:closed message:new -> message:new"
                ])
            #expect(try await apply("queues: []") == [], "a file that does not speak of them")
            #expect(try await apply("webhooks: []") == ["- webhook shop"])
            let audit = try await test.database.transaction(.workspace("default")) { sql in
                try sql.query("select detail::text from audit").map { try $0.text(0) }.joined()
            }
            #expect(!audit.contains("secret-of") && !audit.contains("hidden"))
        }
    }
}
