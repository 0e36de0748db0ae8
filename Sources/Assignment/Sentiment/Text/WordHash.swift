/// FNV-1a over folded bytes: words, phrases and n-grams are known by these numbers, never by their letters.
///
/// 64 bits over a few thousand entries make a false hit a matter of 1 in 10^15 a word; the tests prove that the entries
/// themselves do not collide.
struct WordHash: Sendable, Hashable {
    private(set) var value: UInt64 = 0xcbf2_9ce4_8422_2325

    init() {}

    init(_ text: String) {
        for byte in text.utf8 { self.add(byte) }
    }

    init(_ bytes: ArraySlice<UInt8>) {
        for byte in bytes { self.add(byte) }
    }

    mutating func add(_ byte: UInt8) {
        self.value = (self.value ^ UInt64(byte)) &* 0x100_0000_01b3
    }

    /// Goes on to the next word of a phrase.
    mutating func addSpace() { self.add(0x20) }

    /// Spread over all bits, for tables whose index is a few of them.
    var mixed: UInt64 {
        var bits = self.value
        bits ^= bits >> 33
        bits = bits &* 0xff51_afd7_ed55_8ccd
        bits ^= bits >> 33
        return bits
    }
}
