import Assignment
import Crypto
import Storage
import StorageTestSupport
import Testing

@testable import Gateway

/// Tokens of a workspace's own back ends. "Now" is second 1,000,000.
@Suite struct WorkspaceTokensTests {
    typealias House = AuthenticatorTests.House

    private static func payload(_ workspace: String, _ more: String = "") -> String {
        #"{"sub":"ana","role":"commercial","workspace":"\#(workspace)","exp":2000000\#(more)}"#
    }

    static func trust(_ rows: VerificationKeyRow..., in house: House) async throws {
        for row in rows {
            try await house.database.transaction(.workspace(row.workspaceID)) { sql in
                try Workspaces.ensure(sql, row.workspaceID)
                try Trust.set(sql, row)
                try Profiles.bumpRevision(sql, row.workspaceID)
            }
        }
        try await house.directory.renew()
    }

    private static func refusal(_ token: Secret, _ house: House) async -> AuthenticationError? {
        do throws(AuthenticationError) {
            _ = try await house.authenticator.authenticate(PresentedCredentials(authToken: .text(token)))
            return nil
        } catch {
            return error
        }
    }

    @Test(arguments: TokenAlgorithm.allCases)
    func everyAlgorithmVerifies(_ algorithm: TokenAlgorithm) async throws {
        try await TestDatabase.with { test in
            let house = await House(test)
            let signer = try await TestSigner.make(algorithm, id: "back-office")
            try await Self.trust(signer.row("acme"), in: house)
            let token = try signer.token(Self.payload("acme", #","iat":999999,"jti":"j","name":"Ana""#))
            let found = try await house.authenticator.authenticate(PresentedCredentials(authToken: .text(token)))
            let principal = found.principal
            #expect(principal.participant == Participant(role: .commercial, id: "ana", name: "Ana"))
            #expect(principal.workspace == "acme" && principal.issuedAt == 999_999)
            #expect(found.visitorToken == nil)

            // Without a name, it is the workspace's only key; HS256 is then the install's own.
            let nameless = try signer.token(Self.payload("acme"), header: #"{"alg":"\#(algorithm.rawValue)"}"#)
            let expected: AuthenticationError? = algorithm == .hs256 ? .unauthenticated(.signature) : nil
            #expect(await Self.refusal(nameless, house) == expected)

            // Another key of the same name and kind.
            let impostor = try await TestSigner.make(algorithm, id: "back-office")
            #expect(try await Self.refusal(impostor.token(Self.payload("acme")), house) == .unauthenticated(.signature))
            for mangle in [{ Array($0.dropLast()) }, { _ in [] }, { Array(repeating: 0, count: $0.count) }]
                as [([UInt8]) -> [UInt8]]
            {
                let error = try await Self.refusal(signer.token(Self.payload("acme"), mangle: mangle), house)
                #expect(error == .unauthenticated(.signature) || error == .unauthenticated(.malformed))
            }
        }
    }

    /// Row A04, and its kin: the algorithm is the key's, whatever the header says.
    @Test func theAlgorithmIsTheKeys() async throws {
        try await TestDatabase.with { test in
            let house = await House(test)
            let signers = try await [
                TestSigner.make(.rs256, id: "rsa"), TestSigner.make(.es256, id: "ec"),
                TestSigner.make(.edDSA, id: "ed"), TestSigner.make(.hs256, id: "mac"),
            ]
            for signer in signers { try await Self.trust(signer.row("acme"), in: house) }
            for signer in signers {
                for algorithm in TokenAlgorithm.allCases where algorithm != signer.algorithm {
                    let header = #"{"alg":"\#(algorithm.rawValue)","kid":"\#(signer.id)"}"#
                    let honest = try signer.token(Self.payload("acme"), header: header)
                    #expect(await Self.refusal(honest, house) == .unauthenticated(.algorithm))
                    // The public key as a secret.
                    let confused = TokenForge.token(header: header, payload: Self.payload("acme"), key: signer.material)
                    #expect(await Self.refusal(confused, house) == .unauthenticated(.algorithm))
                }
                for algorithm in ["none", "None", "HS512", "RS512", "PS256", "ES384", ""] {
                    let header = #"{"alg":"\#(algorithm)","kid":"\#(signer.id)"}"#
                    let token = try signer.token(Self.payload("acme"), header: header)
                    #expect(await Self.refusal(token, house) == .unauthenticated(.algorithm))
                }
            }
            // With several keys a token has to name its own.
            let nameless = try signers[0].token(Self.payload("acme"), header: #"{"alg":"RS256"}"#)
            #expect(await Self.refusal(nameless, house) == .unauthenticated(.unknownKey))
        }
    }

    /// Row A09: DER where two numbers belong.
    @Test func ellipticSignaturesAreRaw() async throws {
        try await TestDatabase.with { test in
            let house = await House(test)
            let signer = try await TestSigner.make(.es256, id: "ec")
            try await Self.trust(signer.row("acme"), in: house)
            let der = try signer.token(Self.payload("acme")) { raw in
                (try? P256.Signing.ECDSASignature(rawRepresentation: raw)).map { [UInt8]($0.derRepresentation) } ?? raw
            }
            #expect(await Self.refusal(der, house) == .unauthenticated(.signature))
        }
    }

    /// VD2: a name is a name inside a workspace.
    @Test func keysOfOneWorkspaceAreNothingToAnother() async throws {
        try await TestDatabase.with { test in
            let house = await House(test)
            let (one, two) = try await (TestSigner.make(.es256, id: "k"), TestSigner.make(.es256, id: "k"))
            try await Self.trust(one.row("one"), two.row("two"), in: house)
            for (signer, own, foreign) in [(one, "one", "two"), (two, "two", "one")] {
                #expect(try await Self.refusal(signer.token(Self.payload(own)), house) == nil)
                #expect(
                    try await Self.refusal(signer.token(Self.payload(foreign)), house) == .unauthenticated(.signature))
                #expect(
                    try await Self.refusal(signer.token(Self.payload("third")), house) == .unauthenticated(.unknownKey))
            }
            // They bring no workspace into being, the install's own do.
            #expect(try await house.database.transaction(.none) { try Workspaces.directory($0) } == ["one", "two"])
        }
    }

    @Test func issuerAudienceAndTimesAreTheKeys() async throws {
        try await TestDatabase.with { test in
            let house = await House(test)
            let signer = try await TestSigner.make(.edDSA, id: "k")
            try await Self.trust(signer.row("acme", issuer: "https://id.example", audience: "puente"), in: house)
            let good = #","iss":"https://id.example","aud":["x","puente"]"#
            for (more, reason) in [
                (good, nil), (#","iss":"https://id.example""#, .audience),
                (#","aud":"puente""#, .issuer), (#","iss":"https://id.example/","aud":"puente""#, .issuer),
                (good + #","nbf":1000031"#, .notYetValid), (good + #","iat":1000031"#, .notYetValid),
                (good + #","wk":"w""#, .claims),
            ] as [(String, AuthenticationError.Reason?)] {
                let error = try await Self.refusal(signer.token(Self.payload("acme", more)), house)
                #expect(error == reason.map { .unauthenticated($0) }, "\(more)")
            }
            let expired = #"{"sub":"ana","role":"admin","workspace":"acme","exp":1000000\#(good)}"#
            #expect(try await Self.refusal(signer.token(expired), house) == .unauthenticated(.expired))
        }
    }

    @Test func aKeyThatIsTakenAwayEndsWhoCameInByIt() async throws {
        try await TestDatabase.with { test in
            let house = await House(test)
            let signer = try await TestSigner.make(.es256, id: "k")
            try await Self.trust(signer.row("acme"), in: house)
            let presented = PresentedCredentials(authToken: .text(try signer.token(Self.payload("acme"))))
            let principal = try await house.authenticator.authenticate(presented).principal
            let own = try await house.authenticator.authenticate(
                PresentedCredentials(
                    authToken: .text(
                        house.tokens.mint(
                            TokenClaims(subject: "ana", role: .commercial, workspace: "acme", expiresAt: 2_000_000)))))
            #expect(house.authenticator.stands(principal))
            // Another key takes its name.
            let successor = try await TestSigner.make(.es256, id: "k")
            try await Self.trust(successor.row("acme"), in: house)
            #expect(!house.authenticator.stands(principal))
            #expect(house.authenticator.stands(own.principal))
            #expect(try await Self.refusal(signer.token(Self.payload("acme")), house) == .unauthenticated(.signature))
            #expect(try await Self.refusal(successor.token(Self.payload("acme")), house) == nil)
        }
    }

    @Test(arguments: [
        ("HS256", "short"), ("RS256", "not PEM"),
        ("ES256", "-----BEGIN PUBLIC KEY-----\nAAAA\n-----END PUBLIC KEY-----"),
        ("EdDSA", ""), ("HS512", String(repeating: "x", count: 64)),
    ])
    func whatVerifiesNothingIsNoKey(_ algorithm: String, _ material: String) async {
        await #expect(throws: VerificationKey.Unusable.self) {
            try await VerificationKey(
                VerificationKeyRow(workspaceID: "w", id: "k", algorithm: algorithm, material: material))
        }
    }

    @Test func keysOfTheWrongKindAreNone() async throws {
        let signers = try await [
            TestSigner.make(.rs256, id: "a"), TestSigner.make(.es256, id: "b"), TestSigner.make(.edDSA, id: "c"),
        ]
        for signer in signers {
            for algorithm in TokenAlgorithm.allCases where algorithm != signer.algorithm && algorithm != .hs256 {
                var row = signer.row("w")
                row.algorithm = algorithm.rawValue
                await #expect(throws: VerificationKey.Unusable.self) { try await VerificationKey(row) }
            }
        }
    }
}
