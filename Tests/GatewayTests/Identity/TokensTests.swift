import Assignment
import Testing

@testable import Gateway

/// Rows A01 to A09 of the bad-input catalogue, and what must go on working beside them. "Now" is second 1000.
@Suite struct TokensTests {
    static let now: Int64 = 1000

    struct Row: CustomTestStringConvertible {
        var testDescription: String
        var token: Secret
        var reason: AuthenticationError.Reason

        init(_ name: String, _ token: Secret, _ reason: AuthenticationError.Reason) {
            self.testDescription = name
            self.token = token
            self.reason = reason
        }
    }

    static let good = #"{"sub":"ana","role":"commercial","exp":2000}"#

    static let headers: [Row] = [
        Row("empty", Secret(""), .malformed),
        Row("two dots only", Secret(".."), .malformed),
        Row("no signature part", Secret("e30.e30"), .malformed),
        Row(
            "empty signature", TokenForge.token(header: TokenForge.header, payload: Self.good, signature: ""),
            .malformed),
        Row("four parts", Secret("e30.e30.e30.e30"), .malformed),
        Row("padding", Secret("e30=.e30=.e30="), .malformed),
        Row("standard base64", Secret("e+30.e/30.eee0"), .malformed),
        Row("above 8 KiB", Secret(String(repeating: "a", count: 8193)), .tooLong),
        Row("1 MB", Secret(String(repeating: "a.", count: 500_000)), .tooLong),
        Row("header is no object", TokenForge.header(#"["HS256"]"#), .malformed),
        Row("header is no JSON", TokenForge.header("HS256"), .malformed),
        Row("alg twice", TokenForge.header(#"{"alg":"HS256","alg":"none"}"#), .malformed),
        Row("no alg", TokenForge.header(#"{"typ":"JWT"}"#), .algorithm),
        Row("alg a number", TokenForge.header(#"{"alg":256}"#), .algorithm),
        Row("alg none", TokenForge.header(#"{"alg":"none"}"#), .algorithm),
        Row("alg None", TokenForge.header(#"{"alg":"None"}"#), .algorithm),
        Row("alg nOnE", TokenForge.header(#"{"alg":"nOnE"}"#), .algorithm),
        Row("alg hs256", TokenForge.header(#"{"alg":"hs256"}"#), .algorithm),
        Row("alg HS512", TokenForge.header(#"{"alg":"HS512"}"#), .algorithm),
        Row("alg RS256", TokenForge.header(#"{"alg":"RS256"}"#), .algorithm),
        Row("alg ES256", TokenForge.header(#"{"alg":"ES256"}"#), .algorithm),
        Row("kid a path", TokenForge.header(#"{"alg":"HS256","kid":"../../etc/passwd"}"#), .unknownKey),
        Row("kid SQL", TokenForge.header(#"{"alg":"HS256","kid":"' or 1=1 --"}"#), .unknownKey),
        Row("kid a URL", TokenForge.header(#"{"alg":"HS256","kid":"http://169.254.169.254/"}"#), .unknownKey),
        Row("kid unknown", TokenForge.header(#"{"alg":"HS256","kid":"other"}"#), .unknownKey),
        Row("kid empty", TokenForge.header(#"{"alg":"HS256","kid":""}"#), .unknownKey),
        Row("kid null", TokenForge.header(#"{"alg":"HS256","kid":null}"#), .unknownKey),
        Row(
            "kid long", TokenForge.header(#"{"alg":"HS256","kid":"\#(String(repeating: "k", count: 129))"}"#),
            .unknownKey),
        Row("crit", TokenForge.header(#"{"alg":"HS256","crit":["x"]}"#), .critical),
        Row("crit empty", TokenForge.header(#"{"alg":"HS256","crit":[]}"#), .critical),
        Row("b64 false", TokenForge.header(#"{"alg":"HS256","b64":false}"#), .critical),
        Row(
            "signed by somebody else", TokenForge.token(header: TokenForge.header, payload: Self.good, key: "x"),
            .signature),
        Row(
            "signature of zeros",
            TokenForge.token(
                header: TokenForge.header, payload: Self.good, signature: String(repeating: "A", count: 43)), .signature
        ),
        Row(
            "signature cut", TokenForge.token(header: TokenForge.header, payload: Self.good, signature: "AAAA"),
            .signature),
        Row(
            "embedded keys don't help",
            TokenForge.token(
                header:
                    #"{"alg":"HS256","jwk":{"kty":"oct","k":"eA"},"jku":"https://x/","x5u":"https://x/","x5c":["x"]}"#,
                payload: Self.good, key: "x"
            ),
            .signature
        ),
    ]

    static let claims: [Row] = [
        ("payload an array", "[]"), ("payload no JSON", "hello"),
        ("claim twice", #"{"sub":"a","sub":"b","role":"admin","exp":2000}"#),
        ("no sub", #"{"role":"commercial","exp":2000}"#),
        ("sub a number", #"{"sub":7,"role":"commercial","exp":2000}"#),
        ("sub empty", #"{"sub":"","role":"commercial","exp":2000}"#),
        ("sub with a control", #"{"sub":"a\nb","role":"commercial","exp":2000}"#),
        ("sub long", #"{"sub":"\#(String(repeating: "s", count: 129))","role":"commercial","exp":2000}"#),
        ("no role", #"{"sub":"ana","exp":2000}"#), ("role system", #"{"sub":"ana","role":"system","exp":2000}"#),
        ("role unknown", #"{"sub":"ana","role":"root","exp":2000}"#),
        ("role an array", #"{"sub":"ana","role":["admin"],"exp":2000}"#),
        ("no exp", #"{"sub":"ana","role":"commercial"}"#),
        ("exp null", #"{"sub":"ana","role":"commercial","exp":null}"#),
        ("exp a word", #"{"sub":"ana","role":"commercial","exp":"soon"}"#),
        ("exp text", #"{"sub":"ana","role":"commercial","exp":"2000"}"#),
        ("exp negative", #"{"sub":"ana","role":"commercial","exp":-1}"#),
        ("exp 1e20", #"{"sub":"ana","role":"commercial","exp":1e20}"#),
        ("exp 20 digits", #"{"sub":"ana","role":"commercial","exp":99999999999999999999}"#),
        ("exp year 10000", #"{"sub":"ana","role":"commercial","exp":253402300800}"#),
        ("exp a float", #"{"sub":"ana","role":"commercial","exp":1.5e9}"#),
        ("exp 2000.5", #"{"sub":"ana","role":"commercial","exp":2000.5}"#),
        ("nbf a word", #"{"sub":"ana","role":"commercial","exp":2000,"nbf":"x"}"#),
        ("workspace a number", #"{"sub":"ana","role":"commercial","exp":2000,"workspace":1}"#),
        ("workspace with a colon", #"{"sub":"ana","role":"commercial","exp":2000,"workspace":"a:b"}"#),
        ("workspace empty", #"{"sub":"ana","role":"commercial","exp":2000,"workspace":""}"#),
        ("the install's own workspace", #"{"sub":"ana","role":"commercial","exp":2000,"workspace":"*"}"#),
        ("scopes a text", #"{"sub":"bot","role":"ai","exp":2000,"scopes":"messaging"}"#),
        ("scopes of numbers", #"{"sub":"bot","role":"ai","exp":2000,"scopes":[1]}"#),
    ].map { Row($0.0, TokenForge.payload($0.1), .claims) }

    static let times: [Row] = [
        Row("expired", TokenForge.payload(#"{"sub":"ana","role":"commercial","exp":999}"#), .expired),
        Row("expires now", TokenForge.payload(#"{"sub":"ana","role":"commercial","exp":1000}"#), .expired),
        Row(
            "not before 31 s", TokenForge.payload(#"{"sub":"ana","role":"commercial","exp":2000,"nbf":1031}"#),
            .notYetValid),
        Row(
            "issued in 31 s", TokenForge.payload(#"{"sub":"ana","role":"commercial","exp":2000,"iat":1031}"#),
            .notYetValid),
    ]

    @Test(arguments: Self.headers + Self.claims + Self.times)
    func refuses(_ row: Row) async throws {
        let tokens = await Tokens(key: TokenForge.key, settings: JWTSettings())
        await #expect(throws: AuthenticationError.unauthenticated(row.reason)) {
            try await tokens.verify(row.token, now: Self.now)
        }
    }

    @Test(arguments: [
        #"{"sub":"ana","role":"commercial","exp":1001}"#,
        #"{"sub":"ana","role":"commercial","exp":2000,"nbf":1030,"iat":1030}"#,
        #"{"sub":"ana","role":"commercial","exp":2000,"aud":"whoever","iss":"whoever"}"#,
        #"{"sub":"ana","role":"commercial","exp":2000,"scopes":["unheard-of"],"later":{"deep":[1]}}"#,
    ])
    func accepts(_ payload: String) async throws {
        let tokens = await Tokens(key: TokenForge.key, settings: JWTSettings())
        let claims = try await tokens.verify(TokenForge.payload(payload), now: Self.now)
        #expect(claims.subject == "ana")
        #expect(claims.role == .commercial)
        #expect(claims.workspace == "default")
        #expect(claims.scopes.isEmpty)
    }

    @Test func issuerAndAudienceCountOnlyWhereConfigured() async throws {
        let strict = await Tokens(key: TokenForge.key, settings: JWTSettings(issuer: "us", audience: "puente"))
        let good = TokenForge.payload(#"{"sub":"ana","role":"admin","exp":2000,"iss":"us","aud":["x","puente"]}"#)
        #expect(try await strict.verify(good, now: Self.now).subject == "ana")
        for (payload, reason) in [
            (#"{"sub":"ana","role":"admin","exp":2000,"aud":"puente"}"#, AuthenticationError.Reason.issuer),
            (#"{"sub":"ana","role":"admin","exp":2000,"iss":"them","aud":"puente"}"#, .issuer),
            (#"{"sub":"ana","role":"admin","exp":2000,"iss":"us"}"#, .audience),
            (#"{"sub":"ana","role":"admin","exp":2000,"iss":"us","aud":["x"]}"#, .audience),
        ] {
            await #expect(throws: AuthenticationError.unauthenticated(reason)) {
                try await strict.verify(TokenForge.payload(payload), now: Self.now)
            }
        }
    }

    @Test func mintedTokensComeBackWhole() async throws {
        let tokens = await Tokens(key: TokenForge.key, settings: JWTSettings(issuer: "us", audience: "puente"))
        let claims = TokenClaims(
            subject: "Ñandú \"1\"", role: .ai, workspace: "acme", name: "Bot", scopes: [.messaging, .automation],
            expiresAt: 5000, issuedAt: 900, notBefore: 800, id: "j", widgetKey: "w", issuer: "us", audience: ["puente"]
        )
        #expect(try await tokens.verify(tokens.mint(claims), now: Self.now) == claims)
    }

    @Test func aReplacedKeyVerifiesNothing() async throws {
        let old = await Tokens(key: .generate(), settings: JWTSettings())
        let new = await Tokens(key: .generate(), settings: JWTSettings())
        let token = try await old.mint(TokenClaims(subject: "ana", role: .admin, expiresAt: 2000))
        await #expect(throws: AuthenticationError.unauthenticated(.unknownKey)) {
            try await new.verify(token, now: Self.now)
        }
    }
}
