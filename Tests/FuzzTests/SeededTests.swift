import Foundation
import Testing

/// Random bytes for every parser that strangers reach, the same ones on every run as far as the time allows.
///
/// `PUENTE_FUZZ_SECONDS` is the time for all of them together, `PUENTE_FUZZ_SEED` where to begin. `make fuzz` looks
/// deeper, with libFuzzer; what it finds becomes a sample here or a test of its own.
@Suite struct SeededTests {
    private static let seconds = number("PUENTE_FUZZ_SECONDS") ?? 10
    private static let seed = UInt64(number("PUENTE_FUZZ_SEED") ?? 1)

    private static func number(_ name: String) -> Double? {
        ProcessInfo.processInfo.environment[name].flatMap(Double.init)
    }

    @Test("No input breaks a parser", arguments: FuzzTarget.all.map(\.name))
    func holds(name: String) throws {
        let target = try #require(FuzzTarget.all.first { $0.name == name })
        for sample in target.samples { try check(target, sample, "a sample") }
        let end = ContinuousClock.now + .seconds(Self.seconds / Double(FuzzTarget.all.count))
        var seed = Self.seed
        repeat {
            var mutator = Mutator(seed: seed, samples: target.samples)
            for _ in 0..<256 { try check(target, mutator.next(), "seed \(seed)") }
            seed += 1
        } while ContinuousClock.now < end
    }

    private func check(_ target: FuzzTarget, _ input: [UInt8], _ origin: String) throws {
        do {
            try target.check(input)
        } catch {
            Issue.record(error, "\(origin): \(input)")
            throw error
        }
    }
}
