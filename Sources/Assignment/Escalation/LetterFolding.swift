/// Case and diacritics folded away, letter by letter, without Foundation.
enum LetterFolding {
    /// The folded form of a letter or digit, the empty string for a combining mark, `nil` for anything else.
    static func fold(_ scalar: Unicode.Scalar) -> String? {
        switch scalar.value {
        case 0x30...0x39, 0x61...0x7a:
            return String(Character(scalar))
        case 0x41...0x5a:
            return String(Character(Unicode.Scalar(UInt8(scalar.value + 0x20))))
        case 0...0x7f:
            return nil
        case 0x300...0x36f:
            return ""
        case 0xc0...0x24f:
            return self.latin(scalar)
        default:
            return scalar.properties.isAlphabetic ? scalar.properties.lowercaseMapping : nil
        }
    }

    private static func latin(_ scalar: Unicode.Scalar) -> String {
        switch scalar {
        case "à", "á", "â", "ã", "ä", "å", "À", "Á", "Â", "Ã", "Ä", "Å": "a"
        case "è", "é", "ê", "ë", "È", "É", "Ê", "Ë": "e"
        case "ì", "í", "î", "ï", "Ì", "Í", "Î", "Ï": "i"
        case "ò", "ó", "ô", "õ", "ö", "Ò", "Ó", "Ô", "Õ", "Ö": "o"
        case "ù", "ú", "û", "ü", "Ù", "Ú", "Û", "Ü": "u"
        case "ñ", "Ñ": "n"
        case "ç", "Ç": "c"
        case "ý", "ÿ", "Ý": "y"
        default: scalar.properties.lowercaseMapping
        }
    }
}
