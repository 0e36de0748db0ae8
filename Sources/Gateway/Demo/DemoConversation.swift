/// What the demo's bot remembers of one chat, and what it says next. A value: no clock, no socket.
struct DemoConversation: Sendable, Equatable {
    /// What the bot does about a visitor's message.
    enum Turn: Sendable, Equatable {
        case answer(String)
        /// Says the text, then calls a person.
        case handOver(String, reason: String)

        var text: String {
            switch self {
            case .answer(let text), .handOver(let text, _): text
            }
        }
    }

    private(set) var language: DemoLanguage
    /// Things in a row that it did not know.
    private var unknowns = 0

    init(language: DemoLanguage) {
        self.language = language
    }

    func greeting(from answers: DemoAnswers) -> String {
        answers.text(.greeting, in: self.language) ?? ""
    }

    /// The bot's turn after a visitor's message.
    mutating func reply(to text: String, from answers: DemoAnswers) -> Turn {
        let words = DemoAnswers.words(text)
        if let guess = DemoLanguage.guess(words) { self.language = guess }
        if let block = answers.match(words, preferred: self.language) {
            self.language = block.language
            self.unknowns = 0
            return block.purpose == .person
                ? .handOver(block.text, reason: "the visitor asked for a person") : .answer(block.text)
        }
        self.unknowns += 1
        guard self.unknowns >= 2 else { return .answer(answers.text(.unknown, in: self.language) ?? "") }
        self.unknowns = 0
        let text = answers.text(.handover, in: self.language) ?? ""
        return .handOver(text, reason: "the demo bot did not know twice in a row")
    }
}
