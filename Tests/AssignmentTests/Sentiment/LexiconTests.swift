import Foundation
import Testing

@testable import Assignment

struct LexiconTests {
    @Test(arguments: SentimentLanguage.allCases)
    func everythingFits(language: SentimentLanguage) {
        let lexicon = Lexicon.of(language)
        #expect(lexicon.rejected.isEmpty, "\(lexicon.rejected)")
        #expect(lexicon.entryCount > 2500)
    }

    /// Two entries with one hash would speak for each other.
    @Test func hashesDoNotCollide() {
        let lists = [
            Lexicon.spanishPositive, Lexicon.spanishNegative, Lexicon.englishPositive, Lexicon.englishNegative,
            Lexicon.emojiValences,
        ]
        let roles = Lexicon.spanishRoles.map(\.1) + Lexicon.englishRoles.map(\.1)
        let words = Set((lists + roles).flatMap { $0.split(whereSeparator: \.isWhitespace) }.map(String.init))
        #expect(Set(words.map { WordHash($0).value }).count == words.count)
    }

    /// The tokenizer folds what it reads: a word that is not folded is never found.
    @Test func wordsAreFolded() {
        let lists = [
            Lexicon.spanishPositive, Lexicon.spanishNegative, Lexicon.englishPositive, Lexicon.englishNegative,
        ]
        for word in lists.flatMap({ $0.split(whereSeparator: \.isWhitespace) }) where word.last != ":" {
            #expect(word.utf8.allSatisfy { $0 < 0x80 } && word == word.lowercased()[...], "\(word)")
        }
    }

    private func match(_ text: String, _ lexicon: Lexicon) -> (valence: Float, length: Int) {
        let (entry, length) = lexicon.match(TextTokens(text) { lexicon.knows($0) }, at: 0)
        return (entry.valence, length)
    }

    @Test func theLongestCounts() {
        let small = Lexicon(
            .spanish, valences: ["2: ama* bien 3: amable -3: amarg* -1: mas_bien -2: mas_bien_poco 0: amast*"],
            roles: [])
        #expect(self.match("amaba", small) == (2, 1))
        #expect(self.match("amable", small) == (3, 1))
        #expect(self.match("amargura", small) == (-3, 1))
        #expect(self.match("amasteis", small) == (0, 1))
        #expect(self.match("mas bien poco", small) == (-2, 3))
        #expect(self.match("mas bien nada", small) == (-1, 2))
        #expect(self.match("mas, bien", small) == (0, 1))
        #expect(self.match("mas", small) == (0, 1))
    }

    @Test func whatDoesNotFitIsSaid() {
        let small = Lexicon(.english, valences: ["1: good * a_b*"], roles: [])
        #expect(small.rejected == ["*", "a_b*"])
    }
}

struct LinearModelTests {
    @Test func exponentialsAreThose() {
        for exponent in stride(from: Float(-20), through: 20, by: 0.37) {
            let ratio = Double(Exponential.of(exponent)) / exp(Double(exponent))
            #expect(abs(ratio - 1) < 1e-5, "e^\(exponent)")
        }
    }

    @Test func weightsSurviveBeingWritten() {
        var random = SeededGenerator(seed: 5)
        let dense = (0..<TextFeatures.denseCount).map { _ in
            (0..<3).map { _ in Float(Int.random(in: -40_000...40_000, using: &random)) / 4096 }
        }
        let step = Float(8) / 31
        var sparse: [UInt32: [Float]] = [:]
        for _ in 0..<3000 {
            sparse[UInt32.random(in: 0..<(1 << 18), using: &random)] =
                (0..<3).map { _ in Float(Int.random(in: -31...31, using: &random)) * step }
        }
        sparse[0] = [step, 0, 0]
        let text = LinearModel.encode(dense: dense, sparse: sparse.map { ($0.key, $0.value) })
        let model = LinearModel(encoded: text)
        for (written, weights) in zip(dense, model.dense) {
            #expect(written == [weights.negative, weights.positive, weights.frustration])
        }
        for (bucket, written) in sparse {
            let weights = model.weights(of: bucket)
            #expect(written == [weights.negative, weights.positive, weights.frustration], "\(bucket)")
        }
        #expect(model.weights(of: (1 << 18) - 1) == LinearModel.Weights() || sparse[(1 << 18) - 1] != nil)
    }

    @Test func probabilitiesSumToOne() {
        let outputs = LinearModel.outputs(negative: 60, positive: -60, frustration: 0)
        #expect(abs(outputs.negative + outputs.neutral + outputs.positive - 1) < 1e-5)
        #expect(outputs.negative > 0.99)
        #expect(outputs.frustration == 0.5)
    }

    @Test func noWeightsAtAllAreNoOpinion() {
        let outputs = LinearModel(encoded: "").outputs(
            TextFeatures(TextTokens("hola") { _ in false }, LexicalSignals(TextTokens("hola") { _ in false }, .spanish))
        )
        #expect(outputs.negative <= 1 && outputs.positive >= 0)
    }
}
