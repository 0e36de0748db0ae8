import Assignment
import SocketIO
import Storage
import Testing

@testable import Gateway

/// Every field of every event that names something x every role that may send it: what belongs to another workspace is
/// answered like what was never there, and nothing changes.
@Suite struct ForeignIDTests {
    /// What a field names.
    enum Reference: String, Sendable, CaseIterable {
        case chat, message, assignment, notification, commercial, visitor, queue, bot
    }

    /// By the name of the field; `target` is written `commercial:{id}` or `queue:{name}`.
    static let references: [String: [Reference]] = [
        "chatId": [.chat], "replyTo": [.message], "assignmentId": [.assignment], "notificationId": [.notification],
        "commercialId": [.commercial], "visitorId": [.visitor], "queue": [.queue], "botId": [.bot],
        "target": [.commercial, .queue],
    ]

    /// Names that clients make up, and that are looked up nowhere.
    static let ownNames: Set<String> = ["clientMsgId", "suggestionId", "turnId", "streamId"]

    /// Where the right to do it is missing whoever is named, and that is the answer.
    static let otherRefusals: [String: String] = [
        "chat:assign commercialId commercial": "forbidden", "chat:assign queue commercial": "forbidden",
        "commercial:status commercialId commercial": "forbidden", "assistance:suggestions commercialId ai": "not_owner",
        "chat:handback botId commercial": "not_owner", "chat:handback botId ai": "not_owner",
        // The chat is offered, so that nobody has it who could pass it on.
        "chat:transfer to.commercialId commercial": "not_owner", "chat:transfer to.queue commercial": "not_owner",
        "chat:transfer to.commercialId supervisor": "bad_state", "chat:transfer to.queue supervisor": "bad_state",
        "chat:transfer to.commercialId admin": "bad_state", "chat:transfer to.queue admin": "bad_state",
    ]

    private static func name(of field: String) -> String { String(field.split(separator: ".").last ?? "") }

    @Test(arguments: EventSample.all) func everyFieldThatNamesSomethingIsKnown(sample: EventSample) {
        for (field, kind) in sample.fields {
            let name = Self.name(of: field)
            var isID = name.hasSuffix("Id")
            if case .id = kind { isID = true }
            guard isID, !Self.ownNames.contains(name) else { continue }
            #expect(Self.references[name] != nil, "\(sample.name) \(field)")
        }
    }

    @Test func whatIsForeignIsAsIfItWereNot() async throws {
        try await EventsFixture.with(configure: {
            $0.limits.enabled = false
            $0.routing.autoAccept = false
        }) { fixture in
            let foreign = try await Self.furnish(fixture, workspace: "other")
            let own = try await Self.furnish(fixture, workspace: "default")
            let clients: [Role: TestClient] = [
                .visitor: try await fixture.connect(.visitor, own[.visitor] ?? ""),
                .commercial: try await fixture.connect(.commercial, "ana"),
                .supervisor: try await fixture.connect(.supervisor, "boss"),
                .admin: try await fixture.connect(.admin, "root"),
                .ai: try await fixture.connect(.ai, "analyst", takesChats: false),
            ]
            let before = try await Self.contents(fixture)
            for tables in before.values { #expect(tables.count > 10) }
            var rows = 0
            for sample in EventSample.all {
                for (field, reference) in Self.references(of: sample) {
                    for (role, client) in clients where sample.roles.contains(role) {
                        var base = sample
                        if base.payload["chatId"] != nil, field != "chatId" {
                            base.payload["chatId"] = .string(own[.chat] ?? "")
                        }
                        // Either a person or a queue.
                        if field.hasPrefix("to.") { base.payload["to"] = [:] }
                        // An offer is found by itself.
                        if reference == .assignment { base.payload["chatId"] = nil }
                        let unknown = await client.send(
                            sample.name, .object(base.payload(field, Self.value(reference, Self.unknown, field))))
                        let ack = await client.send(
                            sample.name, .object(base.payload(field, Self.value(reference, foreign, field))))
                        let row = "\(sample.name) \(field) \(role)"
                        #expect(ack == unknown, "\(row): \(reference)")
                        #expect(ack.errorCode == Self.otherRefusals[row] ?? "not_found", "\(row): \(ack)")
                        rows += 1
                    }
                }
            }
            #expect(rows > 80)
            #expect(try await Self.contents(fixture) == before)
        }
    }

    /// The fields of an event that name something, `data.chatId` among them.
    private static func references(of sample: EventSample) -> [(field: String, reference: Reference)] {
        sample.fields.flatMap { field, _ in
            (Self.references[Self.name(of: field)] ?? []).map { (field: field, reference: $0) }
        }
    }

    /// Ids that nothing has.
    private static let unknown: [Reference: String] = Dictionary(
        uniqueKeysWithValues: Reference.allCases.map { reference in
            switch reference {
            case .commercial, .visitor, .queue, .bot: (reference, "nobody")
            case .chat, .message, .assignment, .notification: (reference, EventSample.unknownChat)
            }
        })

    private static func value(_ reference: Reference, _ ids: [Reference: String], _ field: String) -> JSONValue {
        let id = ids[reference] ?? ""
        return .string(field == "target" ? "\(reference.rawValue):\(id)" : id)
    }

    /// A workspace with one of everything: the chat is offered to `eva-…` and waits for nobody else.
    private static func furnish(_ fixture: EventsFixture, workspace: String) async throws -> [Reference: String] {
        let (queue, visitorID, commercialID) = ("line-\(workspace)", "vera-\(workspace)", "eva-\(workspace)")
        try await fixture.services.database.transaction(.workspace(workspace)) { sql in
            try Workspaces.ensureQueue(sql, workspace, name: queue)
            try Bots.seen(sql, workspace, Participant(role: .ai, id: "bot-\(workspace)"))
        }
        let commercial = try await fixture.connect(.commercial, commercialID, workspace: workspace)
        let visitor = try await fixture.connect(.visitor, visitorID, workspace: workspace)
        let said = await visitor.send("message:send", ["content": "hola"])
        try await fixture.dispatch(workspace: workspace)
        let offer = try #require(commercial.socket.received("chat:offer").first)
        let boss = try await fixture.connect(.supervisor, "chief", workspace: workspace)
        let told = await boss.send("notification:send", ["type": "news", "target": "agents"])
        return [
            .chat: try #require(said[dynamic: "chatId"].string),
            .message: try #require(said[dynamic: "messageId"].string),
            .assignment: try #require(offer[dynamic: "assignmentId"].string),
            .notification: try #require(told[dynamic: "notificationId"].string),
            .commercial: commercialID, .visitor: visitorID, .queue: queue,
            .bot: "bot-\(workspace)",
        ]
    }

    private static func contents(_ fixture: EventsFixture) async throws -> [String: [String: String]] {
        var contents: [String: [String: String]] = [:]
        for workspace in ["default", "other"] {
            contents[workspace] = try await Self.contents(of: workspace, fixture.services.database)
        }
        return contents
    }

    /// Every row of every table that a workspace has, as digests by table.
    static func contents(of workspace: String, _ database: Database) async throws -> [String: String] {
        let rows = try await database.transaction(.workspace(workspace)) { sql in
            try sql.query(
                """
                select c.table_name,
                    md5(query_to_xml(format('select * from %I t order by t::text', c.table_name), true, false, '')::text)
                from information_schema.columns c
                where c.table_schema = 'public' and c.column_name = 'workspace_id'
                """
            ).map { (try $0.text(0), try $0.text(1)) }
        }
        return Dictionary(rows, uniquingKeysWith: { first, _ in first })
    }
}
