import Foundation
import Logging
import Synchronization
import Testing

@testable import Gateway

/// Rows L01, L02 and L04: an entry is one line, whatever comes in.
@Suite struct LogTests {
    private func lines(_ format: LogSettings.Format, _ body: (Logger) -> Void) -> [String] {
        let collected = Mutex<[String]>([])
        let settings = LogSettings(level: .debug, format: format)
        let box = Box(collected)
        return withExtendedLifetime(box) {
            body(
                Logger(label: "puente") { label in
                    StandardErrorLog(label: label, settings: settings) { line in box.lines.withLock { $0.append(line) }
                    }
                }
            )
            return box.lines.withLock { $0 }
        }
    }

    private final class Box: Sendable {
        let lines: Mutex<[String]>

        init(_ lines: consuming Mutex<[String]>) {
            self.lines = lines
        }
    }

    static let hostile = [
        "a\r\nb", "\u{1b}[31mred", "x\u{2028}y\u{2029}z", "%n%s%@", "${jndi:ldap://x}", "\u{0}", "\u{9b}2J",
        "\"quoted\"",
    ]

    @Test(arguments: LogSettings.Format.allCases, Self.hostile)
    func oneLineWithoutRawControls(_ format: LogSettings.Format, _ text: String) throws {
        let lines = self.lines(format) { $0.info("\(text)", metadata: ["subject": "\(text)", "path": "a b=\(text)"]) }
        let line = try #require(lines.first)
        #expect(lines.count == 1)
        #expect(line.hasSuffix("\n"))
        let inner = line.dropLast().unicodeScalars
        #expect(
            inner.allSatisfy {
                $0.value >= 0x20 && !(0x7f...0x9f).contains($0.value) && $0 != "\u{2028}" && $0 != "\u{2029}"
            })
        if format == .json {
            let object = try #require(try JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: String])
            #expect(object["message"] == text)
            #expect(object["subject"] == text)
            #expect(object["level"] == "info")
        }
    }

    @Test func longValuesAreCut() throws {
        let agent = String(repeating: "x", count: 1_000_000)
        for format in LogSettings.Format.allCases {
            let line = try #require(self.lines(format) { $0.info("\(agent)", metadata: ["path": "\(agent)"]) }.first)
            #expect(line.utf8.count < 2700)
        }
    }

    @Test func levelsBelowTheSettingAreSilent() {
        #expect(self.lines(.text) { $0.trace("x") }.isEmpty)
        #expect(self.lines(.text) { $0.debug("x") }.count == 1)
    }
}
