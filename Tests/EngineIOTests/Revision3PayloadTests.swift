import NIOCore
import Testing

@testable import EngineIO

/// Payloads of revision 3, which clients of Socket.IO 2 send and read.
@Suite struct Revision3PayloadTests {
    private static let text = WireForm(revision: .v3, base64: "1")
    private static let bytes = WireForm(revision: .v3)

    private func packets(
        of body: ByteBuffer, isBinary: Bool = false, form: WireForm = Self.bytes
    ) -> (found: [EnginePacket], error: PacketError?) {
        var found: [EnginePacket] = []
        do throws(PacketError) {
            var decoder = try PayloadDecoder(body, form: form, isBinary: isBinary)
            while let packet = try decoder.next() { found.append(packet) }
            return (found, nil)
        } catch {
            return (found, error)
        }
    }

    private func text(_ string: String) -> EnginePacket { .message(.text(ByteBuffer(string: string))) }
    private func binary(_ bytes: [UInt8]) -> EnginePacket { .message(.binary(ByteBuffer(bytes: bytes))) }

    // MARK: Text

    @Test func lengthsCountUTF16() {
        let body = "6:4hello4:4😀€2:4€1:210:b4AQIDBA==9:0{\"a\":😀}"
        let found = packets(of: ByteBuffer(string: body))
        #expect(found.error == nil)
        let expected: [EnginePacket] = [
            text("hello"), text("😀€"), text("€"), .ping(probe: false), binary([1, 2, 3, 4]),
            .open(ByteBuffer(string: "{\"a\":😀}")),
        ]
        #expect(found.found == expected)
        let encoded = PayloadEncoder.encode(expected, form: Self.text)
        #expect(encoded.kind == .text)
        #expect(String(buffer: encoded.body) == body)
    }

    @Test(arguments: [
        // Lengths that are no lengths.
        ("abc", 0, PacketError.invalidLength), (":40", 0, .invalidLength), ("-1:40", 0, .invalidLength),
        ("1.5:40", 0, .invalidLength), ("1e1:40", 0, .invalidLength), ("0x2:40", 0, .invalidLength),
        (" 2:40", 0, .invalidLength), ("2 :40", 0, .invalidLength), ("0:", 0, .invalidLength), ("2", 0, .invalidLength),
        ("99999999999999999999:4", 0, .invalidLength), ("9999999999:4", 0, .invalidLength),
        // Lengths that do not fit.
        ("5:40", 0, .invalidLength), ("1:40", 1, .invalidLength), ("2:40\n", 1, .invalidLength),
        ("2:4😀", 0, .invalidLength), ("2:", 0, .invalidLength),
        // Packets that are none, and nothing at all.
        ("2:40" + "1:9", 1, .unknownType), ("3:b4A", 0, .invalidBase64), ("1:x", 0, .unknownType), ("", 0, .empty),
    ])
    func packetsBeforeABadOneAreDelivered(body: String, count: Int, expected: PacketError) {
        let found = packets(of: ByteBuffer(string: body))
        #expect(found.found.count == count)
        #expect(found.error == expected)
    }

    @Test func textThatIsNotUTF8IsRefusedAsAWhole() {
        let found = packets(of: ByteBuffer(bytes: Array("2:4a2:4".utf8) + [0xED, 0xA0, 0x80]))
        #expect(found.found.isEmpty)
        #expect(found.error == .invalidUTF8)
    }

    @Test func thePacketCapIsExact() {
        let cap = PayloadDecoder.maximumPackets
        let atCap = String(repeating: "1:6", count: cap)
        #expect(packets(of: ByteBuffer(string: atCap)).found.count == cap)
        #expect(packets(of: ByteBuffer(string: atCap)).error == nil)
        let above = packets(of: ByteBuffer(string: atCap + "1:6"))
        #expect(above.error == .tooManyPackets)
    }

    // MARK: Bytes

    /// A vector from a Node server: `€` and four bytes.
    @Test func bytesCountBytes() {
        let vector: [UInt8] = [0, 4, 0xFF, 0x34, 0xE2, 0x82, 0xAC, 1, 5, 0xFF, 4, 1, 2, 3, 4]
        let expected = [text("€"), binary([1, 2, 3, 4])]
        let found = packets(of: ByteBuffer(bytes: vector), isBinary: true)
        #expect(found.error == nil)
        #expect(found.found == expected)
        let encoded = PayloadEncoder.encode(expected, form: Self.bytes)
        #expect(encoded.kind == .binary)
        #expect(encoded.body == ByteBuffer(bytes: vector))
    }

    @Test func bytesAreOnlySentWhereThereIsBinaryAndTheClientTakesIt() {
        let (plain, mixed) = ([text("a"), .noop], [text("a"), binary([1])])
        #expect(PayloadEncoder.encode(plain, form: Self.bytes).kind == .text)
        #expect(PayloadEncoder.encode(mixed, form: Self.bytes).kind == .binary)
        // Clients do not agree on the length of a character above U+FFFF.
        #expect(PayloadEncoder.encode([text("€")], form: Self.bytes).kind == .text)
        #expect(PayloadEncoder.encode([text("😀")], form: Self.bytes).kind == .binary)
        #expect(PayloadEncoder.encode([text("😀")], form: Self.text).kind == .text)
        #expect(PayloadEncoder.encode(mixed, form: Self.text).kind == .text)
        #expect(String(buffer: PayloadEncoder.encode(mixed, form: Self.text).body) == "2:4a6:b4AQ==")
        #expect(PayloadEncoder.encode(mixed, form: WireForm(revision: .v3, callback: "0")).kind == .script)
        #expect(PayloadEncoder.encode(mixed, form: WireForm(revision: .v4)).kind == .text)
    }

    static let brokenBytes: [(body: [UInt8], count: Int, error: PacketError)] = [
        ([2, 1, 0xFF, 0x34], 0, .unknownType), ([0x34], 0, .unknownType), ([0], 0, .invalidLength),
        ([0, 0xFF], 0, .invalidLength), ([0, 0, 0xFF], 0, .invalidLength), ([0, 10, 0xFF, 0x34], 0, .invalidLength),
        ([0, 0x31, 0xFF, 0x34], 0, .invalidLength), ([0, 1, 2, 3], 0, .invalidLength),
        ([0, 2, 0xFF, 0x34], 0, .invalidLength), ([0, 1, 0xFF, 0x39], 0, .unknownType),
        ([0, 2, 0xFF, 0x34, 0xFF], 0, .invalidUTF8), ([1, 1, 0xFF, 0x34], 0, .unknownType),
        ([0, 1, 0xFF, 0x36, 1, 1, 0xFF, 5], 1, .unknownType), ([0, 1, 0xFF, 0x36, 9], 1, .unknownType),
        ([0, 1, 0xFF], 0, .invalidLength),
        ([0] + [UInt8](repeating: 1, count: 311) + [0xFF, 0x34], 0, .invalidLength),
        ([0] + [UInt8](repeating: 0, count: 11) + [1, 0xFF, 0x34], 0, .invalidLength), ([], 0, .empty),
    ]

    @Test(arguments: brokenBytes.indices)
    func bytesThatAreNoPayloadAreRefused(row: Int) {
        let (body, count, error) = Self.brokenBytes[row]
        let found = packets(of: ByteBuffer(bytes: body), isBinary: true)
        #expect(found.found.count == count)
        #expect(found.error == error)
    }

    // MARK: Properties

    /// Whatever is sent is read again, in both forms.
    @Test func aPayloadReturnsItsPackets() {
        var generator = SeededGenerator(seed: 31)
        let all = PacketTests.vectors.map(\.packet)
        let pieces = ["a", "é", "€", "😀", "\u{0}", "\u{1E}", "\u{2028}", "\\", "n", "\n", "\"", ":", "1", "%", "+"]
        for _ in 0..<500 {
            let chosen: [EnginePacket] = (0..<Int.random(in: 1...16, using: &generator)).map { _ in
                guard Bool.random(using: &generator) else { return all.randomElement(using: &generator) ?? .noop }
                let length = Int.random(in: 0...12, using: &generator)
                return text((0..<length).map { _ in pieces.randomElement(using: &generator) ?? "" }.joined())
            }
            for form in [Self.text, Self.bytes] {
                let encoded = PayloadEncoder.encode(chosen, form: form)
                let found = packets(of: encoded.body, isBinary: encoded.kind == .binary, form: form)
                #expect(found.error == nil)
                #expect(found.found == chosen)
            }
        }
    }

    /// A payload that ends early yields the packets before the cut and then nothing or an error, never another packet.
    @Test func everyCutIsNoticed() {
        let chosen = [text("€😀"), binary([0, 0xFF, 4]), text("end"), .noop]
        for form in [Self.text, Self.bytes] {
            let encoded = PayloadEncoder.encode(chosen, form: form)
            let whole = Array(encoded.body.readableBytesView)
            for end in 0..<whole.count {
                let found = packets(
                    of: ByteBuffer(bytes: whole[..<end]), isBinary: encoded.kind == .binary, form: form)
                #expect(found.found == Array(chosen.prefix(found.found.count)))
                #expect(found.found.count < chosen.count)
            }
        }
    }

    /// Random bytes near a valid payload end in packets or an error, and never take more than they are.
    @Test func damagedPayloadsEndInPacketsOrAnError() {
        var generator = SeededGenerator(seed: 32)
        let chosen = [text("hello"), binary([1, 2, 3]), text("€😀"), .ping(probe: true)]
        for form in [Self.text, Self.bytes] {
            let encoded = PayloadEncoder.encode(chosen, form: form)
            for _ in 0..<1000 {
                var bytes = Array(encoded.body.readableBytesView)
                for _ in 0...Int.random(in: 0...2, using: &generator) {
                    bytes[Int.random(in: bytes.indices, using: &generator)] = .random(in: 0...255, using: &generator)
                }
                let found = packets(of: ByteBuffer(bytes: bytes), isBinary: encoded.kind == .binary, form: form)
                #expect(found.found.count <= bytes.count / 2)
            }
        }
    }
}
