import Foundation
import Testing

@testable import Assignment

/// docs/lifecycle.md shows the table that the code judges by. `UPDATE_DOCS=1 swift test --filter LifecycleDocument` draws
/// the picture anew.
struct LifecycleDocumentTests {
    private static let file = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent().deletingLastPathComponent().appending(path: "docs/lifecycle.md")

    @Test
    func everyArrowHasItsWordsAndNoOther() {
        #expect(Set(LifecyclePicture.arrows) == Set(LifecyclePicture.causes.keys))
    }

    @Test
    func theDocumentShowsTheTable() throws {
        let text = try String(contentsOf: Self.file, encoding: .utf8)
        let (open, close) = ("```mermaid\n", "\n```")
        let start = try #require(text.range(of: open))
        let end = try #require(text.range(of: close, range: start.upperBound..<text.endIndex))
        let block = start.upperBound..<end.lowerBound
        if ProcessInfo.processInfo.environment["UPDATE_DOCS"] == "1" {
            try text.replacingCharacters(in: block, with: LifecyclePicture.mermaid)
                .write(to: Self.file, atomically: true, encoding: .utf8)
            return
        }
        #expect(text[block] == LifecyclePicture.mermaid, "run this test with UPDATE_DOCS=1")
    }

    @Test
    func theDocumentExplainsEveryStatus() throws {
        let text = try String(contentsOf: Self.file, encoding: .utf8)
        for status in ChatStatus.allCases { #expect(text.contains("| `\(status.rawValue)` |"), "\(status)") }
    }
}
