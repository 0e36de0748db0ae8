/// A hash that is the same in every process and on every node, to break exact ties without a bias.
///
/// FNV-1a over both texts and a separator that cannot occur in UTF-8, finished with the mixer of splitmix64.
enum StableHash {
    static func of(_ first: String, _ second: String) -> UInt64 {
        var hash: UInt64 = 0xcbf2_9ce4_8422_2325
        func absorb(_ byte: UInt8) {
            hash = (hash ^ UInt64(byte)) &* 0x0000_0100_0000_01b3
        }
        first.utf8.forEach(absorb)
        absorb(0xff)
        second.utf8.forEach(absorb)
        hash = (hash ^ (hash >> 30)) &* 0xbf58_476d_1ce4_e5b9
        hash = (hash ^ (hash >> 27)) &* 0x94d0_49bb_1331_11eb
        return hash ^ (hash >> 31)
    }
}
