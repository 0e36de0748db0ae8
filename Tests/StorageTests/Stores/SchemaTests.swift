import Assignment
import StorageTestSupport
import Testing

@testable import Storage

/// What holds for every table, asked of the catalogue itself, so that a table added later is judged as well.
@Suite struct SchemaTests {
    /// Rows in every table for both workspaces.
    private static func furnish(_ stage: StoreStage) async throws {
        for workspace in [StoreStage.workspace, "other"] {
            try await stage.run(.workspace(workspace)) { tx in
                try Visitors.upsert(tx, workspace, "v", isVerified: true)
                try SLAPolicies.set(tx, workspace, [SLAPolicy(name: "p", firstResponseMilliseconds: 60_000)])
                try Satisfaction.set(tx, workspace, .init(windowMilliseconds: 60_000))
                _ = try Visitors.openSession(tx, workspace, visitor: "v")
                try Commercials.seen(tx, workspace, StoreStage.ana, defaultCap: 5)
                _ = try Profiles.set(
                    tx, workspace, .init(id: "ana", cap: 5, queues: ["default"], profile: CommercialProfile()))
                try Profiles.bumpRevision(tx, workspace)
                try Trust.set(
                    tx, VerificationKeyRow(workspaceID: workspace, id: "k", algorithm: "HS256", material: "secret"))
                try Trust.set(tx, KeySetRow(workspaceID: workspace, url: "https://id.example/keys"))
                try Trust.revoke(tx, workspace, tokenID: "j")
                let hook = WebhookEndpointRow(
                    workspaceID: workspace, name: "shop", url: "https://shop.example/",
                    kinds: ["messagePosted", "notePosted"], secrets: ["s"])
                try Webhooks.set(tx, hook)
                try Bots.seen(tx, workspace, StoreStage.bot)
                try Presence.insert(tx, workspace, .sample(of: StoreStage.ana), milliseconds: 60_000)
                let chat = try Chats.createOrLockOpen(
                    tx, workspace, NewChat(visitorID: "v", entry: .waiting(slackMilliseconds: 0))
                ).chat
                _ = try Messages.append(tx, chat, .from("v", "hola"))
                _ = try Notes.append(tx, chat, NewMessage(sender: StoreStage.ana, type: .note, content: "nota"))
                try Suggestions.give(tx, chat, to: "ana", by: "bot-1", ids: ["s", "s"], forSeq: 1)
                _ = try Chats.markRead(tx, chat, by: StoreStage.ana, seq: 1)
                if let lease = try Deliveries.lease(tx, workspace, endpoint: "shop", milliseconds: 1000) {
                    _ = try Deliveries.bury(tx, lease, status: nil, failure: "timeout")
                }
                let assigned = try StoreStage.assign(tx, chat, to: StoreStage.ana)
                _ = try WarmTransfers.create(
                    tx, assigned?.chat ?? chat, from: "ana", to: "ana", summary: nil, reason: nil, offerFor: 60_000)
                let notification = try Notifications.store(
                    tx, workspace,
                    .init(
                        type: "sentiment_alert", target: .supervisors, sender: .system, ttlMilliseconds: 60_000,
                        dedupe: .init(key: "k", milliseconds: 60_000)))
                _ = try Notifications.acknowledge(tx, workspace, notification.id, by: "sup")
                _ = try Flows.start(
                    tx, workspace, .init(visitorID: "v", strategy: "s", action: "invite", by: StoreStage.bot))
                try Retention.set(tx, workspace, [.messages: 1])
                _ = try Retention.sweep(tx, workspace, .messages, keeping: 1)
                try Visitors.upsert(tx, workspace, "gone", isVerified: false)
                _ = try Privacy.erase(tx, workspace, "gone", pseudonym: "erased-\(workspace)")
                let hash = String(repeating: workspace == "w" ? "a" : "b", count: 64)
                _ = try Keys.createAPIKey(tx, workspace, name: "bot-1", hash: hash, scopes: [.messaging])
                _ = try Keys.createWidgetKey(tx, workspace, hash: hash, origins: nil)
                try tx.execute(
                    "insert into signing_keys (workspace_id, secret) values ($1, $2)",
                    [.text(workspace), .bytes([UInt8](repeating: 1, count: 32))])
            }
        }
    }

    /// Counts rows of every table but the migrator's own, with a statement that has no WHERE.
    private static func counts(_ tx: Transaction) throws -> [String: (rows: Int64, foreign: Int64)] {
        let rows = try tx.query(
            """
            select c.relname, (xpath('//n/text()', x))[1]::text::bigint, (xpath('//f/text()', x))[1]::text::bigint
            from pg_class c cross join lateral query_to_xml(format(
                'select count(*) as n, count(*) filter (where workspace_id <> ''w'') as f from %I', c.relname),
                false, false, '') x
            where c.relkind in ('r', 'p') and c.relnamespace = 'public'::regnamespace
                and c.relname <> 'schema_migrations'
            """)
        var counts: [String: (rows: Int64, foreign: Int64)] = [:]
        for row in rows { counts[try row.text(0)] = (try row.int(1), try row.int(2)) }
        return counts
    }

    @Test func aQueryWithoutWhereSeesNothingWithoutAWorkspace() async throws {
        try await StoreStage.with { stage in
            try await Self.furnish(stage)
            let owner = try await stage.test.ownerDatabase()
            let all = try await owner.transaction(.none) { try Self.counts($0) }
            await owner.shutDown()
            #expect(all.count >= 32)
            for (table, count) in all {
                #expect(count.rows >= 2 && count.foreign >= 1, "\(table) is empty: the test would prove nothing")
            }
            let none = try await stage.run(.none) { try Self.counts($0) }
            #expect(none.keys.sorted() == all.keys.sorted())
            for (table, count) in none { #expect(count.rows == 0, "\(table) shows rows to nobody in particular") }
        }
    }

    @Test func aWorkspaceSeesItsOwnRowsAndNoOthers() async throws {
        try await StoreStage.with { stage in
            try await Self.furnish(stage)
            let own = try await stage.run { try Self.counts($0) }
            for (table, count) in own {
                #expect(count.rows >= 1, "\(table) hides a workspace's own rows")
                #expect(count.foreign == 0, "\(table) shows another workspace's rows")
            }
        }
    }

    @Test func aWorkspaceCannotWriteIntoAnother() async throws {
        try await StoreStage.with { stage in
            try await Self.furnish(stage)
            let insert = try await stage.refusal { try Visitors.upsert($0, "other", "intruder", isVerified: false) }
            #expect(insert?.sqlState == "42501")
            let chats = try await stage.run { try $0.execute("update chats set priority = 'urgent'") }
            let sessions = try await stage.run { try $0.execute("delete from visitor_sessions") }
            #expect(chats == 1 && sessions == 1, "its own")
            let moved = try await stage.refusal { try $0.execute("update queues set workspace_id = 'other'") }
            #expect(moved?.sqlState == "42501" || moved?.code == .constraint)
        }
    }

    @Test func everyTableAndUniqueIndexCarriesTheWorkspace() async throws {
        try await StoreStage.with { stage in
            let naked = try await stage.run { tx in
                try tx.query(
                    """
                    select c.relname from pg_class c
                    where c.relkind in ('r', 'p') and c.relnamespace = 'public'::regnamespace
                        and c.relname <> 'schema_migrations'
                        and not (c.relrowsecurity and c.relforcerowsecurity
                            and exists (select from pg_policy p where p.polrelid = c.oid and p.polname = 'workspace')
                            and exists (select from pg_attribute a where a.attrelid = c.oid
                                and a.attname = 'workspace_id' and a.attnotnull))
                    union all
                    select i.indexrelid::regclass::text from pg_index i join pg_class c on c.oid = i.indrelid
                    where i.indisunique and c.relnamespace = 'public'::regnamespace and c.relname <> 'schema_migrations'
                        and not exists (select from pg_attribute a where a.attrelid = c.oid
                            and a.attname = 'workspace_id' and a.attnum = any (i.indkey::smallint[]))
                    """
                ).map { try $0.text(0) }
            }
            #expect(naked == [])
        }
    }

    static let definitions: [StaticString] = [
        "create table t ()", "create schema s", "alter table chats add column x text", "drop table chats",
        "truncate chats", "create index on chats (created_at)", "alter table chats disable row level security",
        "create policy p on chats using (true)", "drop policy workspace on chats", "alter role puente_app superuser",
        "create function f() returns int language sql as 'select 1'", "alter function refuse() rename to r",
        "drop trigger chats_epoch on chats", "alter table chats disable trigger all",
        "delete from messages", "update messages set content = 'x'", "delete from audit", "delete from chats",
        "insert into schema_migrations values (99, 'x', 'y')", "call fence('chats')",
    ]

    @Test(arguments: definitions)
    func theApplicationDefinesNothingAndRewritesNoHistory(_ sql: StaticString) async throws {
        try await StoreStage.with { stage in
            let refusal = try await stage.refusal { try $0.execute(sql) }
            #expect(refusal?.sqlState == "42501", "\(sql) gave \(String(describing: refusal))")
        }
    }

    static let rowTypes: [(table: String, columns: [String])] = [
        ("chats", ChatRow.columns), ("messages", MessageRow.columns), ("notes", NoteRow.columns),
        ("commercials", CommercialRow.columns), ("assignments", AssignmentRow.columns),
        ("warm_transfers", WarmTransferRow.columns),
        ("visitors", VisitorRow.columns), ("visitor_sessions", VisitorSessionRow.columns),
        ("presence_leases", LeaseRow.columns), ("notifications", NotificationRow.columns),
    ]

    @Test(arguments: rowTypes)
    func rowsAreReadInTheTablesOrder(_ table: String, _ columns: [String]) async throws {
        try await StoreStage.with { stage in
            let actual = try await stage.run { tx in
                try tx.query(
                    """
                    select attname from pg_attribute
                    where attrelid = ('public.' || $1)::regclass and attnum > 0 and not attisdropped order by attnum
                    """, [.text(table)]
                ).map { try $0.text(0) }
            }
            #expect(actual == columns)
        }
    }

    @Test func transitionsAgreeWithThePureTable() async throws {
        try await StoreStage.with { stage in
            for old in ChatStatus.allCases {
                for new in ChatStatus.allCases where new != old {
                    let legal = try await stage.run { tx in
                        try tx.query(
                            "select chat_transition_legal($1, $2)", [.text(old.rawValue), .text(new.rawValue)]
                        ).first?.bool(0)
                    }
                    #expect(legal == old.successors.contains(new), "\(old) -> \(new)")
                }
            }
        }
    }

    @Test func theDirectoryShowsWorkspacesAndNothingElse() async throws {
        try await StoreStage.with { stage in
            let workspaces = try await stage.run(.none) { tx in
                let workspaces = try Workspaces.directory(tx)
                #expect(try tx.query("select 1 from queues").isEmpty)
                #expect(try tx.query("select 1 from workspaces").isEmpty, "the directory stays open afterwards")
                return workspaces
            }
            #expect(workspaces == ["other", "w"])
        }
    }

    /// Whoever is forgotten is deleted, and every key that points there looks for them.
    @Test func theKeysToVisitorsAreIndexed() async throws {
        try await StoreStage.with { stage in
            let bare = try await stage.run { tx in
                try tx.query(
                    """
                    select c.conrelid::regclass::text || ' ' || c.conname from pg_constraint c
                    where c.contype = 'f' and c.confrelid = 'visitors'::regclass and not exists (
                        select from pg_index i
                        where i.indrelid = c.conrelid and (i.indkey::int2[])[0:cardinality(c.conkey) - 1] = c.conkey
                            and coalesce(pg_get_expr(i.indpred, i.indrelid), '') in ('', '(merged_into IS NOT NULL)'))
                    """
                ).map { try $0.text(0) }
            }
            #expect(bare == [])
        }
    }
}
