import NIOCore
import Testing

@testable import EngineIO

@Suite struct PacketTests {
    @Test func aPacketFitsInline() {
        #expect(MemoryLayout<EnginePacket>.size <= 24)
        #expect(MemoryLayout<EngineMessage>.size <= 24)
    }

    static let vectors: [(text: String, packet: EnginePacket)] = [
        ("0{}", .open(ByteBuffer(string: "{}"))),
        ("1", .close),
        ("2", .ping(probe: false)),
        ("2probe", .ping(probe: true)),
        ("3", .pong(probe: false)),
        ("3probe", .pong(probe: true)),
        ("4", .message(.text(ByteBuffer()))),
        ("4hello", .message(.text(ByteBuffer(string: "hello")))),
        ("4€😀\u{1F}", .message(.text(ByteBuffer(string: "€😀\u{1F}")))),
        ("5", .upgrade),
        ("6", .noop),
        ("b", .message(.binary(ByteBuffer()))),
        ("bAQIDBA==", .message(.binary(ByteBuffer(bytes: [1, 2, 3, 4])))),
    ]

    @Test(arguments: vectors)
    func textFormIsReadAndWritten(text: String, packet: EnginePacket) throws {
        #expect(try EnginePacket(text: ByteBuffer(string: text), revision: .v4) == packet)
        var buffer = ByteBuffer()
        packet.writeText(into: &buffer, revision: .v4)
        #expect(String(buffer: buffer) == text)
        #expect(packet.textLength(.v4) == text.utf8.count)
    }

    /// Data where none belongs is dropped, as in Node; only the exact `probe` is one.
    @Test(arguments: [
        ("1x", EnginePacket.close), ("2probe ", .ping(probe: false)), ("2PROBE", .ping(probe: false)),
        ("3x", .pong(probe: false)), ("5x", .upgrade), ("6x", .noop),
    ])
    func superfluousDataIsIgnored(text: String, packet: EnginePacket) throws {
        #expect(try EnginePacket(text: ByteBuffer(string: text), revision: .v4) == packet)
    }

    @Test(arguments: [
        ("", PacketError.empty), ("7", .unknownType), ("8", .unknownType), ("9", .unknownType), ("x", .unknownType),
        ("{", .unknownType), (" ", .unknownType), ("😀", .unknownType), ("B", .unknownType),
        ("b!!!!", .invalidBase64), ("bAAA", .invalidBase64), ("bA===", .invalidBase64), ("bAA=A", .invalidBase64),
        ("bAB==", .invalidBase64), ("bAAB=", .invalidBase64), ("bAA==AAAA", .invalidBase64), ("b====", .invalidBase64),
        ("bAA-_", .invalidBase64), ("bAAAA\n", .invalidBase64),
    ])
    func whatIsNoPacketIsRefused(text: String, error: PacketError) {
        #expect(throws: error) { try EnginePacket(text: ByteBuffer(string: text), revision: .v4) }
    }

    @Test func everyFirstByteIsAPacketOrAnError() {
        for byte in UInt8.min...UInt8.max {
            let isType = (UInt8(ascii: "0")...UInt8(ascii: "6")).contains(byte) || byte == UInt8(ascii: "b")
            #expect(((try? EnginePacket(text: ByteBuffer(bytes: [byte]), revision: .v4)) != nil) == isType)
        }
    }

    /// The text forms that differ in revision 3; all others are the same.
    static let vectors3: [(text: String, packet: EnginePacket)] =
        vectors.filter { !$0.text.hasPrefix("b") } + [
            ("b4", .message(.binary(ByteBuffer()))),
            ("b4AQIDBA==", .message(.binary(ByteBuffer(bytes: [1, 2, 3, 4])))),
        ]

    @Test(arguments: vectors3)
    func textFormOfRevision3(text: String, packet: EnginePacket) throws {
        #expect(try EnginePacket(text: ByteBuffer(string: text), revision: .v3) == packet)
        var buffer = ByteBuffer()
        packet.writeText(into: &buffer, revision: .v3)
        #expect(String(buffer: buffer) == text)
        #expect(packet.textLength(.v3) == text.utf8.count)
    }

    @Test(arguments: [
        ("b", PacketError.unknownType), ("b2", .unknownType), ("bAQID", .unknownType), ("b4A", .invalidBase64),
        ("b4!!!!", .invalidBase64), ("", .empty), ("7", .unknownType),
    ])
    func whatIsNoPacketOfRevision3IsRefused(text: String, error: PacketError) {
        #expect(throws: error) { try EnginePacket(text: ByteBuffer(string: text), revision: .v3) }
    }

    @Test func bytesAreMessagesAndHaveATypeInRevision3() throws {
        let data = ByteBuffer(bytes: [4, 1, 2])
        #expect(try EnginePacket(binary: data, revision: .v4) == .message(.binary(data)))
        #expect(try EnginePacket(binary: data, revision: .v3) == .message(.binary(ByteBuffer(bytes: [1, 2]))))
        #expect(try EnginePacket(binary: ByteBuffer(bytes: [4]), revision: .v3) == .message(.binary(ByteBuffer())))
        #expect(throws: PacketError.empty) { try EnginePacket(binary: ByteBuffer(), revision: .v3) }
        for type in UInt8.min...UInt8.max where type != 4 {
            #expect(throws: PacketError.unknownType) {
                try EnginePacket(binary: ByteBuffer(bytes: [type, 1]), revision: .v3)
            }
        }
    }

    @Test func base64ReturnsWhatItTook() {
        var generator = SeededGenerator(seed: 1)
        for length in 0..<200 {
            let bytes = ByteBuffer(bytes: (0..<length).map { _ in UInt8.random(in: 0...255, using: &generator) })
            var text = ByteBuffer()
            Base64.encode(bytes, into: &text)
            #expect(text.readableBytes == Base64.encodedLength(length))
            #expect(Base64.decode(text) == bytes)
        }
    }

    @Test func randomTextNeverDecodesToSomethingElse() {
        var generator = SeededGenerator(seed: 2)
        let alphabet = Array("ABab01+/=-_ ".utf8)
        for _ in 0..<5000 {
            let length = Int.random(in: 0...12, using: &generator)
            let text = ByteBuffer(bytes: (0..<length).map { _ in alphabet.randomElement(using: &generator) ?? 0 })
            guard let bytes = Base64.decode(text) else { continue }
            var again = ByteBuffer()
            Base64.encode(bytes, into: &again)
            #expect(again == text)
        }
    }
}
