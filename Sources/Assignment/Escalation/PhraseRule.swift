/// One line of the phrase book: a pattern, what it shows, and what a negation does to it.
struct PhraseRule: Sendable {
    /// What a match is a sign of.
    enum Sign: Sendable, Hashable {
        /// Asks for a person.
        case person
        case insult
        case leaving
        case legalThreat
        case anger
    }

    /// What a negation before the match means.
    enum Polarity: Sendable {
        /// The match counts unless it is negated: "no quiero un humano".
        case affirmed
        /// The match counts only if it is negated: "no quiero hablar con un robot".
        case negated
        /// Negated, it counts only as a question: "¿no puedo hablar con alguien?"
        case ability
        /// It carries its own negation, or none is possible.
        case either
    }

    var sign: Sign
    var polarity: Polarity
    /// Whether a question takes the meaning away: "¿tengo que hablar con un agente?"
    var isStatementOnly: Bool
    var source: String

    init(_ sign: Sign, statementOnly: Bool = false, _ source: String) {
        self.init(sign, .affirmed, statementOnly: statementOnly, source)
    }

    init(_ sign: Sign, _ polarity: Polarity, statementOnly: Bool = false, _ source: String) {
        self.sign = sign
        self.polarity = polarity
        self.isStatementOnly = statementOnly
        self.source = source
    }
}
