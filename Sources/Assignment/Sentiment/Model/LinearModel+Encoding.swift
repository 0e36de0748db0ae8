extension LinearModel {
    /// 64 characters that need no escape in a Swift string.
    private static let alphabet = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".utf8)
    private static let digits: [UInt8] = {
        var digits = [UInt8](repeating: 0, count: 256)
        for (value, character) in alphabet.enumerated() { digits[Int(character)] = UInt8(value) }
        return digits
    }()
    /// A dense weight is three characters, in steps of 1/4096 from -32 to 32.
    private static let denseStep: Float = 1 / 4096
    /// Bits of a gap between two buckets that one character carries; the sixth says that another follows.
    private static let gapBits = 5
    /// An n-gram's weight is one character of 63 steps, from -8 to 8.
    private static let sparseStep: Float = 8.0 / 31

    /// Reads what `encoded()` wrote: the dense weights, then for each n-gram its distance from the one before and its three
    /// weights. White space is skipped; whatever is missing at the end is zero.
    init(encoded text: String) {
        var reader = Reader(bytes: text.utf8.filter { $0 > 0x20 })
        var dense: [Weights] = []
        for _ in 0..<TextFeatures.denseCount {
            dense.append(Weights(negative: reader.wide(), positive: reader.wide(), frustration: reader.wide()))
        }
        var sparse: [(UInt32, Weights)] = []
        var bucket: UInt32 = 0
        while !reader.isAtEnd {
            bucket &+= reader.gap()
            sparse.append(
                (bucket, Weights(negative: reader.narrow(), positive: reader.narrow(), frustration: reader.narrow())))
        }
        self.init(dense: dense, sparse: sparse)
    }

    private struct Reader {
        let bytes: [UInt8]
        var index = 0

        var isAtEnd: Bool { self.index >= self.bytes.count }

        mutating func next() -> UInt8 {
            guard !self.isAtEnd else { return 0 }
            self.index += 1
            return LinearModel.digits[Int(self.bytes[self.index - 1])]
        }

        mutating func wide() -> Float {
            let value = Int(self.next()) << 12 | Int(self.next()) << 6 | Int(self.next())
            return Float(value - 0x20000) * LinearModel.denseStep
        }

        mutating func narrow() -> Float { Float(Int(self.next()) - 31) * LinearModel.sparseStep }

        mutating func gap() -> UInt32 {
            var gap: UInt32 = 0
            while !self.isAtEnd {
                let digit = UInt32(self.next())
                gap = gap << UInt32(LinearModel.gapBits) | digit & 31
                if digit < 32 { break }
            }
            return gap
        }
    }

    /// Writes weights as `init(encoded:)` reads them, rounded to its steps. N-grams that round to nothing are left out.
    static func encode(dense: [[Float]], sparse: [(bucket: UInt32, weights: [Float])]) -> String {
        var bytes: [UInt8] = []
        for weights in dense {
            for weight in weights {
                let value = Int((weight / self.denseStep).rounded()) + 0x20000
                let clamped = max(0, min(0x3ffff, value))
                bytes += [clamped >> 12, clamped >> 6 & 63, clamped & 63].map { self.alphabet[$0] }
            }
        }
        var last: UInt32 = 0
        for (bucket, weights) in sparse.sorted(by: { $0.bucket < $1.bucket }) {
            let steps = weights.map { max(-31, min(31, Int(($0 / self.sparseStep).rounded()))) }
            guard steps.contains(where: { $0 != 0 }) else { continue }
            bytes += self.gap(bucket - last)
            bytes += steps.map { self.alphabet[$0 + 31] }
            last = bucket
        }
        return String(decoding: bytes, as: UTF8.self)
    }

    private static func gap(_ gap: UInt32) -> [UInt8] {
        var digits: [UInt8] = []
        var rest = gap
        repeat {
            digits.insert(self.alphabet[Int(rest & 31) + (digits.isEmpty ? 0 : 32)], at: 0)
            rest >>= UInt32(self.gapBits)
        } while rest > 0
        return digits
    }
}
