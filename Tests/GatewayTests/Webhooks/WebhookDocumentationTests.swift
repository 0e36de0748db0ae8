import Foundation
import NIOCore
import Testing

@testable import Gateway

/// The snippets that docs/webhooks.md gives to receivers, run against signatures of ours.
@Suite struct WebhookDocumentationTests {
    private static let document = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
        .appendingPathComponent("../../../docs/webhooks.md")

    private static func snippet(_ language: String) throws -> String {
        let text = try String(contentsOf: self.document, encoding: .utf8)
        let start = try #require(text.range(of: "```\(language)\n")).upperBound
        return String(text[start..<(try #require(text.range(of: "\n```", range: start..<text.endIndex))).lowerBound])
    }

    private static func run(_ program: String, _ arguments: [String]) throws -> String {
        let (process, pipe) = (Process(), Pipe())
        process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        process.arguments = [program] + arguments
        process.standardOutput = pipe
        try process.run()
        let output = pipe.fileHandleForReading.readDataToEndOfFile()
        process.waitUntilExit()
        return String(decoding: output, as: UTF8.self)
    }

    private static func file(_ text: String, _ ending: String) throws -> String {
        let url = FileManager.default.temporaryDirectory.appendingPathComponent("puente-\(UUID().uuidString).\(ending)")
        try Data(text.utf8).write(to: url)
        return url.path
    }

    private static let secret = "a-secret-of-24-characters"
    private static let body = #"{"content":"¿Qué tal?"}"#

    /// Header, body, secret, now; and whether it is ours.
    private static var cases: [(header: String, body: String, secret: String, now: Int64, isOurs: Bool)] {
        let sign = { (secrets: [String]) in
            WebhookSignature.header(
                secrets: secrets.map { Secret($0) }, seconds: 1_700_000_000, body: ByteBuffer(string: Self.body))
        }
        let (one, both) = (sign([Self.secret]), sign(["another-secret-of-the-shop", Self.secret]))
        return [
            (one, Self.body, Self.secret, 1_700_000_000, true), (both, Self.body, Self.secret, 1_700_000_299, true),
            (one, Self.body + " ", Self.secret, 1_700_000_000, false),
            (one, Self.body, "another-secret-of-the-shop", 1_700_000_000, false),
            (one, Self.body, Self.secret, 1_700_000_301, false), (one, Self.body, Self.secret, 1_699_999_699, false),
            (one.replacing("t=1700000000", with: "t=1700000001"), Self.body, Self.secret, 1_700_000_000, false),
            ("", Self.body, Self.secret, 1_700_000_000, false),
            ("t=,v1=", Self.body, Self.secret, 1_700_000_000, false),
            ("t=1700000000,v1=ab", Self.body, Self.secret, 1_700_000_000, false),
        ]
    }

    @Test func theJavaScriptSnippetTellsThemApart() throws {
        let path = try Self.file(
            try Self.snippet("js") + "\nconst [,, header, body, secret, now] = process.argv;\n"
                + "console.log(isFromPuente(header, Buffer.from(body), secret, Number(now)));\n", "mjs")
        defer { try? FileManager.default.removeItem(atPath: path) }
        for one in Self.cases {
            let output = try Self.run("node", [path, one.header, one.body, one.secret, "\(one.now)"])
            #expect(output == "\(one.isOurs)\n", "\(one.header) at \(one.now)")
        }
    }

    @Test func thePythonSnippetTellsThemApart() throws {
        let path = try Self.file(
            try Self.snippet("python") + "\n\nimport sys\n_, header, body, secret, now = sys.argv\n"
                + "print(is_from_puente(header, body.encode(), secret, float(now)))\n", "py")
        defer { try? FileManager.default.removeItem(atPath: path) }
        for one in Self.cases {
            let output = try Self.run("python3", [path, one.header, one.body, one.secret, "\(one.now)"])
            #expect(output == (one.isOurs ? "True\n" : "False\n"), "\(one.header) at \(one.now)")
        }
    }
}
