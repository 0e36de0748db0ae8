import Foundation
import Testing

@testable import Assignment

/// The labelled lines of the repository, as the tests read them.
struct LabelledText: Sendable {
    var text: String
    var label: String
    var flags: Set<String>

    /// The half of the evaluation set that may be looked at. The other is for docs/sentiment.md, and is scored once.
    var isForDevelopment: Bool {
        let hash = WordHash(self.text).value
        return (hash ^ hash >> 32) & 1 == 0
    }

    /// The lines of the evaluation set that may be looked at.
    static func development(_ name: String) throws -> [LabelledText] {
        try self.read(name).filter(\.isForDevelopment)
    }

    static func read(_ name: String) throws -> [LabelledText] {
        let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent().deletingLastPathComponent()
        let text = try String(contentsOf: root.appending(path: "sentiment/\(name).txt"), encoding: .utf8)
        var lines: [LabelledText] = []
        var header: [String] = []
        for line in text.split(separator: "\n") where !line.hasPrefix("# ") {
            if line.hasPrefix("["), line.hasSuffix("]") {
                header = line.dropFirst().dropLast().split(separator: " ").map(String.init)
            } else {
                let label = try #require(header.first)
                lines.append(LabelledText(text: String(line), label: label, flags: Set(header.dropFirst())))
            }
        }
        return lines
    }
}
