/// Reads the mood of a message: rules over a lexicon, and a small linear model that weighs what they found
/// (docs/sentiment.md). Same text, same reading, on every node.
package enum Sentiment {
    /// Reads one message.
    ///
    /// - Parameters:
    ///   - language: The language that it is known to be in; `nil` lets the text tell.
    ///   - fallback: In which to read a text that does not tell.
    package static func read(
        _ text: String, language: SentimentLanguage? = nil, fallback: SentimentLanguage? = nil
    ) -> SentimentReading {
        let tokens = TextTokens(text) { Lexicon.spanish.knows($0) || Lexicon.english.knows($0) }
        let analysis = Analysis(text, tokens, language: language, fallback: fallback)
        let outputs = LinearModel.of(analysis.language).outputs(TextFeatures(tokens, analysis.signals))
        let rules = EscalationRules.read(text)
        return SentimentReading(
            language: analysis.known, certainLanguage: analysis.certain, label: Self.label(outputs),
            polarity: Self.polarity(negative: Double(outputs.negative), positive: Double(outputs.positive)),
            frustration: Self.frustration(outputs, rules),
            asksForPerson: rules.asksForPerson, trigger: rules.trigger,
            evidence: Self.evidence(rules, analysis.signals, tokens))
    }

    /// What the lexicon of the likeliest language finds.
    struct Analysis {
        /// The language that the text was read in.
        var language: SentimentLanguage
        /// The same, unless it was only a guess.
        var known: SentimentLanguage?
        /// The language that the text tells beyond doubt.
        var certain: SentimentLanguage?
        var signals: LexicalSignals

        init(
            _ text: String, _ tokens: TextTokens, language: SentimentLanguage?, fallback: SentimentLanguage?
        ) {
            if let language {
                (self.language, self.known) = (language, language)
                self.signals = LexicalSignals(tokens, .of(language))
                return
            }
            let spanish = LexicalSignals(tokens, .spanish)
            let english = LexicalSignals(tokens, .english)
            let guess = LanguageGuess(text, spanish: spanish, english: english)
            self.certain = guess.certain
            self.known = guess.language ?? fallback
            // Where nothing tells, the lexicon that finds more.
            self.language =
                self.known
                ?? (english.positive + english.negative > spanish.positive + spanish.negative ? .english : .spanish)
            self.signals = self.language == .spanish ? spanish : english
        }
    }

    private static func label(_ outputs: LinearModel.Outputs) -> SentimentReading.Label {
        if outputs.neutral >= outputs.negative, outputs.neutral >= outputs.positive { return .neutral }
        return outputs.negative >= outputs.positive ? .negative : .positive
    }

    /// The difference of the probabilities, bent so that half way means sure rather than likely: it takes a difference of
    /// 0.87. The model was trained on the words of few people and is surer than it should be of other people's.
    static func polarity(negative: Double, positive: Double) -> Double {
        let lean = positive - negative
        let bent = lean * lean * lean * lean * abs(lean)
        return ((lean < 0 ? -bent : bent) * 1000).rounded() / 1000
    }

    private static func frustration(_ outputs: LinearModel.Outputs, _ rules: EscalationReading) -> Double {
        max(rules.frustration, (Double(outputs.frustration) * 100).rounded() / 100)
    }

    private static func evidence(
        _ rules: EscalationReading, _ signals: LexicalSignals, _ tokens: TextTokens
    ) -> [String] {
        var evidence = rules.evidence
        let strongest = signals.evidence.sorted { abs($0.valence) > abs($1.valence) }.prefix(8)
        for finding in strongest.sorted(by: { $0.words.lowerBound < $1.words.lowerBound }) {
            let words = tokens.text(finding.words)
            guard evidence.count < 8, !evidence.contains(where: { $0.contains(words) }) else { continue }
            evidence.append(words)
        }
        return evidence
    }
}
