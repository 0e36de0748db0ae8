import Assignment
import Foundation
import SocketIO
import Testing

@testable import Gateway

/// `gateway sentiment`, as a program and by its answers.
@Suite struct SentimentCommandTests {
    @Test func oneObjectALine() async throws {
        let file = FileManager.default.temporaryDirectory.appendingPathComponent("puente-\(UUID().uuidString).txt")
        try "Quiero hablar con una persona\n\n¡Qué asco, estoy harto!\nI love it \"so\" much".write(
            to: file, atomically: true, encoding: .utf8)
        defer { try? FileManager.default.removeItem(at: file) }
        let outcome = try await GatewayProgram(["sentiment"], input: FileHandle(forReadingFrom: file)).end()
        #expect(outcome.status == 0)
        #expect(outcome.errors.isEmpty)
        let lines = outcome.output.split(separator: "\n", omittingEmptySubsequences: true).map(String.init)
        #expect(lines.count == 4, "an empty line has an answer too")
        #expect(lines[0].contains(#""humanRequest":true"#))
        #expect(lines[1].hasPrefix(#"{"language":"und","label":"#))
        #expect(lines[2].contains(#""label":"negative""#))
        #expect(lines[3].hasPrefix(#"{"language":"en","label":"positive","polarity":"#))
    }

    @Test func theFieldsAreThose() throws {
        let answer = SentimentCommand.answer(to: "no sirve, qué vergüenza", .spanish)
        guard case .object(let fields) = try JSONReader.decode(answer) else { throw JSONError(.malformed, at: 0) }
        #expect(
            fields.members.map(\.key) == ["language", "label", "polarity", "frustration", "humanRequest", "evidence"])
    }
}
