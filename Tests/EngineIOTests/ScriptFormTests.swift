import NIOCore
import Testing

@testable import EngineIO

/// JSONP: answers are scripts, POSTs are forms.
@Suite struct ScriptFormTests {
    private static let form = WireForm(revision: .v3, callback: "7")

    @Test(arguments: [
        ("", "___eio[3](\"\");"), ("6:4hello", "___eio[3](\"6:4hello\");"),
        ("a\"b\\c", "___eio[3](\"a\\\"b\\\\c\");"), ("\n\r\t\u{0}", "___eio[3](\"\\u000a\\u000d\\u0009\\u0000\");"),
        ("\u{2028}€\u{2029}\u{2027}", "___eio[3](\"\\u2028€\\u2029\u{2027}\");"),
        ("</script>", "___eio[3](\"</script>\");"),
    ])
    func answersAreScripts(payload: String, script: String) {
        #expect(String(buffer: ScriptForm.script(calling: 3, with: ByteBuffer(string: payload))) == script)
    }

    @Test(arguments: [
        ("d=6%3A4hello", "6:4hello"), ("x=1&d=a+b%20c&y", "a b c"), ("d=%C3%A9%F0%9F%98%80", "é😀"), ("d=", ""),
        ("d=%ZZ%4", "%ZZ%4"), ("d=a=b", "a=b"), ("d=%26%3D", "&="),
        // Line feeds come as \n, what looked like that as \\n.
        ("d=a%5Cnb", "a\nb"), ("d=a%5C%5Cnb", "a\\nb"), ("d=a%5C%5C%5Cnb", "a\\\\nb"), ("d=%5Cm%5C", "\\m\\"),
        ("d=%5Cn%5Cn%5C%5Cn", "\n\n\\n"),
    ])
    func postsAreForms(body: String, payload: String) {
        let found = ScriptForm.payload(ofForm: ByteBuffer(string: body))
        #expect(found.map { String(buffer: $0) } == payload)
    }

    @Test(arguments: ["", "d", "e=1", "D=1", "dd=1", "d=1&d=2", "&"])
    func formsWithoutThePayloadAreRefused(body: String) {
        #expect(ScriptForm.payload(ofForm: ByteBuffer(string: body)) == nil)
        #expect(throws: PacketError.empty) { try PayloadDecoder(ByteBuffer(string: body), form: Self.form) }
    }

    @Test func theFormIsTheClients() throws {
        var decoder = try PayloadDecoder(ByteBuffer(string: "d=6%3A4hello3%3A4%5Cna"), form: Self.form)
        #expect(try decoder.next() == .message(.text(ByteBuffer(string: "hello"))))
        #expect(try decoder.next() == .message(.text(ByteBuffer(string: "\na"))))
        #expect(try decoder.next() == nil)
        #expect(throws: PacketError.invalidUTF8) {
            try PayloadDecoder(ByteBuffer(string: "d=2%3A4%FF"), form: Self.form)
        }
    }

    /// What the client does to a payload before it posts it is undone, but for a backslash right before a line feed:
    /// upstream's escaping cannot tell that from the two characters of an escape.
    @Test func whatTheClientEscapesIsRestored() {
        var generator = SeededGenerator(seed: 33)
        let pieces = ["a", "n", "\\", "\\n", "\n", "€", "😀", "+", "%", "&", "="]
        for _ in 0..<1000 {
            let payload = (0..<Int.random(in: 0...10, using: &generator))
                .map { _ in pieces.randomElement(using: &generator) ?? "" }.joined()
            guard !payload.contains("\\\n") else { continue }
            let escaped = escape(payload)
            let body = "d=" + escaped.utf8.map { "%" + ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
            #expect(ScriptForm.payload(ofForm: ByteBuffer(string: body)).map { String(buffer: $0) } == payload)
        }
    }

    /// The two replacements of the client: each `\n` to a backslash and a line feed, then each line feed to `\n`.
    private func escape(_ text: String) -> String {
        var first: [UInt8] = []
        let bytes = Array(text.utf8)
        var index = 0
        while index < bytes.count {
            if bytes[index] == 0x5C, index + 1 < bytes.count, bytes[index + 1] == 0x6E {
                first += [0x5C, 0x0A]
                index += 2
            } else {
                first.append(bytes[index])
                index += 1
            }
        }
        return String(decoding: first.flatMap { $0 == 0x0A ? [0x5C, 0x6E] : [$0] }, as: UTF8.self)
    }

    @Test(arguments: [
        ("0", 0 as UInt32), ("12", 12), ("", 0), ("<script>", 0), ("1);alert(2", 12), ("99999999999999", 999_999_999),
        ("١", 0),
    ])
    func onlyDigitsOfTheCallbackCount(value: String, callback: UInt32) {
        #expect(WireForm(revision: .v3, callback: value).callback == callback)
        #expect(WireForm(revision: .v4, callback: value).callback == nil)
    }

    @Test func aFormIsWhatTheRequestAsksFor() {
        #expect(!WireForm(revision: .v3, base64: "").usesBase64)
        #expect(WireForm(revision: .v3, base64: "1").usesBase64)
        #expect(WireForm(revision: .v4, base64: "true").usesBase64)
        #expect(WireForm(revision: .v3).takesBinaryPayloads)
        #expect(!WireForm(revision: .v3, callback: "0").takesBinaryPayloads)
        #expect(!WireForm(revision: .v4).takesBinaryPayloads)
    }
}
