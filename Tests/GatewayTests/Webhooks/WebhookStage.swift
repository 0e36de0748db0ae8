import Assignment
import Foundation
import Logging
import NIOPosix
import Storage
import StorageTestSupport
import Testing

@testable import Gateway

/// A workspace with one endpoint, and couriers that deliver to it.
struct WebhookStage: Sendable {
    static let secret = "a-secret-of-these-tests-only"
    static let workspace = "default"

    let test: TestDatabase
    var settings: WebhookSettings

    static func with(
        events: String = "[message:new]", url: String, secrets: [String] = [secret],
        configure: (inout WebhookSettings) -> Void = { _ in }, _ body: (WebhookStage) async throws -> Void
    ) async throws {
        var settings = WebhookSettings()
        settings.allowPrivate = true
        settings.firstRetry = .milliseconds(20)
        settings.longestRetry = .milliseconds(50)
        configure(&settings)
        try await TestDatabase.with(configure: { $0.size = 8 }) { test in
            let stage = WebhookStage(test: test, settings: settings)
            try await stage.point(to: url, events: events, secrets: secrets)
            try await body(stage)
        }
    }

    @discardableResult
    func point(to url: String, events: String = "[message:new]", secrets: [String] = [secret]) async throws -> [String]
    {
        let yaml = """
            webhooks:
              - name: shop
                url: '\(url)'
                events: \(events)
                secrets: [\(secrets.joined(separator: ", "))]
            """
        return try await self.apply(yaml)
    }

    @discardableResult
    func apply(_ yaml: String) async throws -> [String] {
        let apply = ApplyWorkspace(
            file: try WorkspaceFile(parsing: yaml), workspace: Self.workspace, defaultCapacity: 5,
            webhookRules: self.settings.rules)
        return try await apply(on: self.test.database, isDryRun: false).map(\.description)
    }

    func courier(
        on database: Database? = nil, logger: Logger = TestDatabase.silence,
        resolve: (@Sendable (String) async throws(WebhookFailure) -> [String])? = nil
    ) -> WebhookCourier {
        var sender = WebhookSender(loops: MultiThreadedEventLoopGroup.singleton, settings: self.settings)
        if let resolve { sender.resolve = resolve }
        return WebhookCourier(
            database: database ?? self.test.database, sender: sender, settings: self.settings, logger: logger)
    }

    /// A visitor's messages in one transaction each; the chat is made with the first.
    @discardableResult
    func say(_ texts: String..., by visitor: String = "v") async throws -> String {
        var id = ""
        for text in texts {
            id = try await self.run { sql in
                try Visitors.upsert(sql, Self.workspace, visitor, isVerified: false)
                let new = NewChat(visitorID: visitor, entry: .waiting(slackMilliseconds: 0))
                let chat = try Chats.createOrLockOpen(sql, Self.workspace, new).chat
                let message = NewMessage(
                    sender: Participant(role: .visitor, id: visitor), type: .user, content: text)
                _ = try Messages.append(sql, chat, message)
                return chat.id
            }
        }
        return id
    }

    func run<Value: Sendable>(_ body: @escaping @Sendable (Transaction) throws -> Value) async throws -> Value {
        try await self.test.database.transaction(.workspace(Self.workspace), body)
    }

    var counts: WebhookEndpointCounts {
        get async throws {
            try #require(try await self.run { try Webhooks.counts($0) }.first).counts
        }
    }

    /// Delivers, again and again, until nothing waits any more.
    func settle(_ couriers: WebhookCourier..., within limit: Duration = .seconds(30)) async throws {
        let deadline = ContinuousClock.now + limit
        while try await self.counts.waiting > 0 {
            try #require(ContinuousClock.now < deadline, "it does not settle")
            try await withThrowingDiscardingTaskGroup { group in
                for courier in couriers { group.addTask { try await courier.deliverDue() } }
            }
        }
    }
}
