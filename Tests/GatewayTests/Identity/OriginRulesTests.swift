import Testing

@testable import Gateway

/// Rows O01 to O04 and VA15: what the HTTP side admits where every key has a list.
@Suite struct OriginRulesTests {
    static let listed = OriginRules(
        configured: ["https://console.example"],
        keys: [
            "good": .init(list: ["https://good.example", "http://dev.example:8080"]),
            "other": .init(list: ["https://other.example"]),
        ]
    )

    @Test(arguments: [
        "https://evil.example", "https://good.example.evil.com", "https://evilgood.example", "http://good.example",
        "https://good.example:8443", "https://good.example.", "https://good.example/", "https://good.example/x",
        "https://good.example@evil.example", "https://good.example#", "https://good.example%00.evil.com", "null", "",
        "file://", "https://", "good.example", "https://good.example\r\nX: y", "chrome-extension://abc",
        "https://good.example:0", "https://good.example:+443", "http://dev.example", "https://gооd.example",
    ])
    func foreignOriginsAreRefused(_ origin: String) {
        #expect(Self.listed.verdict(origin: origin, keyHash: nil, host: "gateway.example") == .refused)
        #expect(Self.listed.verdict(origin: origin, keyHash: "good", host: "gateway.example") == .refused)
    }

    @Test(arguments: [
        "https://good.example", "https://good.example:443", "HTTPS://Good.Example", "http://dev.example:8080",
    ])
    func listedOriginsAreReflected(_ origin: String) {
        #expect(Self.listed.verdict(origin: origin, keyHash: nil, host: nil) == .admitted(origin))
        #expect(Self.listed.verdict(origin: origin, keyHash: "good", host: nil) == .admitted(origin))
    }

    @Test func theListOfThePresentedKeyDecides() {
        #expect(Self.listed.verdict(origin: "https://other.example", keyHash: "good", host: nil) == .refused)
        #expect(Self.listed.verdict(origin: "https://console.example", keyHash: "good", host: nil) == .refused)
        #expect(
            Self.listed.verdict(origin: "https://console.example", keyHash: nil, host: nil)
                == .admitted("https://console.example"))
        // A key that nobody knows yet decides nothing; CONNECT will.
        #expect(
            Self.listed.verdict(origin: "https://good.example", keyHash: "new", host: nil)
                == .admitted("https://good.example"))
        #expect(Self.listed.verdict(origin: "https://evil.example", keyHash: "new", host: nil) == .refused)
    }

    @Test func requestsWithoutOriginPass() {
        #expect(Self.listed.verdict(origin: nil, keyHash: nil, host: nil) == .notApplicable)
    }

    @Test func ourOwnOriginPasses() {
        #expect(
            Self.listed.verdict(origin: "http://127.0.0.1:3000", keyHash: nil, host: "127.0.0.1:3000")
                == .admitted("http://127.0.0.1:3000"))
        #expect(
            Self.listed.verdict(origin: "https://gateway.example", keyHash: nil, host: "gateway.example")
                == .admitted("https://gateway.example"))
        #expect(Self.listed.verdict(origin: "http://127.0.0.1:3001", keyHash: nil, host: "127.0.0.1:3000") == .refused)
    }

    @Test func oneKeyWithoutListAdmitsEverything() {
        let open = OriginRules(configured: [], keys: ["a": .everyOrigin, "b": .init(list: ["https://b.example"])])
        #expect(
            open.verdict(origin: "https://evil.example", keyHash: nil, host: nil) == .admitted("https://evil.example"))
        #expect(open.verdict(origin: "null", keyHash: "a", host: nil) == .admitted("null"))
        #expect(open.verdict(origin: "https://evil.example", keyHash: "b", host: nil) == .refused)
        // Whatever is reflected stands in a header.
        #expect(open.verdict(origin: "http://a\r\nX: y", keyHash: nil, host: nil) == .refused)
    }

    @Test func withoutAnyKeyOnlyConfiguredOriginsPass() {
        let empty = OriginRules(configured: ["https://a.example"], keys: [:])
        #expect(empty.verdict(origin: "https://a.example", keyHash: nil, host: nil) == .admitted("https://a.example"))
        #expect(empty.verdict(origin: "https://b.example", keyHash: nil, host: nil) == .refused)
    }

    @Test(arguments: [
        ("https://A.example", "https://a.example"), ("http://a.example:80", "http://a.example"),
        ("http://[::1]:3000", "http://[::1]:3000"), ("https://a.example:444", "https://a.example:444"),
    ])
    func canonicalForm(_ text: String, _ canonical: String) {
        #expect(Origin(text)?.description == canonical)
    }
}
