/// Reads a visitor's message for what calls for a person: small rules for Spanish and English.
/// Same text, same reading, on every node.
package enum EscalationRules {
    /// Longer messages are read up to here, so that the cost of a message has a bound.
    private static let maximumScalars = 8000

    /// Reads one message.
    package static func read(_ text: String) -> EscalationReading {
        let book = PhraseBook.shared
        let utterance = Utterance(
            text.utf8.count <= self.maximumScalars
                ? text : String(String.UnicodeScalarView(text.unicodeScalars.prefix(self.maximumScalars))),
            vocabulary: book.vocabulary)
        var counts: [PhraseRule.Sign: Int] = [:]
        var evidence: [String] = []
        var lastEnd: [PhraseRule.Sign: Int] = [:]
        for (sign, words) in book.findings(in: utterance) {
            // Two patterns over the same words are one sign.
            if let end = lastEnd[sign], words.lowerBound < end { continue }
            lastEnd[sign] = words.upperBound
            counts[sign, default: 0] += 1
            guard sign != .anger, evidence.count < 8 else { continue }
            evidence.append(utterance.words[words].map(\.text).joined(separator: " "))
        }
        return EscalationReading(
            trigger: self.trigger(counts), evidence: evidence, frustration: self.frustration(counts, utterance),
            asksForPerson: counts[.person] != nil)
    }

    private static func trigger(_ counts: [PhraseRule.Sign: Int]) -> EscalationTrigger? {
        if counts[.legalThreat] != nil { return .legalThreat }
        if counts[.insult] != nil, counts[.leaving] != nil { return .anger }
        return counts[.person] == nil ? nil : .explicitRequest
    }

    /// Hundredths, added up and cut off at one. The two kinds of anger that escalate reach 0.7 by themselves; a
    /// request for a person stays below it however loudly it is made.
    private static func frustration(_ counts: [PhraseRule.Sign: Int], _ utterance: Utterance) -> Double {
        let insults = counts[.insult] ?? 0
        var hundredths = 0
        if insults > 0 { hundredths += 45 + 10 * min(insults - 1, 2) }
        if counts[.leaving] != nil { hundredths += insults > 0 ? 30 : 10 }
        if counts[.legalThreat] != nil { hundredths += 75 }
        hundredths += 20 * min(counts[.anger] ?? 0, 2)
        if counts[.person] != nil { hundredths += 10 }
        if utterance.isShouted { hundredths += 15 }
        if utterance.exclamationMarks >= 2 { hundredths += 10 }
        return Double(min(hundredths, 100)) / 100
    }
}
