/// A compression that an answer's body may have.
enum ContentCoding: String, Sendable, Equatable {
    case gzip
    case deflate

    /// The coding that a client likes best: by its q values, then by its own order; nil for none.
    ///
    /// `*` stands for gzip, as in Node's `accepts`.
    static func preferred(acceptEncoding: String) -> ContentCoding? {
        var best: (coding: ContentCoding, quality: Double)?
        for item in acceptEncoding.split(separator: ",") {
            let parts = item.split(separator: ";")
            guard let name = parts.first?.trimmingBlanks.lowercased() else { continue }
            guard let coding = name == "*" ? .gzip : ContentCoding(rawValue: name) else { continue }
            var quality = 1.0
            for parameter in parts.dropFirst() {
                let text = parameter.trimmingBlanks
                guard text.hasPrefix("q=") || text.hasPrefix("Q=") else { continue }
                quality = Double(text.dropFirst(2)) ?? 0
            }
            guard quality > 0, quality > best?.quality ?? 0 else { continue }
            best = (coding, quality)
        }
        return best?.coding
    }
}

extension Substring {
    /// The text without blanks and tabs at its ends.
    var trimmingBlanks: Substring {
        var text = self
        while let first = text.utf8.first, first == 0x20 || first == 0x09 { text.removeFirst() }
        while let last = text.utf8.last, last == 0x20 || last == 0x09 { text.removeLast() }
        return text
    }
}
