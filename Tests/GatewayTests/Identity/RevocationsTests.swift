import Assignment
import Storage
import StorageTestSupport
import Testing

@testable import Gateway

/// What a revocation covers, as a table, and that it reaches whoever is there.
@Suite struct RevocationsTests {
    private static let rows: [RevocationRow] = [
        RevocationRow(workspaceID: "w", subject: .token(id: "j")),
        RevocationRow(
            workspaceID: "w",
            subject: .subject("ana", role: nil, issuedUntil: Timestamp(microseconds: 1_000_500_000))),
        RevocationRow(
            workspaceID: "w",
            subject: .subject("eva", role: .commercial, issuedUntil: Timestamp(microseconds: 2_000_000_000))),
        RevocationRow(
            workspaceID: "w",
            subject: .subject("eva", role: .commercial, issuedUntil: Timestamp(microseconds: 1_000_000_000))),
    ]

    private static func identity(
        _ subject: String, _ role: Role = .commercial, id: String? = nil, issued: Int64?, in workspace: String = "w"
    ) -> Revocations.Identity {
        Revocations.Identity(workspace: workspace, role: role, subject: subject, tokenID: id, issuedAt: issued)
    }

    @Test(arguments: [
        (identity("luis", id: "j", issued: 5000), true), (identity("luis", id: "i", issued: 1), false),
        (identity("luis", id: "j", issued: 1, in: "other"), false),
        (identity("ana", issued: 999), true), (identity("ana", issued: 1000), true),
        (identity("ana", issued: 1001), false), (identity("ana", issued: nil), true),
        (identity("ana", .visitor, issued: 1), true), (identity("ana", issued: 1, in: "other"), false),
        (identity("eva", issued: 2000), true), (identity("eva", issued: 2001), false),
        (identity("eva", .supervisor, issued: 1), false),
    ])
    func covers(_ identity: Revocations.Identity, _ isVoid: Bool) {
        #expect(Revocations(Self.rows).cover(identity) == isVoid)
        #expect(!Revocations().cover(identity))
    }

    @Test func whatIsVoidStaysOutAndDoesNotStand() async throws {
        try await TestDatabase.with { test in
            let house = await AuthenticatorTests.House(test)
            func token(_ subject: String, issued: Int64, id: String) async throws -> PresentedCredentials {
                PresentedCredentials(
                    authToken: .text(
                        try await house.tokens.mint(
                            TokenClaims(
                                subject: subject, role: .commercial, expiresAt: 2_000_000, issuedAt: issued, id: id))))
            }
            let (one, other) = (
                try await token("ana", issued: 900_000, id: "1"), try await token("ana", issued: 900_001, id: "2")
            )
            let late = try await token("ana", issued: 900_002, id: "3")
            let ana = try await house.authenticator.authenticate(one).principal
            try await test.database.transaction(.workspace("default")) { try Trust.revoke($0, "default", tokenID: "1") }
            try await house.directory.renew()
            #expect(!house.authenticator.stands(ana))
            await #expect(throws: AuthenticationError.unauthenticated(.revoked)) {
                try await house.authenticator.authenticate(one)
            }
            let second = try await house.authenticator.authenticate(other).principal
            #expect(house.authenticator.stands(second))
            try await test.database.transaction(.workspace("default")) {
                try Trust.revoke(
                    $0, "default", subject: "ana", issuedUntil: Timestamp(microseconds: 900_001_000_000))
            }
            try await house.directory.renew()
            #expect(!house.authenticator.stands(second))
            #expect(house.authenticator.stands(try await house.authenticator.authenticate(late).principal))
        }
    }

    @Test func anAnonymousVisitorCanBeSentAwayForGood() async throws {
        try await TestDatabase.with { test in
            let house = await AuthenticatorTests.House(test)
            let key = try await house.widgetKey(origins: nil)
            let visitor = try await house.authenticator.authenticate(PresentedCredentials(authKey: .text(key)))
            let other = try await house.authenticator.authenticate(PresentedCredentials(authKey: .text(key)))
            try await test.database.transaction(.workspace("default")) {
                try Trust.revoke($0, "default", subject: visitor.principal.subject, role: .visitor)
            }
            try await house.directory.renew()
            #expect(!house.authenticator.stands(visitor.principal))
            #expect(house.authenticator.stands(other.principal))
            let token = try #require(visitor.visitorToken)
            await #expect(throws: AuthenticationError.unauthenticated(.revoked)) {
                try await house.authenticator.authenticate(PresentedCredentials(authToken: .text(token)))
            }
        }
    }
}
