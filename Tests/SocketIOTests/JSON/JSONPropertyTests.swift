import NIOCore
import Testing

@testable import SocketIO

/// Seeded: a failure repeats.
@Suite struct JSONPropertyTests {
    @Test("What is written reads back as the same value", arguments: 0..<40)
    func roundTrip(seed: Int) throws {
        var random = SplitMix(seed: UInt64(seed))
        for _ in 0..<50 {
            let value = JSONValue.random(using: &random, depth: 0)
            let text = value.encoded()
            try JSONReader.scan(text)
            #expect(try JSONReader.decode(text) == value)
            #expect(try JSONReader.decode(text).encoded() == text)
        }
    }

    @Test("No bytes trap the reader; scan accepts what decode accepts", arguments: 0..<20)
    func neverTraps(seed: Int) throws {
        var random = SplitMix(seed: UInt64(seed) &+ 1000)
        for _ in 0..<200 {
            var bytes = Array(JSONValue.random(using: &random, depth: 0).encoded().readableBytesView)
            for _ in 0..<Int.random(in: 1...4, using: &random) {
                let position = Int.random(in: 0...bytes.count, using: &random)
                switch Int.random(in: 0..<3, using: &random) {
                case 0 where position < bytes.count:
                    bytes[position] = UInt8.random(in: .min ... .max, using: &random)
                case 1 where position < bytes.count:
                    bytes.remove(at: position)
                default:
                    bytes.insert(Array("\"\\{}[],:u0e-.".utf8).randomElement(using: &random) ?? 0, at: position)
                }
            }
            let buffer = ByteBuffer(bytes: bytes)
            let scanned = (try? JSONReader.scan(buffer)) != nil
            let decoded = (try? JSONReader.decode(buffer)) != nil
            #expect(!decoded || scanned)
            _ = try? JSONReader.decodeList(buffer)
            _ = try? JSONReader.decodeListLeniently(buffer)
        }
    }
}

/// SplitMix64: small, seedable, good enough to shuffle test inputs.
struct SplitMix: RandomNumberGenerator {
    private var state: UInt64

    init(seed: UInt64) {
        self.state = seed
    }

    mutating func next() -> UInt64 {
        self.state &+= 0x9E37_79B9_7F4A_7C15
        var value = self.state
        value = (value ^ (value >> 30)) &* 0xBF58_476D_1CE4_E5B9
        value = (value ^ (value >> 27)) &* 0x94D0_49BB_1331_11EB
        return value ^ (value >> 31)
    }
}

extension JSONValue {
    static func random(using random: inout SplitMix, depth: Int) -> JSONValue {
        switch Int.random(in: 0..<(depth < 5 ? 8 : 6), using: &random) {
        case 0:
            return .null
        case 1:
            return .bool(Bool.random(using: &random))
        case 2:
            return .int(Int.random(in: -9_007_199_254_740_992...9_007_199_254_740_992, using: &random))
        case 3:
            return .number(JSONNumber(Double.random(in: -1e9...1e9, using: &random)))
        case 4, 5:
            return .string(.random(using: &random))
        case 6:
            let count = Int.random(in: 0..<5, using: &random)
            return .array((0..<count).map { _ in .random(using: &random, depth: depth + 1) })
        default:
            let count = Int.random(in: 0..<5, using: &random)
            return .object(
                JSONObject(
                    (0..<count).map {
                        .init(key: "\($0)" + .random(using: &random), value: .random(using: &random, depth: depth + 1))
                    }))
        }
    }
}

extension String {
    static func random(using random: inout SplitMix) -> String {
        let alphabet = Array("aé😀\u{1}\u{1F}\"\\/\n\t\u{2028}\u{7F}\u{FEFF}𝒳").map(String.init)
        return (0..<Int.random(in: 0..<12, using: &random)).map { _ in
            alphabet.randomElement(using: &random) ?? ""
        }.joined()
    }
}
