import Assignment
import Testing

@testable import Storage

@Suite struct TextFormTests {
    private func read<Value>(_ text: String, _ reader: (UnsafeBufferPointer<UInt8>) -> Value?) -> Value? {
        Array(text.utf8).withUnsafeBufferPointer(reader)
    }

    @Test(arguments: [
        ("1970-01-01 00:00:00+00", 0),
        ("2000-02-29 12:34:56.5+00", 951_827_696_500_000),
        ("2026-11-21 09:21:33.123456+00", 1_795_252_893_123_456),
        ("1969-12-31 23:59:59.999999+00", -1),
        ("infinity", Int64.max),
        ("-infinity", Int64.min),
    ])
    func timestamps(text: String, microseconds: Int64) {
        #expect(self.read(text, TextForm.timestamp)?.microseconds == microseconds)
    }

    @Test(arguments: [
        "", "2026-11-21", "2026-11-21 09:21:33", "2026-11-21 09:21:33+02", "2026-13-21 09:21:33+00",
        "2026-11-21 09:21:33.+00", "2026-11-21 09:21:33.1234567+00", "0044-03-15 12:00:00+00 BC", "11/21/2026",
    ])
    func refusedTimestamps(text: String) {
        #expect(self.read(text, TextForm.timestamp) == nil)
    }

    @Test(arguments: [
        ("{}", []), ("{a}", ["a"]), ("{a,b}", ["a", "b"]), (#"{"a,b","\"","\\",""}"#, ["a,b", "\"", "\\", ""]),
        (#"{"NULL",null}"#, ["NULL", "null"]), ("{1,-2}", ["1", "-2"]),
    ])
    func arrays(text: String, elements: [String]) {
        #expect(self.read(text, TextForm.array) == elements)
    }

    @Test(arguments: [
        "", "{", "a", "{a", "{a,}", "{NULL}", "{{a},{b}}", #"{"a}"#, #"{"a"b}"#, #"{"a\"}"#, "[0:1]={a,b}",
    ])
    func refusedArrays(text: String) {
        #expect(self.read(text, TextForm.array) == nil)
    }

    @Test func bytes() {
        #expect(self.read(#"\x"#, TextForm.bytes) == [])
        #expect(self.read(#"\x00ff7a"#, TextForm.bytes) == [0, 255, 0x7a])
        for text in ["", "x", #"\x0"#, #"\xgg"#, #"\000"#] {
            #expect(self.read(text, TextForm.bytes) == nil)
        }
    }
}
