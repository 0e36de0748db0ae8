import NIOCore
import Testing

@testable import SocketIO

@Suite struct MessagePackTests {
    private static func read(_ bytes: [UInt8], maximumBinaries: Int = 4) throws(MessagePackError)
        -> MessagePackReader.Value
    {
        var reader = MessagePackReader(ByteBuffer(bytes: bytes), maximumBinaries: maximumBinaries)
        let value = try reader.readValue()
        guard reader.isAtEnd else { throw .trailingBytes }
        return value
    }

    private static func string(_ text: String, _ header: [UInt8]) -> [UInt8] { header + Array(text.utf8) }

    /// Every type of the format, as JSON.
    private static let values: [([UInt8], String)] = [
        ([0xC0], "null"), ([0xC2], "false"), ([0xC3], "true"),
        ([0x00], "0"), ([0x7F], "127"), ([0xE0], "-32"), ([0xFF], "-1"),
        ([0xCC, 0xFF], "255"), ([0xCD, 1, 0], "256"), ([0xCE, 0xFF, 0xFF, 0xFF, 0xFF], "4294967295"),
        ([0xCF] + Array(repeating: 0xFF, count: 8), "18446744073709551615"),
        ([0xD0, 0x80], "-128"), ([0xD1, 0x80, 0], "-32768"), ([0xD2, 0x80, 0, 0, 0], "-2147483648"),
        ([0xD3, 0x80] + Array(repeating: 0, count: 7), "-9223372036854775808"),
        ([0xCA, 0x3F, 0xC0, 0, 0], "1.5"), ([0xCB, 0x3F, 0xF8, 0, 0, 0, 0, 0, 0], "1.5"),
        // JSON has neither NaN nor infinities.
        ([0xCA, 0x7F, 0xC0, 0, 0], "null"), ([0xCB, 0x7F, 0xF0, 0, 0, 0, 0, 0, 0], "null"),
        (string("é", [0xA2]), #""é""#), (string("a\"\u{0}", [0xD9, 3]), #""a\"\u0000""#),
        (string("x", [0xDA, 0, 1]), #""x""#), (string("x", [0xDB, 0, 0, 0, 1]), #""x""#),
        ([0x90], "[]"), ([0x80], "{}"), ([0xDC, 0, 0], "[]"), ([0xDF, 0, 0, 0, 0], "{}"),
        ([0x93, 1, 0x92, 2, 0x90, 0x81, 0xA1, 0x61, 0x91, 0x80], #"[1,[2,[]],{"a":[{}]}]"#),
        ([0xDD, 0, 0, 0, 1, 0xDE, 0, 2, 0xA1, 0x61, 1, 0xA1, 0x62, 2], #"[{"a":1,"b":2}]"#),
        // Keys that are numbers, as JavaScript would name them.
        ([0x82, 7, 1, 0xFF, 2], #"{"7":1,"-1":2}"#),
        // `undefined`, and dates in every form.
        ([0xD4, 0, 0], "null"), ([0xD6, 0xFF, 0, 0, 0, 1], #""1970-01-01T00:00:01.000Z""#),
        ([0xD7, 0xFF, 0x77, 0x35, 0x94, 0, 0, 0, 0, 2], #""1970-01-01T00:00:02.500Z""#),
        ([0xC7, 12, 0xFF, 0, 0, 0, 0] + Array(repeating: 0xFF, count: 8), #""1969-12-31T23:59:59.000Z""#),
        ([0xD7, 0, 0, 0, 1, 0x9A, 0xA4, 0xB7, 0x64, 0], #""2025-11-21T04:41:13.472Z""#),
        ([0xC7, 12, 0xFF, 0, 0, 0, 0, 0x7F] + Array(repeating: 0xFF, count: 7), "null"),
    ]

    @Test(arguments: values.indices)
    func reads(row: Int) throws {
        let (bytes, json) = Self.values[row]
        let value = try Self.read(bytes)
        #expect(String(buffer: value.json) == json)
        try JSONReader.scan(value.json)
        #expect(value.attachments.isEmpty)
        #expect(value.isNil == (bytes == [0xC0] || bytes == [0xD4, 0, 0]))
    }

    @Test(
        "Dates of all ages, as JavaScript prints them",
        arguments: [
            (0, "1970-01-01T00:00:00.000Z"), (-1, "1969-12-31T23:59:59.999Z"),
            (951_782_400_000, "2000-02-29T00:00:00.000Z"),
            (4_107_542_399_999, "2100-02-28T23:59:59.999Z"), (4_107_542_400_000, "2100-03-01T00:00:00.000Z"),
            (-62_167_219_200_001, "-000001-12-31T23:59:59.999Z"), (253_402_300_800_000, "+010000-01-01T00:00:00.000Z"),
            (8_640_000_000_000_000, "+275760-09-13T00:00:00.000Z"),
            (-8_640_000_000_000_000, "-271821-04-20T00:00:00.000Z"),
        ])
    func dates(milliseconds: Int64, text: String) {
        #expect(ISODate.text(milliseconds) == text)
    }

    @Test func noDate() {
        #expect(ISODate.text(8_640_000_000_000_001) == nil)
        #expect(ISODate.text(.min) == nil)
    }

    @Test func readsBinaryValuesAsAttachments() throws {
        let value = try Self.read([0x92, 0xC4, 2, 8, 9, 0x81, 0xA1, 0x62, 0xC5, 0, 1, 7])
        #expect(
            String(buffer: value.json)
                == #"[{"_placeholder":true,"num":0},{"b":{"_placeholder":true,"num":1}}]"#)
        #expect(value.attachments == [ByteBuffer(bytes: [8, 9]), ByteBuffer(bytes: [7])])
    }

    private static let refused: [([UInt8], MessagePackError)] = [
        ([], .truncated), ([0xCD, 1], .truncated), ([0xA2, 0x61], .truncated), ([0x92, 1], .truncated),
        ([0xC6, 0xFF, 0xFF, 0xFF, 0xFF], .truncated), ([0xDB, 0xFF, 0xFF, 0xFF, 0xFF, 0x61], .truncated),
        // A promise of four thousand million elements costs nothing.
        ([0xDD, 0xFF, 0xFF, 0xFF, 0xFF, 1], .truncated), ([0xDF, 0xFF, 0xFF, 0xFF, 0xFF], .truncated),
        ([1, 1], .trailingBytes), ([0xC1], .unsupportedType),
        ([0xD5, 1, 0, 0], .unsupportedType), ([0xD6, 1, 0, 0, 0, 0], .unsupportedType),
        ([0xC8, 0, 1, 5, 0], .unsupportedType), ([0xC9, 0, 0, 0, 1, 5, 0], .unsupportedType),
        ([0xC7, 3, 0xFF, 0, 0, 0], .unsupportedType),
        ([0x81, 0x90, 1], .invalidKey), ([0x81, 0xC0, 1], .invalidKey), ([0x81, 0xC4, 0, 1], .invalidKey),
        ([0x81, 0xCB, 0, 0, 0, 0, 0, 0, 0, 0, 1], .invalidKey),
        ([0xA1, 0xFF], .invalidUTF8), ([0x81, 0xA2, 0xC3, 0x28, 1], .invalidUTF8),
        (Array(repeating: 0x91, count: 65) + [1], .tooDeep), (Array(repeating: 0x91, count: 500_000), .tooDeep),
        ([0x95, 0xC4, 0, 0xC4, 0, 0xC4, 0, 0xC4, 0, 0xC4, 0], .tooManyBinaries),
        (string("_placeholder", [0x82, 0xAC]) + [0xC3] + string("num", [0xA3]) + [0], .placeholder),
    ]

    @Test(arguments: refused.indices)
    func refuses(row: Int) throws {
        let (bytes, expected) = Self.refused[row]
        do throws(MessagePackError) {
            let value = try Self.read(bytes)
            Issue.record("was read as \(String(buffer: value.json))")
        } catch {
            #expect(error == expected)
        }
    }

    @Test("The deepest that may come in")
    func depth() throws {
        let value = try Self.read(Array(repeating: 0x91, count: 64) + [0xC0])
        try JSONReader.scan(value.json)
    }

    private static let shortest: [(JSONValue, [UInt8])] = [
        (.null, [0xC0]), (true, [0xC3]), (127, [0x7F]), (128, [0xCC, 0x80]), (256, [0xCD, 1, 0]),
        (65_536, [0xCE, 0, 1, 0, 0]), (4_294_967_296, [0xCF, 0, 0, 0, 1, 0, 0, 0, 0]),
        (-32, [0xE0]), (-33, [0xD0, 0xDF]), (-129, [0xD1, 0xFF, 0x7F]), (-32_769, [0xD2, 0xFF, 0xFF, 0x7F, 0xFF]),
        (-2_147_483_649, [0xD3, 0xFF, 0xFF, 0xFF, 0xFF, 0x7F, 0xFF, 0xFF, 0xFF]),
        (.number(JSONNumber(checked: "18446744073709551615")), [0xCF] + Array(repeating: 0xFF, count: 8)),
        (.number(JSONNumber(checked: "-0")), [0xCB, 0x80, 0, 0, 0, 0, 0, 0, 0]),
        (1.5, [0xCB, 0x3F, 0xF8, 0, 0, 0, 0, 0, 0]), ("é", [0xA2, 0xC3, 0xA9]), ([], [0x90]),
        (["a": [1]], [0x81, 0xA1, 0x61, 0x91, 1]),
    ]

    @Test(arguments: shortest.indices)
    func writesTheShortestForm(row: Int) {
        let (value, bytes) = Self.shortest[row]
        var writer = MessagePackWriter()
        writer.write(value)
        #expect(Array(writer.buffer.readableBytesView) == bytes)
    }

    @Test("Lengths on both sides of every limit", arguments: [0, 15, 16, 31, 32, 255, 256, 65_535, 65_536])
    func lengths(count: Int) throws {
        let values: [JSONValue] = [
            .string(String(repeating: "s", count: count)), .array(Array(repeating: .null, count: count)),
            .object(JSONObject((0..<count).map { .init(key: "\($0)", value: true) })),
        ]
        for value in values {
            var writer = MessagePackWriter()
            writer.write(value)
            let read = try Self.read(Array(writer.buffer.readableBytesView))
            #expect(try JSONReader.decodeListLeniently(read.json) == [value])
        }
        let binary = EventArguments(binary: ByteBuffer(repeating: 5, count: count))
        let packet = PacketCodec.messagePack.event("m", binary)
        let decoded = try MessagePackCodec.decode(packet.attachments[0], limits: PacketLimits())
        #expect(decoded.arguments == binary)
    }

    @Test("What is written reads back as the same value", arguments: 0..<20)
    func roundTrip(seed: Int) throws {
        var random = SplitMix(seed: UInt64(seed) &+ 4000)
        for _ in 0..<50 {
            let value = JSONValue.random(using: &random, depth: 0)
            var writer = MessagePackWriter()
            writer.write(value)
            let json = try Self.read(Array(writer.buffer.readableBytesView)).json
            #expect(try JSONReader.decode(json).canonical == value.canonical)
        }
    }

    @Test("No bytes trap the reader", arguments: 0..<20)
    func neverTraps(seed: Int) {
        var random = SplitMix(seed: UInt64(seed) &+ 5000)
        for _ in 0..<300 {
            let value = JSONValue.random(using: &random, depth: 0)
            var bytes = Array(
                PacketCodec.messagePack.event("e", [value, "x"], id: 3).attachments[0].readableBytesView)
            for _ in 0..<Int.random(in: 1...4, using: &random) {
                let position = Int.random(in: 0..<bytes.count, using: &random)
                bytes[position] = UInt8.random(in: .min ... .max, using: &random)
                if Bool.random(using: &random) { bytes.removeLast() }
                guard !bytes.isEmpty else { break }
            }
            if let read = try? Self.read(bytes) { #expect((try? JSONReader.scan(read.json)) != nil) }
            _ = try? MessagePackCodec.decode(ByteBuffer(bytes: bytes), limits: PacketLimits())
        }
    }
}

extension JSONValue {
    /// Numbers as doubles: MessagePack does not keep their source text.
    fileprivate var canonical: JSONValue {
        switch self {
        case .number(let number):
            .number(JSONNumber(number.double))
        case .array(let elements):
            .array(elements.map(\.canonical))
        case .object(let object):
            .object(JSONObject(object.members.map { .init(key: $0.key, value: $0.value.canonical) }))
        default:
            self
        }
    }
}
