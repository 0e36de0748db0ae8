import Testing

@testable import Gateway

@Suite("Demo bot: what it says")
struct DemoConversationTests {
    let answers: DemoAnswers

    init() throws {
        self.answers = try DemoAnswers.embedded()
    }

    @Test(
        "Answers what it knows, in the language of the question",
        arguments: [
            ("¿Qué precio tiene el taburete alto?", "89 €. El envío"),
            ("cuanto cuesta la LÁMPARA nube", "64 €, con bombilla"),
            ("How much is the high stool?", "89 €. Delivery"),
            ("me puedes hablar sobre el taburete alto?", "roble macizo"),
            ("How long does delivery take?", "3 or 4 working days"),
            ("¿Cuánto tarda el envío?", "3 o 4 días"),
            ("Can I return it?", "30 days"),
            ("¿A qué hora abrís?", "lunes a viernes"),
        ]
    )
    func answers(question: String, expected: String) {
        var conversation = DemoConversation(language: .spanish)
        guard case .answer(let text) = conversation.reply(to: question, from: self.answers) else {
            Issue.record("handed over")
            return
        }
        #expect(text.contains(expected))
    }

    @Test(
        "Hands over at once when a person is asked for",
        arguments: [
            "Quiero hablar con una persona", "quiero un humano", "I want to talk to a real person", "get me a human",
        ]
    )
    func handsOver(request: String) {
        var conversation = DemoConversation(language: .english)
        let turn = conversation.reply(to: request, from: self.answers)
        guard case .handOver(_, reason: "the visitor asked for a person") = turn else {
            Issue.record("kept the chat")
            return
        }
    }

    @Test("Says that it does not know, and hands over the second time in a row")
    func unknowns() {
        var conversation = DemoConversation(language: .english)
        let unknown = self.answers.text(.unknown, in: .english) ?? ""
        #expect(conversation.reply(to: "xyzzy?", from: self.answers) == .answer(unknown))
        guard case .handOver(let text, _) = conversation.reply(to: "plugh", from: self.answers) else {
            Issue.record("kept the chat")
            return
        }
        #expect(text == self.answers.text(.handover, in: .english))
    }

    @Test("Something known in between begins the count anew")
    func knownInBetween() {
        var conversation = DemoConversation(language: .spanish)
        _ = conversation.reply(to: "xyzzy", from: self.answers)
        _ = conversation.reply(to: "precio de la mesa", from: self.answers)
        let unknown = self.answers.text(.unknown, in: .spanish) ?? ""
        #expect(conversation.reply(to: "xyzzy", from: self.answers) == .answer(unknown))
    }

    @Test("Says openly that it is a bot", arguments: DemoLanguage.allCases)
    func greets(language: DemoLanguage) {
        let text = DemoConversation(language: language).greeting(from: self.answers)
        #expect(text.contains("bot"))
        #expect(text.contains("demo"))
    }

    @Test(
        "A broken file names its line",
        arguments: [
            ("precio\nx", 1, "a block begins with a language and a colon"),
            ("\nfr: prix\nx", 2, "the language is es or en"),
            ("es magic: x\nx", 1, "no such kind of block: magic"),
            ("es: hola\nx", 2, "no es greeting"),
        ]
    )
    func syntax(text: String, line: Int, message: String) {
        #expect(throws: DemoAnswers.SyntaxError(line: line, message: message)) {
            try DemoAnswers(text: text)
        }
    }
}
