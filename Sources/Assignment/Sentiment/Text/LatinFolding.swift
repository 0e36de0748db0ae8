/// Case and diacritics folded away into one byte a letter: the fast way for the two languages that are read here.
enum LatinFolding {
    enum Folded {
        case letter(UInt8, isCapital: Bool)
        case digit(UInt8)
        /// A letter of another script.
        case foreign
        /// A combining mark, which folds into nothing.
        case mark
        case other
    }

    /// U+00C0 to U+00FF; a star stands for what is no letter.
    private static let latin1 = Array("aaaaaaaceeeeiiiidnooooo*ouuuuytsaaaaaaaceeeeiiiidnooooo*ouuuuyty".utf8)

    static func fold(_ scalar: Unicode.Scalar) -> Folded {
        switch scalar.value {
        case 0x61...0x7a:
            return .letter(UInt8(scalar.value), isCapital: false)
        case 0x41...0x5a:
            return .letter(UInt8(scalar.value + 0x20), isCapital: true)
        case 0x30...0x39:
            return .digit(UInt8(scalar.value))
        case 0...0x7f:
            return .other
        case 0xc0...0xff:
            let letter = self.latin1[Int(scalar.value - 0xc0)]
            return letter == UInt8(ascii: "*") ? .other : .letter(letter, isCapital: scalar.value < 0xdf)
        case 0x300...0x36f:
            return .mark
        default:
            return scalar.properties.isAlphabetic ? .foreign : .other
        }
    }
}
