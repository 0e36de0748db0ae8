/// Faces drawn with punctuation, and where emoji begin.
enum Emoticon {
    /// Symbols that people send as emoji: pictures, hearts, hands, weather, check marks.
    static func isEmoji(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.value {
        case 0x1f300...0x1f3fa, 0x1f400...0x1faff, 0x2600...0x27bf, 0x2b50, 0x2b55: true
        default: false
        }
    }

    /// A face at this place in the one spelling that the lexicon has, and how many scalars it is long.
    ///
    /// - Parameter afterLetter: A word ends right here: then only faces that no time or address looks like count.
    static func match(
        _ scalars: [Unicode.Scalar], at index: Int, afterLetter: Bool
    ) -> (face: String, length: Int)? {
        guard index + 1 < scalars.count else { return nil }
        switch scalars[index] {
        case "<":
            if scalars[index + 1] == "3" { return ("<3", 2) }
            if scalars[index + 1] == "/", index + 2 < scalars.count, scalars[index + 2] == "3" { return ("</3", 3) }
            return nil
        case ":", ";", "=":
            break
        default:
            return nil
        }
        var mouth = index + 1
        var isCrying = false
        if scalars[mouth] == "'" || scalars[mouth] == "\u{2019}" {
            isCrying = true
            mouth += 1
        } else if scalars[mouth] == "-" {
            mouth += 1
        }
        guard mouth < scalars.count, let face = self.face(scalars[mouth], isCrying: isCrying) else { return nil }
        if afterLetter, face != ":)", face != ":(" { return nil }
        // "nota:dos" is no face, nor is ":p" at the head of a word.
        if scalars[mouth].properties.isAlphabetic, mouth + 1 < scalars.count,
            scalars[mouth + 1].properties.isAlphabetic
        {
            return nil
        }
        return (face, mouth + 1 - index)
    }

    private static func face(_ mouth: Unicode.Scalar, isCrying: Bool) -> String? {
        switch mouth {
        case ")", "]": isCrying ? ":')" : ":)"
        case "(", "[": isCrying ? ":'(" : ":("
        case "D": ":d"
        case "P", "p": ":p"
        case "*": ":*"
        case "/", "\\", "|": ":/"
        case "o", "O": ":o"
        default: nil
        }
    }
}
