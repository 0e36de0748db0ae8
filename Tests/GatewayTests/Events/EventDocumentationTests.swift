import Assignment
import Foundation
import Testing

@testable import Gateway

/// docs/events.md and the table say the same.
@Suite struct EventDocumentationTests {
    private static let text: String? = {
        let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent().deletingLastPathComponent()
        return try? String(contentsOf: root.appending(path: "docs/events.md"), encoding: .utf8)
    }()

    @Test func everyClientEventHasItsSection() throws {
        let text = try #require(Self.text)
        let headings = text.split(separator: "\n").compactMap { line -> String? in
            guard line.hasPrefix("### `"), line.hasSuffix("`") else { return nil }
            return String(line.dropFirst(5).dropLast())
        }
        #expect(headings.count == Set(headings).count)
        #expect(Set(headings) == Set(EventTable.events.map { $0.name }))
    }

    @Test func everyErrorCodeIsExplained() throws {
        let text = try #require(Self.text)
        for code in RefusalCode.allCases { #expect(text.contains("| `\(code.rawValue)` |"), "\(code)") }
    }

    /// Every name that the sources give to an outgoing event stands in the second table.
    @Test func everyOutgoingEventIsDescribed() throws {
        let text = try #require(Self.text)
        let table = try #require(text.components(separatedBy: "## What the gateway sends").last)
        let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent().deletingLastPathComponent()
        let sources = root.appending(path: "Sources/Gateway")
        let files = try #require(FileManager.default.enumerator(at: sources, includingPropertiesForKeys: nil))
        var names: Set<String> = []
        // The demo's bot is a client.
        for case let file as URL in files where file.pathExtension == "swift" && !file.path.contains("/Demo/") {
            let source = try String(contentsOf: file, encoding: .utf8)
            for match in source.matches(of: /(?:event: |emit\(\s*|tell\()"([a-z_]+(?::[a-z_]+)?)"/) {
                names.insert(String(match.1))
            }
        }
        #expect(names.count > 15)
        for name in names { #expect(table.contains("`\(name)`"), "\(name)") }
    }
}
