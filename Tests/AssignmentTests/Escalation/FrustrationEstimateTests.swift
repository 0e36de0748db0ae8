import Assignment
import Testing

@Suite struct FrustrationEstimateTests {
    @Test(
        arguments: [
            ([], 0), ([1], 0.6), ([1, 1], 0.84), ([0.9, 0.9], 0.756), ([1, 0], 0.24), ([0.65, 0.65], 0.546),
        ] as [([Double], Double)])
    func theNewestCountsMost(readings: [Double], estimate: Double) {
        #expect(abs(FrustrationEstimate.over(readings) - estimate) < 1e-9)
    }

    @Test func oneMessageAloneIsNeverEnough() {
        #expect(FrustrationEstimate.over([1]) < FrustrationEstimate.escalationThreshold)
    }

    @Test(arguments: [0, 0.2, 0.4, 0.45, 0.7, 1])
    func nothingIsSkippedThatCouldEscalate(reading: Double) {
        let worst = FrustrationEstimate.over(Array(repeating: 1, count: FrustrationEstimate.memory) + [reading])
        let escalates = worst >= FrustrationEstimate.escalationThreshold
        #expect(FrustrationEstimate.mayEscalate(reading) || !escalates)
    }
}
