/// A hash that is the same in every process and on every node, to break exact ties without a bias.
enum StableHash {
    /// FNV-1a over the text, finished with the mixer of splitmix64.
    static func of(_ text: String) -> UInt64 {
        var hash: UInt64 = 0xcbf2_9ce4_8422_2325
        for byte in text.utf8 { hash = (hash ^ UInt64(byte)) &* 0x0000_0100_0000_01b3 }
        return Self.mix(hash)
    }

    static func of(_ first: String, _ second: String) -> UInt64 {
        Self.combine(Self.of(first), Self.of(second))
    }

    /// The hash of a pair whose halves are hashed already.
    static func combine(_ first: UInt64, _ second: UInt64) -> UInt64 {
        Self.mix(first &+ 0x9e37_79b9_7f4a_7c15 &* (second | 1))
    }

    private static func mix(_ value: UInt64) -> UInt64 {
        var hash = value
        hash = (hash ^ (hash >> 30)) &* 0xbf58_476d_1ce4_e5b9
        hash = (hash ^ (hash >> 27)) &* 0x94d0_49bb_1331_11eb
        return hash ^ (hash >> 31)
    }
}
