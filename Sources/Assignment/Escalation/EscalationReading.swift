/// What the rules read in one message of a visitor.
package struct EscalationReading: Sendable, Hashable {
    /// Why the chat should go to a person, if it should.
    package var trigger: EscalationTrigger?
    /// The words that say so, folded, in the order of the text; for audit and for whoever takes the chat.
    package var evidence: [String]
    /// An estimate of frustration from 0 to 1. Talk of problems is no sign of it; insults and threats are.
    package var frustration: Double
    /// Whether the writer asks for a person, whatever else is said.
    package var asksForPerson: Bool

    package init(
        trigger: EscalationTrigger?, evidence: [String] = [], frustration: Double = 0, asksForPerson: Bool = false
    ) {
        self.trigger = trigger
        self.evidence = evidence
        self.frustration = frustration
        self.asksForPerson = asksForPerson
    }
}
