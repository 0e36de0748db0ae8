/// An address, or a network in CIDR form.
struct AddressRange: Sendable, Hashable {
    private let base: NetworkAddress
    /// Leading bits that count, of 128.
    private let bits: Int

    init?(_ text: String) {
        let parts = text.split(separator: "/", maxSplits: 1, omittingEmptySubsequences: false)
        guard let base = parts.first.flatMap({ NetworkAddress($0) }) else { return nil }
        self.base = base
        let offset = base.isIPv4 ? 96 : 0
        if parts.count == 2 {
            guard parts[1].utf8.allSatisfy({ (48...57).contains($0) }), let bits = Int(parts[1]),
                (0...(128 - offset)).contains(bits)
            else { return nil }
            self.bits = offset + bits
        } else {
            self.bits = 128
        }
    }

    func contains(_ address: NetworkAddress) -> Bool {
        let whole = self.bits / 8
        guard self.base.bytes[..<whole] == address.bytes[..<whole] else { return false }
        let rest = self.bits % 8
        guard rest > 0 else { return true }
        let mask = UInt8(truncatingIfNeeded: 0xff00 >> rest)
        return self.base.bytes[whole] & mask == address.bytes[whole] & mask
    }
}
