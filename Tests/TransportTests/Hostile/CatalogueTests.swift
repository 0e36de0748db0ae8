import Foundation
import Testing

/// docs/hostile-input.md names every row of the catalogue once, and for each a test that exists.
@Suite struct CatalogueTests {
    private static let root = URL(fileURLWithPath: #filePath)
        .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()

    /// How many rows each part of the catalogue has; `VA` to `VF` are what befell other servers.
    private static let parts: KeyValuePairs = [
        "H": 32, "P": 21, "T": 10, "W": 28, "U": 12, "E": 9, "S": 24, "J": 14, "M": 13,
        "A": 18, "O": 5, "D": 24, "N": 4, "R": 5, "L": 4, "Z": 6, "VD": 14,
        "VA": 18, "VB": 10, "VC": 4, "VF": 5,
    ]

    private static let rows: [(ids: [String], test: String)] = {
        let text =
            (try? String(contentsOf: root.appendingPathComponent("docs/hostile-input.md"), encoding: .utf8)) ?? ""
        return text.split(separator: "\n").compactMap { line in
            let cells = line.split(separator: "|", omittingEmptySubsequences: false)
                .map { $0.trimmingCharacters(in: .whitespaces) }
            guard cells.count >= 5, cells[1].first?.isUppercase == true else { return nil }
            return (cells[1].components(separatedBy: ", "), cells[cells.count - 2])
        }
    }()

    @Test func everyRowIsNamedOnce() {
        let expected = Self.parts.flatMap { part, count in
            (1...count).map { part.count == 1 ? String(format: "\(part)%02d", $0) : "\(part)\($0)" }
        }
        let found = Self.rows.flatMap(\.ids)
        #expect(found.sorted() == expected.sorted())
    }

    @Test func everyRowHasItsTest() throws {
        let sources = try testSources()
        // A dash stands where there is nothing to test.
        for (ids, test) in Self.rows where test != "–" {
            let proofs = test.components(separatedBy: ", ").map(Proof.init)
            for proof in proofs {
                #expect(sources[proof.suite] != nil, "\(proof.suite)")
                if let token = proof.token { #expect(sources[proof.suite]?.contains(token) == true, "\(test)") }
            }
            // Without a token the row's own id stands in one of the suites.
            guard proofs.contains(where: { $0.token == nil }) else { continue }
            for id in ids {
                let isThere = proofs.contains { $0.token == nil && sources[$0.suite]?.contains(id) == true }
                #expect(isThere || proofs.contains { $0.token != nil }, "\(id) in \(test)")
            }
        }
    }

    /// `Suite` or `Suite (token)`.
    private struct Proof {
        let suite: String
        let token: String?

        init(_ text: String) {
            let parts = text.split(separator: " ", maxSplits: 1)
            suite = String(parts.first ?? "")
            token = parts.count == 2 ? String(parts[1].dropFirst().dropLast()) : nil
        }
    }

    /// The text of every file of tests by its name without extension.
    private func testSources() throws -> [String: String] {
        let folder = Self.root.appendingPathComponent("Tests")
        let files = try #require(FileManager.default.enumerator(at: folder, includingPropertiesForKeys: nil))
        var sources: [String: String] = [:]
        for case let file as URL in files where ["swift", "py"].contains(file.pathExtension) {
            sources[file.deletingPathExtension().lastPathComponent, default: ""] += try String(
                contentsOf: file, encoding: .utf8)
        }
        return sources
    }
}
