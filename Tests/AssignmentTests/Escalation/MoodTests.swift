import Assignment
import Testing

@Suite struct MoodTests {
    /// Words one after the other: how the visitor feels, and what of it staff are told.
    private static func course(_ polarities: [Double]) -> [Mood] {
        var moods: [Mood] = []
        for polarity in polarities {
            moods.append(Mood(before: moods.last?.score, told: moods.last?.told, hearing: polarity))
        }
        return moods
    }

    @Test func aNeutralVisitorIsNoNews() {
        #expect(Self.course([0, 0.1, -0.1, 0.2, -0.2]).allSatisfy { !$0.isNews && $0.told == .nothing })
    }

    @Test func angerIsToldOnceAndItsEndToo() {
        let moods = Self.course([0, -0.8, -0.8, 0.6, 0.8])
        #expect(moods.map(\.isNews) == [false, true, false, true, true])
        #expect(moods.map(\.told.label) == [.neutral, .negative, .negative, .neutral, .positive])
        #expect(moods[1].trend == .worse)
        #expect(moods[3].trend == .better)
    }

    /// On the border the label stays what it is.
    @Test func aMoodOnTheBorderDoesNotFlicker() {
        let moods = Self.course([-0.3] + Array(repeating: [-0.18, -0.26], count: 20).flatMap(\.self))
        #expect(moods.map(\.isNews) == [true] + Array(repeating: false, count: 40))
    }

    @Test(arguments: 0..<200 as Range<UInt64>) func whateverIsSaid(seed: UInt64) {
        var random = SeededGenerator(seed: seed)
        let polarities = (0..<30).map { _ in Double.random(in: -2...2, using: &random) }
        var told = Mood.Told.nothing
        for (mood, polarity) in zip(Self.course(polarities), polarities) {
            #expect((-1...1).contains(mood.score))
            // Whatever is not told is close to what was told, with the same label.
            #expect(mood.isNews || (mood.told == told && abs(mood.score - told.score) < 0.4))
            #expect(!mood.isNews || mood.told.score == mood.score)
            #expect(mood.told.label != .negative || mood.told.score < 0)
            #expect(mood.told.label != .positive || mood.told.score > 0)
            #expect(mood.trend != .worse || mood.score < told.score)
            #expect(mood.trend != .better || mood.score > told.score)
            _ = polarity
            told = mood.told
        }
    }
}
