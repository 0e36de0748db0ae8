/// Lower-case canonical UUID text, the one spelling in which the gateway's own ids exist on the wire.
enum CanonicalID {
    /// Whether `text` has the form `8-4-4-4-12` of lower-case hexadecimal digits.
    static func isCanonical(_ text: String) -> Bool {
        let bytes = text.utf8
        guard bytes.count == 36 else { return false }
        for (index, byte) in bytes.enumerated() {
            switch index {
            case 8, 13, 18, 23:
                guard byte == UInt8(ascii: "-") else { return false }
            default:
                guard (0x30...0x39).contains(byte) || (0x61...0x66).contains(byte) else { return false }
            }
        }
        return true
    }
}
