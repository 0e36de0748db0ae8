import Foundation
import Testing

/// Random bytes for every parser that strangers reach, the same ones for the same seed as far as the time allows.
///
/// `PUENTE_FUZZ_SECONDS` is the time for all of them together, `PUENTE_FUZZ_SEED` where to begin; `make test` takes a
/// minute and another seed each time, and prints it. What breaks something, or ends the process, is left in
/// `.build-fuzz/found`. `make fuzz` looks deeper, with libFuzzer; what is found becomes a sample or a test of its own.
@Suite(.serialized) struct SeededTests {
    private static let seconds = number("PUENTE_FUZZ_SECONDS") ?? 10
    private static let seed = UInt64(number("PUENTE_FUZZ_SEED") ?? 1)

    private static func number(_ name: String) -> Double? {
        ProcessInfo.processInfo.environment[name].flatMap(Double.init)
    }

    @Test("No input breaks a parser", arguments: FuzzTarget.all.map(\.name))
    func holds(name: String) throws {
        let target = try #require(FuzzTarget.all.first { $0.name == name })
        let trail = try #require(InputTrail(name: "\(name)-seed-\(Self.seed)"))
        for sample in target.samples { try check(target, sample, trail, "a sample") }
        let end = ContinuousClock.now + .seconds(Self.seconds / Double(FuzzTarget.all.count))
        var seed = Self.seed
        var count = 0
        repeat {
            var mutator = Mutator(seed: seed, samples: target.samples)
            for _ in 0..<256 { try check(target, mutator.next(), trail, "seed \(seed)") }
            seed += 1
            count += 256
        } while ContinuousClock.now < end
        trail.remove()
        print("fuzz \(name): \(count) inputs, seeds \(Self.seed) to \(seed - 1)")
    }

    private func check(_ target: FuzzTarget, _ input: [UInt8], _ trail: InputTrail, _ origin: String) throws {
        trail.note(input)
        do {
            try target.check(input)
        } catch {
            Issue.record(error, "\(origin), kept in \(trail.path): \(input)")
            throw error
        }
    }
}
