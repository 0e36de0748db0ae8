import NIOCore
import Testing

@testable import EngineIO

@Suite struct PayloadTests {
    private func packets(of body: String) -> ([EnginePacket], PacketError?) {
        packets(of: ByteBuffer(string: body))
    }

    private func packets(of body: ByteBuffer) -> ([EnginePacket], PacketError?) {
        var found: [EnginePacket] = []
        do throws(PacketError) {
            var decoder = try PayloadDecoder(body, form: WireForm(revision: .v4))
            while let packet = try decoder.next() { found.append(packet) }
            return (found, nil)
        } catch {
            return (found, error)
        }
    }

    @Test func packetsComeInOrder() {
        let (found, error) = packets(of: "4hello\u{1E}2\u{1E}4€\u{1E}bAQID")
        #expect(error == nil)
        #expect(
            found == [
                .message(.text(ByteBuffer(string: "hello"))), .ping(probe: false),
                .message(.text(ByteBuffer(string: "€"))), .message(.binary(ByteBuffer(bytes: [1, 2, 3]))),
            ])
    }

    @Test(arguments: [
        ("", 0, PacketError.empty), ("\u{1E}", 0, .empty), ("\u{1E}\u{1E}", 0, .empty), ("4a\u{1E}", 1, .empty),
        ("4a\u{1E}\u{1E}4b", 1, .empty), ("4a\u{1E}9", 1, .unknownType), ("4a\u{1E}4b\u{1E}b!", 2, .invalidBase64),
    ])
    func packetsBeforeABadOneAreDelivered(body: String, count: Int, expected: PacketError) {
        let (found, error) = packets(of: body)
        #expect(found.count == count)
        #expect(error == expected)
    }

    @Test(arguments: [[0x34, 0xFF, 0xFE], [0x34, 0xC0, 0xAF], [0x34, 0xED, 0xA0, 0x80], [0x34, 0xE2, 0x82]])
    func bytesThatAreNotUTF8AreRefusedAsAWhole(bytes: [UInt8]) {
        let (found, error) = packets(of: ByteBuffer(bytes: Array("4a\u{1E}".utf8) + bytes))
        #expect(found.isEmpty)
        #expect(error == .invalidUTF8)
    }

    @Test func thePacketCapIsExact() {
        let atCap = Array(repeating: "6", count: PayloadDecoder.maximumPackets).joined(separator: "\u{1E}")
        #expect(packets(of: atCap).0.count == PayloadDecoder.maximumPackets)
        #expect(packets(of: atCap + "\u{1E}6").1 == .tooManyPackets)
    }

    @Test func aPayloadReturnsItsPackets() {
        var generator = SeededGenerator(seed: 3)
        let all = PacketTests.vectors.map(\.packet)
        for _ in 0..<500 {
            let chosen = (0..<Int.random(in: 1...16, using: &generator)).map { _ in
                all.randomElement(using: &generator) ?? .noop
            }
            let (found, error) = packets(of: PayloadEncoder.encode(chosen, form: WireForm(revision: .v4)).body)
            #expect(error == nil)
            #expect(found == chosen)
        }
    }

    /// The validator, fed in random pieces, agrees with the standard library on random and on damaged text.
    @Test func piecewiseValidationAgreesWithTheStandardLibrary() {
        var generator = SeededGenerator(seed: 4)
        let samples = [
            "plain ascii, long enough for eight at a time",
            "ñandú €uro 😀👩‍👩‍👧‍👦", "\u{7FF}\u{800}\u{FFFF}\u{10FFFF}",
        ]
        for _ in 0..<4000 {
            var bytes = Array((samples.randomElement(using: &generator) ?? "").utf8)
            if Bool.random(using: &generator) {
                bytes[Int.random(in: bytes.indices, using: &generator)] = UInt8.random(in: 0...255, using: &generator)
            }
            var validator = UTF8Validator()
            var rest = bytes[...]
            var isValid = true
            while !rest.isEmpty, isValid {
                let piece = rest.prefix(Int.random(in: 1...9, using: &generator))
                rest = rest.dropFirst(piece.count)
                isValid = validator.consume(ByteBuffer(bytes: piece))
            }
            isValid = isValid && validator.isComplete
            #expect(isValid == (String(validating: bytes, as: UTF8.self) != nil), "\(bytes)")
        }
    }
}
