import Testing

@testable import Assignment

struct TextTokensTests {
    private func words(_ text: String) -> [String] {
        let tokens = TextTokens(text) { Lexicon.spanish.knows($0) || Lexicon.english.knows($0) }
        return tokens.tokens.map { tokens.text($0) }
    }

    @Test(
        arguments: [
            ("¡Qué BIEN, Ñoño!", ["que", "bien", "nono"]),
            ("don't can’t", ["dont", "cant"]),
            ("goooood muuuuy siiii", ["good", "muy", "si"]),
            ("jajajajaj HAHAHA jejeje", ["jaja", "haha", "jaja"]),
            ("q pasa xq", ["que", "pasa", "porque"]),
            ("thx m8", ["thanks", "mate"]),
            ("#BuenosDias a todos", ["buenos", "dias", "a", "todos"]),
            ("@ana_b2 mira https://a.example/x?y=1 ya", ["mira", "ya"]),
            ("www.example.org", []), ("mira http", ["mira"]), ("httpd", ["httpd"]),
            ("pago 12,50 el 3", ["pago", "0", "0", "el", "0"]),
            ("10:30 y 1/2", ["0", "0", "y", "0", "0"]),
            ("bien :) mal :-( xD <3 </3 :'( ;)", ["bien", ":)", "mal", ":(", "xd", "<3", "</3", ":'(", ":)"]),
            ("hola:) nota:dos", ["hola", ":)", "nota", "dos"]),
            ("😡😡 ❤️ 👍🏽", ["😡", "😡", "❤", "👍"]),
            ("привет", ["привет"]),
            ("n\u{303}u", ["nu"]),
            ("", []), ("...", []),
        ] as [(String, [String])])
    func textsAreCut(text: String, words: [String]) {
        #expect(self.words(text) == words)
    }

    @Test func marksAreCounted() {
        let tokens = TextTokens("¿Hola? ¡¡Ya!! @a #b \"c\" http://d.example ... GRITO no") { _ in false }
        #expect(tokens.questions.first == true)
        #expect(tokens.questionMarks == 1)
        #expect(tokens.exclamations == 2)
        #expect(tokens.mentions == 1)
        #expect(tokens.hashtags == 1)
        #expect(tokens.quotes == 2)
        #expect(tokens.links == 1)
        #expect(tokens.ellipses == 1)
        #expect(tokens.tokens.filter(\.isShouted).map { tokens.text($0) } == ["grito"])
    }

    @Test func punctuationPartsClauses() {
        let tokens = TextTokens("no, gracias. vale") { _ in false }
        #expect(Set(tokens.tokens.map(\.clause)).count == 3)
        #expect(Set(tokens.tokens.map(\.sentence)).count == 2)
    }
}
