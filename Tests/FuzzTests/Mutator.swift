/// Makes inputs out of samples: the same ones for the same seed.
struct Mutator {
    private var generator: SplitMix
    private let samples: [[UInt8]]

    init(seed: UInt64, samples: [[UInt8]]) {
        generator = SplitMix(seed: seed)
        self.samples = samples
    }

    /// SplitMix64: small, seedable, good enough to damage samples.
    private struct SplitMix: RandomNumberGenerator {
        private var state: UInt64

        init(seed: UInt64) { state = seed }

        mutating func next() -> UInt64 {
            state &+= 0x9E37_79B9_7F4A_7C15
            var value = state
            value = (value ^ (value >> 30)) &* 0xBF58_476D_1CE4_E5B9
            value = (value ^ (value >> 27)) &* 0x94D0_49BB_1331_11EB
            return value ^ (value >> 31)
        }
    }

    private static let interesting: [UInt8] =
        [0, 1, 0x1E, 0x7F, 0x80, 0xBF, 0xC0, 0xED, 0xF0, 0xFF] + Array("\"\\{}[],:-0129b%&=".utf8)

    /// A sample, damaged in one to eight ways.
    mutating func next() -> [UInt8] {
        var bytes = sample()
        for _ in 0..<Int.random(in: 1...8, using: &generator) { damage(&bytes) }
        return bytes
    }

    private mutating func sample() -> [UInt8] { samples.randomElement(using: &generator) ?? [] }

    private mutating func damage(_ bytes: inout [UInt8]) {
        let position = Int.random(in: 0...bytes.count, using: &generator)
        let length = Int.random(in: 1...8, using: &generator)
        let region = position..<min(bytes.count, position + length)
        switch Int.random(in: 0..<7, using: &generator) {
        case 0 where position < bytes.count:
            bytes[position] ^= 1 << UInt8.random(in: 0..<8, using: &generator)
        case 1 where position < bytes.count:
            bytes[position] = Self.interesting.randomElement(using: &generator) ?? 0
        case 2:
            bytes.removeSubrange(region)
        case 3:
            bytes.insert(contentsOf: bytes[region], at: position)
        case 4:
            bytes.removeSubrange(position...)
        case 5:
            bytes.insert(contentsOf: sample().shuffled(using: &generator).prefix(length), at: position)
        case 6:
            bytes = Array(bytes.prefix(position)) + sample().suffix(length * 4)
        default:
            bytes.insert(Self.interesting.randomElement(using: &generator) ?? 0, at: position)
        }
    }
}
