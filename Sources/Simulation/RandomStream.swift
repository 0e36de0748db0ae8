internal import Glibc

/// One stream of random numbers: xoshiro256** (Blackman and Vigna, 2018), seeded by splitmix64.
///
/// Arrivals, handle times, patience and choices draw from streams of their own, so that two policies under one seed see
/// the same chats: what differs between them is the policy.
package struct RandomStream: RandomNumberGenerator, Sendable {
    /// What a stream is for; the raw value goes into its seed.
    package enum Purpose: UInt64, Sendable {
        case arrivals = 1
        case handling, patience, kinds, choices, returns, answers
    }

    private var state: (UInt64, UInt64, UInt64, UInt64)

    package init(seed: UInt64, _ purpose: Purpose) {
        var mixed = seed ^ (purpose.rawValue &* 0xd1b5_4a32_d192_ed03)
        func next() -> UInt64 {
            mixed &+= 0x9e37_79b9_7f4a_7c15
            var value = mixed
            value = (value ^ (value >> 30)) &* 0xbf58_476d_1ce4_e5b9
            value = (value ^ (value >> 27)) &* 0x94d0_49bb_1331_11eb
            return value ^ (value >> 31)
        }
        self.state = (next(), next(), next(), next())
    }

    package mutating func next() -> UInt64 {
        func rotated(_ value: UInt64, _ by: UInt64) -> UInt64 { (value << by) | (value >> (64 - by)) }
        let result = rotated(self.state.1 &* 5, 7) &* 9
        let shifted = self.state.1 << 17
        self.state.2 ^= self.state.0
        self.state.3 ^= self.state.1
        self.state.1 ^= self.state.2
        self.state.0 ^= self.state.3
        self.state.2 ^= shifted
        self.state.3 = rotated(self.state.3, 45)
        return result
    }

    /// Uniform in (0, 1): 53 bits, never either end.
    package mutating func unit() -> Double {
        (Double(self.next() >> 11) + 0.5) * 0x1p-53
    }

    /// Exponential with mean 1.
    package mutating func exponential() -> Double {
        -log(self.unit())
    }

    /// Normal with mean 0 and variance 1 (Box and Muller's first coordinate).
    package mutating func normal() -> Double {
        let radius = (-2 * log(self.unit())).squareRoot()
        return radius * cos(2 * Double.pi * self.unit())
    }

    /// Uniform in 0..<count.
    package mutating func index(below count: Int) -> Int {
        Int(truncatingIfNeeded: self.next().multipliedFullWidth(by: UInt64(count)).high)
    }
}
