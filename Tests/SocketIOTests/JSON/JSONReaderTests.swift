import NIOCore
import Testing

@testable import SocketIO

/// Rows J of the bad-input catalogue, as far as the reader decides them.
@Suite struct JSONReaderTests {
    @Test(
        "Grammar errors are refused by scan and decode alike",
        arguments: [
            "", " ", "NaN", "Infinity", "-", "+1", "01", "-01", ".5", "1.", "1.e2", "1e", "1e+", "0x10", "'a'", "\"a",
            "\"\\x\"", "\"\\u12\"", "\"\\u12G4\"", "\"\u{01}\"", "\"\n\"", "[1,]", "[,1]", "[1 2]", "[", "]", "[}",
            "{]",
            "{,}", "{\"a\"}", "{\"a\":}", "{\"a\":1,}", "{a:1}", "{1:1}", "{\"a\" 1}", "// c\n1", "1/**/", "tru",
            "nulll",
            "True", "1 2", "[1]x", "\u{FEFF}[1]", "[1", "[\"a\"", "undefined",
        ])
    func malformed(text: String) {
        #expect(throws: JSONError.self) { try JSONReader.scan(ByteBuffer(string: text)) }
        #expect(Self.failure(text)?.code == .malformed)
    }

    @Test(arguments: [
        "null", " true ", "\t[\r\n]", "{}", "[[],{}]", "-0", "0.5", "1E+2", "-12.75e-3", "\"\\u0041\\n\\/\"",
        "\"\\ud83d\\ude00\"", "{\"__proto__\":1,\"constructor\":{\"hasOwnProperty\":[]}}", "\"\u{2028}\u{2029}\u{7F}\"",
    ])
    func wellFormed(text: String) throws {
        try JSONReader.scan(ByteBuffer(string: text))
        _ = try JSONReader.decode(text)
    }

    /// What decodes strictly, and what only `scan` lets pass.
    @Test(arguments: [
        (#"{"chatId":"mine","chatId":"other"}"#, JSONError.Code.duplicateKey, "chatId"),
        (#"{"a":{"b":[0,{"k":1,"\u006b":2}]}}"#, .duplicateKey, "a.b[1].k"),
        (#"{"text":"a\u0000b"}"#, .nullCharacter, "text"),
        (#"{"\u0000":1}"#, .nullCharacter, ""),
        (#"["\ud800"]"#, .loneSurrogate, "[0]"),
        (#"["ok","\udc00\ud800"]"#, .loneSurrogate, "[1]"),
        (#"["\ud800\u0041"]"#, .loneSurrogate, "[0]"),
        (#"{"seq":9007199254740993}"#, .numberOutOfRange, "seq"),
        (#"{"seq":-9007199254740993}"#, .numberOutOfRange, "seq"),
        ("[1e400]", .numberOutOfRange, "[0]"),
        ("[-1e400]", .numberOutOfRange, "[0]"),
        ("[1E-999]", .numberOutOfRange, "[0]"),
        ("[" + String(repeating: "7", count: 100_000) + "]", .numberOutOfRange, "[0]"),
    ])
    func refusedByContent(text: String, code: JSONError.Code, path: String) throws {
        try JSONReader.scan(ByteBuffer(string: text))
        let error = Self.failure(text)
        #expect(error?.code == code)
        #expect(error?.path == path)
    }

    @Test func invalidUTF8IsRefused() {
        var buffer = ByteBuffer(string: "[\"")
        buffer.writeBytes([0xC3, 0x28])
        buffer.writeString("\"]")
        let broken = buffer
        #expect(throws: JSONError(.invalidUTF8, at: 2, path: "[0]")) { try JSONReader.decode(broken) }
    }

    @Test func depthIsCapped() throws {
        func nested(_ depth: Int) -> String {
            String(repeating: "[", count: depth) + String(repeating: "]", count: depth)
        }
        try JSONReader.scan(ByteBuffer(string: nested(64)))
        _ = try JSONReader.decode(nested(64))
        #expect(throws: JSONError(.tooDeep, at: 64)) { try JSONReader.scan(ByteBuffer(string: nested(65))) }
        #expect(Self.failure(nested(65))?.code == .tooDeep)
        #expect(Self.failure("[\"m\"," + String(repeating: "[", count: 400_000))?.code == .tooDeep)
        let objects = String(repeating: "{\"a\":", count: 200_000)
        #expect(throws: JSONError.self) { try JSONReader.scan(ByteBuffer(string: objects)) }
    }

    @Test func keysAreCapped() throws {
        func object(_ count: Int) -> String {
            "{" + (0..<count).map { "\"k\($0)\":0" }.joined(separator: ",") + "}"
        }
        #expect(try JSONReader.decode(object(256)).object?.count == 256)
        #expect(Self.failure(object(257))?.code == .tooManyKeys)
        #expect(Self.failure(object(100_000))?.code == .tooManyKeys)
        let late = String(object(200).dropLast()) + ",\"k7\":1}"
        #expect(Self.failure(late)?.code == .duplicateKey)
        try JSONReader.scan(ByteBuffer(string: object(100_000)))
    }

    @Test func numbersKeepTheirText() throws {
        let values = try JSONReader.decode("[1.0,1e3,9007199254740992,-0,0.1,12345678901234567.5]").array ?? []
        let sources = ["1.0", "1e3", "9007199254740992", "-0", "0.1", "12345678901234567.5"]
        #expect(values.map { $0.number?.source } == sources)
        #expect(values.map { $0.number?.exactInt64 } == [1, 1000, 9_007_199_254_740_992, 0, nil, nil])
        #expect(JSONValue.number(JSONNumber(0.5)).description == "0.5")
        #expect(JSONValue.number(JSONNumber(3.0)).description == "3")
        #expect(JSONValue.number(JSONNumber(.infinity)).description == "0")
    }

    @Test func listsHaveNoBrackets() throws {
        #expect(try JSONReader.decodeList(ByteBuffer(string: "")) == [])
        #expect(try JSONReader.decodeList(ByteBuffer(string: " 1 , [2] ")) == [1, [2]])
        for text in [",", "1,", "1]", "[1", "1 2"] {
            #expect(throws: JSONError.self) { try JSONReader.decodeList(ByteBuffer(string: text)) }
        }
    }

    @Test(arguments: [
        ("[]", 0, "", "", ""),
        ("[ ]", 0, "", " ", ""),
        (#"["a"]"#, 1, #""a""#, #""a""#, ""),
        (#" [ "a" , 1 , {"b":[2]} ] "#, 3, #""a""#, #" "a" , 1 , {"b":[2]} "#, #"1 , {"b":[2]} "#),
        (#"[["a","b"],2]"#, 2, #"["a","b"]"#, #"["a","b"],2"#, "2"),
        (#"[{"a":{}},[]]"#, 2, #"{"a":{}}"#, #"{"a":{}},[]"#, "[]"),
    ])
    func outline(text: String, count: Int, first: String, inside: String, rest: String) throws {
        let outline = try JSONReader.scan(ByteBuffer(string: text))
        let bytes = Array(text.utf8)
        #expect(outline.kind == .array)
        #expect(outline.elementCount == count)
        #expect(String(decoding: bytes[outline.first], as: UTF8.self) == first)
        #expect(String(decoding: bytes[outline.inside], as: UTF8.self) == inside)
        #expect(String(decoding: bytes[outline.rest], as: UTF8.self) == rest)
    }

    @Test func longStringsAreLinear() throws {
        let escapes = "\"" + String(repeating: "\\u0041", count: 150_000) + "\""
        #expect(try JSONReader.decode(escapes).string?.utf8.count == 150_000)
        let emoji = "\"" + String(repeating: "😀", count: 225_000) + "\""
        #expect(try JSONReader.decode(emoji).string?.unicodeScalars.count == 225_000)
    }

    static func failure(_ text: String) -> JSONError? {
        do {
            _ = try JSONReader.decode(text)
            return nil
        } catch {
            return error
        }
    }
}
