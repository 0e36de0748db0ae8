import Assignment
import Storage
import StorageTestSupport
import Testing

@Suite struct KeysTests {
    private static let hash = String(repeating: "0a", count: 32)
    private static let other = String(repeating: "0b", count: 32)

    @Test func anAPIKeyOpensExactlyItself() async throws {
        try await StoreStage.with { stage in
            let key = try await stage.run { tx in
                let key = try Keys.createAPIKey(
                    tx, "w", name: "bot-1", hash: Self.hash, scopes: [.messaging, .automation])
                _ = try Keys.createAPIKey(tx, "w", name: "bot-2", hash: Self.other, scopes: [])
                return key
            }
            try await stage.run(.none) { tx in
                #expect(try Keys.apiKey(tx, presenting: Self.hash) == key)
                #expect(try Keys.apiKey(tx, presenting: String(repeating: "0c", count: 32)) == nil)
                #expect(try Keys.apiKey(tx, presenting: "") == nil)
                #expect(try tx.query("select * from api_keys").isEmpty, "the credential stays open afterwards")
                try tx.query("select set_config('app.credential', $1, true)", [.text(Self.hash)])
                #expect(try tx.query("select * from api_keys").count == 1)
                #expect(try tx.query("select * from widget_keys").isEmpty)
            }
            #expect(key.workspaceID == "w" && key.name == "bot-1" && key.scopes == [.messaging, .automation])
            let second = try await stage.refusal {
                try Keys.createAPIKey($0, "w", name: "bot-1", hash: String(repeating: "0d", count: 32), scopes: [])
            }
            #expect(second?.constraint == "api_keys_name")
            try await stage.run { tx in
                #expect(try Keys.revokeAPIKey(tx, "w", name: "bot-1"))
                #expect(try !Keys.revokeAPIKey(tx, "w", name: "bot-1"))
                _ = try Keys.createAPIKey(tx, "w", name: "bot-1", hash: String(repeating: "0d", count: 32), scopes: [])
            }
            let revoked = try await stage.run(.none) { try Keys.apiKey($0, presenting: Self.hash) }
            #expect(revoked == nil)
        }
    }

    @Test func aCredentialCannotBeChangedByPresentingIt() async throws {
        try await StoreStage.with { stage in
            try await stage.run { _ = try Keys.createAPIKey($0, "w", name: "b", hash: Self.hash, scopes: []) }
            let changed = try await stage.run(.none) { tx in
                try tx.query("select set_config('app.credential', $1, true)", [.text(Self.hash)])
                return try tx.execute("update api_keys set scopes = '{automation}'")
            }
            #expect(changed == 0)
        }
    }

    @Test func widgetKeysCarryTheirOrigins() async throws {
        try await StoreStage.with { stage in
            let open = try await stage.run { try Keys.createWidgetKey($0, "w", hash: Self.hash, origins: nil) }
            let again = try await stage.run {
                try Keys.createWidgetKey($0, "w", hash: Self.hash, origins: ["https://x.example"])
            }
            #expect(again == open)
            let listed = try await stage.run {
                try Keys.createWidgetKey($0, "w", hash: Self.other, origins: ["https://a.example"])
            }
            #expect(open.origins == nil)
            #expect(listed.origins == ["https://a.example"])
            try await stage.run(.none) { tx in
                let presented = try Keys.widgetKey(tx, presenting: Self.other)
                let all = try Keys.liveWidgetKeys(tx)
                #expect(presented == listed && all.isEmpty)
            }
            try await stage.run(.workspaces(["w", "other"])) { tx in
                let live = try Keys.liveWidgetKeys(tx)
                #expect(live.map(\.key) == [open, listed] && live.map(\.hash) == [Self.hash, Self.other])
                #expect(try Keys.widgetKey(tx, "w", id: listed.id) == listed)
                #expect(try Keys.widgetKey(tx, "other", id: listed.id) == nil)
                #expect(try Keys.widgetKey(tx, "w", id: "x") == nil)
                #expect(try Keys.revokeWidgetKey(tx, "w", id: listed.id))
                #expect(try Keys.widgetKey(tx, "w", id: listed.id) == nil)
                #expect(try !Keys.revokeWidgetKey(tx, "w", id: listed.id))
            }
        }
    }

    @Test func everybodyGetsTheSameSigningSecret() async throws {
        try await StoreStage.with { stage in
            let secrets = try await withThrowingTaskGroup(of: [UInt8].self) { group in
                for byte in 0..<12 {
                    group.addTask {
                        try await stage.run(.workspace(Keys.installScope)) {
                            try Keys.signingSecret($0, proposal: [UInt8](repeating: UInt8(byte), count: 32))
                        }
                    }
                }
                var secrets: Set<[UInt8]> = []
                for try await secret in group { secrets.insert(secret) }
                return secrets
            }
            #expect(secrets.count == 1 && secrets.first?.count == 32)
            let seen = try await stage.run { try $0.query("select 1 from signing_keys").count }
            #expect(seen == 0, "no workspace sees the install's key")
        }
    }
}
