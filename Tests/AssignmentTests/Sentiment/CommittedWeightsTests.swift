import Foundation
import Testing

@testable import Assignment
@testable import SentimentLab

/// The weights in the sources are what the corpora, the lexicons and the rules of these sources give: whoever changes one of
/// them without `make sentiment-train` is told here.
struct CommittedWeightsTests {
    @Test(arguments: SentimentLanguage.allCases) func areWhatTrainingGives(language: SentimentLanguage) throws {
        let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent().deletingLastPathComponent()
        let committed =
            switch language {
            case .spanish: LinearModel.spanishWeights
            case .english: LinearModel.englishWeights
            }
        let trained = try Training.weights(of: language, root: root.path)
        // No diff: 9,000 characters of it would say nothing.
        let isSame = trained == committed.filter { !$0.isWhitespace }
        #expect(isSame, "run make sentiment-train")
    }
}
