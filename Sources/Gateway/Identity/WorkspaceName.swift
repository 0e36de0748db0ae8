/// The form of workspace ids. They stand in room names and token claims, so their alphabet is small.
enum WorkspaceName {
    static let standard = "default"

    /// 1 to 64 ASCII letters, digits, `.`, `_` and `-`, the first one a letter or digit.
    static func isValid(_ text: String) -> Bool {
        guard (1...64).contains(text.utf8.count), let first = text.utf8.first, first.isLetterOrDigit else {
            return false
        }
        return text.utf8.allSatisfy {
            $0.isLetterOrDigit || $0 == UInt8(ascii: ".") || $0 == UInt8(ascii: "_") || $0 == UInt8(ascii: "-")
        }
    }
}

/// The form of subjects and names.
enum SubjectName {
    /// 1 to 128 characters without controls, at most 512 bytes.
    static func isValid(_ text: String) -> Bool {
        guard !text.isEmpty, text.utf8.count <= 512, text.count <= 128 else { return false }
        return text.unicodeScalars.allSatisfy { $0.properties.generalCategory != .control }
    }
}

extension UInt8 {
    var isLetterOrDigit: Bool {
        switch self {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"):
            true
        default: false
        }
    }
}
