internal import Assignment
internal import Foundation

/// A line of a corpus, with the labels of the header that it stands under.
struct LabelledLine: Sendable {
    enum Half: String, CaseIterable, Sendable { case dev, reported }

    var text: String
    var label: SentimentReading.Label
    var flags: Set<String>
    /// Lines of chats say whether they are frustrated; posts do not.
    var isChat: Bool

    var isFrustrated: Bool { self.flags.contains("frustrated") }
    var asksForPerson: Bool { self.flags.contains("request") }
    var escalates: Bool { self.flags.contains("escalate") }

    /// By the text alone, so that no line ever changes sides.
    var half: Half {
        var hash: UInt64 = 0xcbf2_9ce4_8422_2325
        for byte in self.text.utf8 { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01b3 }
        return (hash ^ hash >> 32) & 1 == 0 ? .dev : .reported
    }

    /// Reads a file of headers, lines, comments and blanks.
    static func read(_ path: String, isChat: Bool) throws -> [LabelledLine] {
        var lines: [LabelledLine] = []
        var label = SentimentReading.Label.neutral
        var flags: Set<String> = []
        for line in try String(contentsOfFile: path, encoding: .utf8).split(separator: "\n") {
            if line.hasPrefix("# ") { continue }
            if line.hasPrefix("["), line.hasSuffix("]") {
                let words = line.dropFirst().dropLast().split(separator: " ").map(String.init)
                guard let first = words.first, let read = SentimentReading.Label(rawValue: first) else {
                    throw UnknownHeader(path: path, header: String(line))
                }
                (label, flags) = (read, Set(words.dropFirst()))
            } else {
                lines.append(LabelledLine(text: String(line), label: label, flags: flags, isChat: isChat))
            }
        }
        return lines
    }

    struct UnknownHeader: Error { var path: String, header: String }
}
