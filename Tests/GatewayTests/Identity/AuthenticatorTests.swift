import Assignment
import Storage
import StorageTestSupport
import Synchronization
import Testing

@testable import Gateway

/// The one authentication function on real rows.
@Suite struct AuthenticatorTests {
    /// A moment that tests can move.
    final class Clock: Sendable {
        let seconds = Atomic<Int64>(1_000_000)
    }

    struct House {
        let database: Database
        let directory: CredentialDirectory
        let tokens: Tokens
        let authenticator: Authenticator
        let clock = Clock()

        init(_ test: TestDatabase, queryCredentials: Bool = true) async {
            self.database = test.database
            self.directory = CredentialDirectory(
                database: test.database, configuredOrigins: [], logger: TestDatabase.silence
            )
            self.tokens = await Tokens(key: TokenForge.key, settings: JWTSettings())
            let clock = self.clock
            self.authenticator = Authenticator(
                tokens: self.tokens, directory: self.directory, queryCredentials: queryCredentials,
                now: { clock.seconds.load(ordering: .relaxed) }
            )
        }

        func apiKey(_ workspace: String = "default", name: String, scopes: [Scope]) async throws -> Secret {
            let key = KeySecret.generate(.api)
            try await self.database.transaction(.workspace(workspace)) { transaction in
                try Workspaces.ensure(transaction, workspace)
                _ = try Keys.createAPIKey(transaction, workspace, name: name, hash: KeySecret.hash(key), scopes: scopes)
            }
            return key
        }

        func widgetKey(_ workspace: String = "default", origins: [String]?) async throws -> Secret {
            let key = KeySecret.generate(.widget)
            try await self.database.transaction(.workspace(workspace)) { transaction in
                try Workspaces.ensure(transaction, workspace)
                _ = try Keys.createWidgetKey(transaction, workspace, hash: KeySecret.hash(key), origins: origins)
            }
            return key
        }

        func revokeAll(_ workspace: String) async throws {
            try await self.database.transaction(.workspace(workspace)) { transaction in
                _ = try Keys.revokeAPIKey(transaction, workspace, name: "bot")
                for listed in try Keys.liveWidgetKeys(transaction) {
                    _ = try Keys.revokeWidgetKey(transaction, workspace, id: listed.key.id)
                }
            }
        }
    }

    @Test func anAPIKeyIsABot() async throws {
        try await TestDatabase.with { test in
            let house = await House(test)
            let key = try await house.apiKey("acme", name: "bot", scopes: [.messaging, .automation])
            let found = try await house.authenticator.authenticate(PresentedCredentials(authToken: .text(key)))
            #expect(found.visitorToken == nil)
            #expect(found.principal.workspace == "acme")
            #expect(found.principal.role == .ai)
            #expect(found.principal.subject == "bot")
            #expect(found.principal.scopes == [.messaging, .automation])
            #expect(found.principal.expiry == nil)
            // As a header and in the query too, but never as a widget key.
            for presented in [
                PresentedCredentials(authorization: Secret("Bearer \(key.reveal())")),
                PresentedCredentials(queryToken: key),
            ] {
                #expect(try await house.authenticator.authenticate(presented) == found)
            }
            await #expect(throws: AuthenticationError.unauthenticated(.unknownKey)) {
                try await house.authenticator.authenticate(PresentedCredentials(authKey: .text(key)))
            }
        }
    }

    @Test func wrongKeysAreUnknown() async throws {
        try await TestDatabase.with { test in
            let house = await House(test)
            let key = try await house.apiKey(name: "bot", scopes: [.messaging])
            let oneOff = String(key.reveal().dropLast()) + (key.reveal().last == "0" ? "1" : "0")
            for wrong in [oneOff, KeySecret.generate(.api).reveal(), "puente_ak_", key.reveal() + "x"] {
                await #expect(throws: AuthenticationError.unauthenticated(.unknownKey)) {
                    try await house.authenticator.authenticate(PresentedCredentials(authToken: .text(Secret(wrong))))
                }
            }
            for wrong in ["", "demo", KeySecret.generate(.widget).reveal(), String(repeating: "k", count: 257)] {
                await #expect(throws: AuthenticationError.unauthenticated(.unknownKey)) {
                    try await house.authenticator.authenticate(PresentedCredentials(authKey: .text(Secret(wrong))))
                }
            }
        }
    }

    @Test func anAnonymousVisitorComesBackAsTheSame() async throws {
        try await TestDatabase.with { test in
            let house = await House(test)
            let key = try await house.widgetKey("acme", origins: ["https://a.example"])
            let first = try await house.authenticator.authenticate(
                PresentedCredentials(authKey: .text(key), origin: "https://a.example")
            )
            let token = try #require(first.visitorToken)
            #expect(first.principal.role == .visitor)
            #expect(first.principal.workspace == "acme")
            #expect(!first.principal.isVerified)

            let again = PresentedCredentials(authToken: .text(token), authKey: .text(key), origin: "https://a.example")
            let second = try await house.authenticator.authenticate(again)
            #expect(second.principal.subject == first.principal.subject)
            #expect(second.principal.widgetKey == first.principal.widgetKey)
            #expect(second.visitorToken == nil)

            // Older than a day: the same visitor, a fresh token.
            house.clock.seconds.add(Authenticator.visitorTokenRenewal + 1, ordering: .relaxed)
            let third = try await house.authenticator.authenticate(again)
            #expect(third.principal.subject == first.principal.subject)
            #expect(try #require(third.visitorToken) != token)

            // 30 days after it was made it is over, and the key does not rescue it.
            house.clock.seconds.add(30 * 86_400, ordering: .relaxed)
            await #expect(throws: AuthenticationError.unauthenticated(.expired)) {
                try await house.authenticator.authenticate(again)
            }
        }
    }

    @Test func theKeysOriginsHoldForItsTokensToo() async throws {
        try await TestDatabase.with { test in
            let house = await House(test)
            let key = try await house.widgetKey(origins: ["https://a.example"])
            // Without Origin: a native client.
            let token = try #require(
                try await house.authenticator.authenticate(PresentedCredentials(authKey: .text(key))).visitorToken
            )
            for origin in ["https://b.example", "null", "http://a.example"] {
                await #expect(throws: AuthenticationError.forbidden) {
                    try await house.authenticator.authenticate(
                        PresentedCredentials(authKey: .text(key), origin: origin))
                }
                await #expect(throws: AuthenticationError.forbidden) {
                    try await house.authenticator.authenticate(
                        PresentedCredentials(authToken: .text(token), origin: origin)
                    )
                }
            }
        }
    }

    @Test func revocationIsHeardOfAndHolds() async throws {
        try await TestDatabase.with { test in
            let house = await House(test)
            let bot = try await house.apiKey("acme", name: "bot", scopes: [.messaging])
            let widget = try await house.widgetKey("acme", origins: nil)
            let heard = Atomic(0)
            house.directory.onWithdrawal { heard.add(1, ordering: .relaxed) }
            let botID = try await house.authenticator.authenticate(PresentedCredentials(authToken: .text(bot)))
                .principal
            let visitor = try await house.authenticator.authenticate(PresentedCredentials(authKey: .text(widget)))
            #expect(house.authenticator.stands(botID) && house.authenticator.stands(visitor.principal))
            try await house.revokeAll("acme")
            try await house.directory.renew()
            #expect(!house.authenticator.stands(botID) && !house.authenticator.stands(visitor.principal))
            #expect(heard.load(ordering: .relaxed) == 1)
            try await house.directory.renew()
            #expect(heard.load(ordering: .relaxed) == 1, "nothing new")
            await #expect(throws: AuthenticationError.unauthenticated(.unknownKey)) {
                try await house.authenticator.authenticate(PresentedCredentials(authToken: .text(bot)))
            }
            await #expect(throws: AuthenticationError.unauthenticated(.unknownKey)) {
                try await house.authenticator.authenticate(PresentedCredentials(authKey: .text(widget)))
            }
            let token = try #require(visitor.visitorToken)
            await #expect(throws: AuthenticationError.unauthenticated(.revoked)) {
                try await house.authenticator.authenticate(PresentedCredentials(authToken: .text(token)))
            }
        }
    }

    @Test func aTokenOfTheInstallNamesAWorkspaceIntoBeing() async throws {
        try await TestDatabase.with { test in
            let house = await House(test)
            let token = try await house.tokens.mint(
                TokenClaims(
                    subject: "ana", role: .supervisor, workspace: "brand-new", name: "Ana", expiresAt: 2_000_000)
            )
            let found = try await house.authenticator.authenticate(PresentedCredentials(queryToken: token)).principal
            #expect(found.participant == Participant(role: .supervisor, id: "ana", name: "Ana"))
            #expect(found.expiry == Timestamp(microseconds: 2_000_000_000_000))
            let workspaces = try await house.database.transaction(.none) { try Workspaces.directory($0) }
            #expect(workspaces.contains("brand-new"))
        }
    }

    @Test func scopesBelongToBotsOnly() async throws {
        try await TestDatabase.with { test in
            let house = await House(test)
            for role in [Role.visitor, .commercial, .supervisor, .admin] {
                let token = try await house.tokens.mint(
                    TokenClaims(subject: "x", role: role, scopes: [.automation], expiresAt: 2_000_000)
                )
                let found = try await house.authenticator.authenticate(PresentedCredentials(authToken: .text(token)))
                #expect(found.principal.scopes.isEmpty)
            }
        }
    }

    @Test func aWidgetClaimMakesNobodyButAVisitor() async throws {
        try await TestDatabase.with { test in
            let house = await House(test)
            let token = try await house.tokens.mint(
                TokenClaims(subject: "x", role: .admin, expiresAt: 2_000_000, widgetKey: "w")
            )
            await #expect(throws: AuthenticationError.unauthenticated(.claims)) {
                try await house.authenticator.authenticate(PresentedCredentials(authToken: .text(token)))
            }
        }
    }

    @Test func aRefreshKeepsTheIdentity() async throws {
        try await TestDatabase.with { test in
            let house = await House(test)
            let claims = TokenClaims(subject: "ana", role: .commercial, workspace: "acme", expiresAt: 2_000_000)
            let principal = try await house.authenticator.authenticate(
                PresentedCredentials(authToken: .text(house.tokens.mint(claims)))
            ).principal
            var later = claims
            later.expiresAt = 3_000_000
            #expect(
                try await house.authenticator.refresh(house.tokens.mint(later), of: principal).expiry
                    == Timestamp(microseconds: 3_000_000_000_000)
            )
            for change in [
                { $0.subject = "eva" }, { $0.role = .admin }, { $0.workspace = "other" },
            ] as [(inout TokenClaims) -> Void] {
                var foreign = later
                change(&foreign)
                let token = try await house.tokens.mint(foreign)
                await #expect(throws: AuthenticationError.forbidden) {
                    try await house.authenticator.refresh(token, of: principal)
                }
            }
        }
    }

    @Test func theQueryFormCanBeSwitchedOff() async throws {
        try await TestDatabase.with { test in
            let house = await House(test, queryCredentials: false)
            let key = try await house.widgetKey(origins: nil)
            await #expect(throws: AuthenticationError.unauthenticated(.missing)) {
                try await house.authenticator.authenticate(PresentedCredentials(queryKey: key))
            }
        }
    }

    @Test func aDatabaseThatIsAwayBlamesNobody() async throws {
        try await TestDatabase.with { test in
            let house = await House(test)
            await test.database.shutDown()
            await #expect(throws: AuthenticationError.unavailable) {
                try await house.authenticator.authenticate(PresentedCredentials(authKey: .text(Secret("demo"))))
            }
        }
    }
}
