import Testing

@testable import Gateway

@Suite struct CredentialFormTests {
    @Test func theFirstCredentialPresentDecides() throws {
        var presented = PresentedCredentials(
            authToken: .text(Secret("t")), authKey: .text(Secret("k")), authorization: Secret("Bearer h"),
            queryToken: Secret("q"), queryKey: Secret("qk")
        )
        #expect(try presented.choice(queryAllowed: true) == .token(Secret("t")))
        presented.authToken = .absent
        #expect(try presented.choice(queryAllowed: true) == .widgetKey(Secret("k")))
        presented.authKey = .absent
        #expect(try presented.choice(queryAllowed: true) == .token(Secret("h")))
        presented.authorization = nil
        #expect(try presented.choice(queryAllowed: true) == .token(Secret("q")))
        presented.queryToken = nil
        #expect(try presented.choice(queryAllowed: true) == .widgetKey(Secret("qk")))
        #expect(throws: AuthenticationError.unauthenticated(.missing)) { try presented.choice(queryAllowed: false) }
    }

    @Test func anInvalidFirstChoiceIsNotRescued() {
        let number = PresentedCredentials(authToken: .wrongType, authKey: .text(Secret("k")))
        #expect(throws: AuthenticationError.unauthenticated(.notText)) { try number.choice(queryAllowed: true) }
        for header in ["Basic abc", "Bearer", "Bearer ", "t"] {
            let basic = PresentedCredentials(authorization: Secret(header), queryKey: Secret("k"))
            #expect(throws: AuthenticationError.unauthenticated(.malformed)) { try basic.choice(queryAllowed: true) }
        }
        #expect(throws: AuthenticationError.unauthenticated(.missing)) {
            try PresentedCredentials().choice(queryAllowed: true)
        }
    }

    @Test func theSchemeIsCaseInsensitive() throws {
        #expect(
            try PresentedCredentials(authorization: Secret("bEARER  x")).choice(queryAllowed: true)
                == .token(Secret("x"))
        )
    }

    @Test func keysCarryAChecksum() {
        for kind in [KeySecret.Kind.api, .widget] {
            let key = KeySecret.generate(kind)
            #expect(KeySecret.isWellFormed(key, kind))
            var characters = Array(key.reveal())
            characters[20] = characters[20] == "a" ? "b" : "a"
            #expect(!KeySecret.isWellFormed(Secret(String(characters)), kind))
            #expect(!KeySecret.isWellFormed(Secret(String(key.reveal().dropLast())), kind))
        }
        #expect(!KeySecret.isWellFormed(KeySecret.generate(.widget), .api))
        #expect(Set((0..<1000).map { _ in KeySecret.generate(.api) }).count == 1000)
        // `printf demo | sha256sum`
        #expect(
            KeySecret.hash(Secret("demo")) == "2a97516c354b68848cdbd8f54a226a0a55b21ed138e207ad6c5cbb9c00aa5aea"
        )
    }

    @Test func secretsHaveNoTextualForm() {
        let secret = Secret("canary")
        var dumped = ""
        dump([secret], to: &dumped)
        for text in ["\(secret)", String(describing: secret), String(reflecting: secret), dumped, "\([secret])"] {
            #expect(!text.contains("canary"))
        }
    }

    @Test(arguments: [
        ("", ""), ("f", "Zg"), ("fo", "Zm8"), ("foo", "Zm9v"), ("foob", "Zm9vYg"), ("fooba", "Zm9vYmE"),
        ("?>~", "Pz5-"),
    ])
    func base64URL(_ plain: String, _ encoded: String) {
        #expect(Base64URL.encode(Array(plain.utf8)) == encoded)
        #expect(Base64URL.decode(Array(encoded.utf8)) == Array(plain.utf8))
    }

    @Test(arguments: ["A", "Zh", "Zm9", "Zg==", "Zm+v", "Zm 9v", "Zm9vY"])
    func base64URLIsStrict(_ text: String) {
        #expect(Base64URL.decode(Array(text.utf8)) == nil)
    }
}
