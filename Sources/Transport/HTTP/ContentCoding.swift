/// A compression that an answer's body may have.
package enum ContentCoding: String, Sendable, Equatable, CaseIterable {
    case brotli = "br"
    case gzip
    case deflate

    /// The coding of `offered` that a client likes best: by its q values, then by its own order; nil for none.
    ///
    /// `*` stands for gzip, as in Node's `accepts`.
    package static func preferred(acceptEncoding: String, among offered: [ContentCoding]) -> ContentCoding? {
        var best: (coding: ContentCoding, quality: Double)?
        for (coding, quality) in accepted(acceptEncoding) where offered.contains(coding) {
            if quality > best?.quality ?? 0 { best = (coding, quality) }
        }
        return best?.coding
    }

    /// The first of `offered` that a client accepts at all: for bodies that are compressed already.
    package static func first(of offered: [ContentCoding], acceptEncoding: String) -> ContentCoding? {
        let accepted = accepted(acceptEncoding)
        return offered.first { coding in accepted.contains { $0.coding == coding && $0.quality > 0 } }
    }

    /// The codings of an `Accept-Encoding` header that we know, in its order.
    private static func accepted(_ header: String) -> [(coding: ContentCoding, quality: Double)] {
        header.split(separator: ",").compactMap { item in
            let parts = item.split(separator: ";")
            guard let name = parts.first?.trimmingBlanks.lowercased(),
                let coding = name == "*" ? .gzip : ContentCoding(rawValue: name)
            else { return nil }
            var quality = 1.0
            for parameter in parts.dropFirst() {
                let text = parameter.trimmingBlanks
                guard text.hasPrefix("q=") || text.hasPrefix("Q=") else { continue }
                quality = Double(text.dropFirst(2)) ?? 0
            }
            return (coding, quality)
        }
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
