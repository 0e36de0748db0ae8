/// What made a chat escalate, in the word that events and rows carry.
package enum EscalationTrigger: String, Sendable, Hashable, CaseIterable {
    /// The visitor asked for a person.
    case explicitRequest = "explicit_request"
    /// An insult together with a threat to leave, in one message.
    case anger
    case legalThreat = "legal_threat"
    /// Anger that goes on over several messages.
    case frustration
    /// The visitor asks again what the bot has answered.
    case repeatedQuestion = "repeated_question"
    /// The bot guessed twice in a row.
    case unsureBot = "unsure_bot"
    /// Somebody called for it: the visitor's button, the bot, a person.
    case requested
}
