/// One language's share of the phrase book. All words are written folded: small letters, no accents, no apostrophes.
struct PhraseLanguage: Sendable {
    /// Phrases separated by commas, by the name of the class that they make up.
    var classes: [String: String]
    var rules: [PhraseRule]
    var negators: String
    var transparent: String
    var rhetorical: String
    var pronouns = ""
    var otherSubjects = ""
    var auxiliaries = ""
    var requests = ""
    var oneself = ""
}
