import CZlib
import NIOCore
import Testing

@testable import Transport

/// RFC 7692, section 7.2: messages survive both directions, and hostile streams do not grow.
@Suite struct MessageDeflateTests {
    private func inflate(_ bytes: [UInt8], limit: Int = 1000) throws -> [UInt8] {
        let inflater = try #require(MessageInflater(windowBits: 15))
        return Array(try inflater.inflate(ByteBuffer(bytes: bytes), limit: limit).readableBytesView)
    }

    /// The examples of RFC 7692, section 7.2.3.
    @Test(
        arguments: [
            [0xF2, 0x48, 0xCD, 0xC9, 0xC9, 0x07, 0x00],
            [0x00, 0x05, 0x00, 0xFA, 0xFF, 0x48, 0x65, 0x6C, 0x6C, 0x6F, 0x00],
            // A block marked as the last one.
            [0xF3, 0x48, 0xCD, 0xC9, 0xC9, 0x07, 0x00, 0x00],
            // Two blocks.
            [0xF2, 0x48, 0x05, 0x00, 0x00, 0x00, 0xFF, 0xFF, 0xCA, 0xC9, 0xC9, 0x07, 0x00],
        ] as [[UInt8]])
    func examples(bytes: [UInt8]) throws {
        #expect(try inflate(bytes) == Array("Hello".utf8))
    }

    @Test func theWindowOutlivesAMessageAndABlockMarkedAsLast() throws {
        let inflater = try #require(MessageInflater(windowBits: 15))
        let hello = ByteBuffer(string: "Hello")
        #expect(
            try inflater.inflate(ByteBuffer(bytes: [0xF2, 0x48, 0xCD, 0xC9, 0xC9, 0x07, 0x00]), limit: 5) == hello)
        // RFC 7692, 7.2.3.2: the second message refers to the first.
        let second = ByteBuffer(bytes: [0xF2, 0x00, 0x11, 0x00, 0x00])
        #expect(try inflater.inflate(second, limit: 5) == hello)
        let last = ByteBuffer(bytes: [0xF3, 0x00, 0x11, 0x00, 0x00])
        #expect(try inflater.inflate(last, limit: 5) == hello)
        #expect(try inflater.inflate(second, limit: 5) == hello)
        inflater.reset()
        #expect(throws: WebSocketFault.protocolError) { try inflater.inflate(second, limit: 5) }
    }

    /// W16.
    @Test(
        arguments: [
            [0x07], [0xFF, 0xFF, 0xFF], [0xF2, 0x48, 0xCD], [0x00, 0x06, 0x00, 0xF9, 0xFF, 0x48],
            [0xF3, 0x48, 0xCD, 0xC9],
            [0x00, 0x05, 0x00, 0x00, 0x00, 0x48], [0xF2, 0x00, 0x11, 0x00, 0x00],
        ] as [[UInt8]])
    func garbage(bytes: [UInt8]) {
        #expect(throws: WebSocketFault.protocolError) { try inflate(bytes) }
    }

    /// W15: a thousand times as much as was sent, and not a byte more made of it than allowed.
    @Test(arguments: [1, 2, 255, 256, 257, 1000, 65_536, 1_000_000])
    func aBombStopsAtTheLimit(limit: Int) throws {
        let deflater = try #require(MessageDeflater(windowBits: 15, level: 9))
        let zeros = ByteBuffer(repeating: 0, count: limit)
        let exact = try #require(deflater.compress(zeros))
        #expect(try inflate(Array(exact.readableBytesView), limit: limit).count == limit)
        deflater.reset()
        let bomb = try #require(deflater.compress(ByteBuffer(repeating: 0, count: limit + 1)))
        #expect(throws: WebSocketFault.messageTooBig) {
            try inflate(Array(bomb.readableBytesView), limit: limit)
        }
    }

    @Test(arguments: [9, 10, 12, 15], [true, false])
    func messagesSurvive(windowBits: Int, keepsWindow: Bool) throws {
        var generator = SeededGenerator(seed: UInt64(windowBits))
        let deflater = try #require(MessageDeflater(windowBits: windowBits, level: 6))
        let inflater = try #require(MessageInflater(windowBits: windowBits))
        for round in 0..<60 {
            let size = [0, 1, 5, 100, 1023, 4096, 70_000].randomElement(using: &generator) ?? 0
            let letters = UInt8.random(in: 0...255, using: &generator)
            let message = ByteBuffer(
                bytes: (0..<size).map { _ in UInt8.random(in: 0...letters, using: &generator) })
            if !keepsWindow {
                deflater.reset()
                inflater.reset()
            }
            let payload = try #require(deflater.compress(message), "round \(round)")
            #expect(payload.readableBytes <= size + size >> 10 + 64)
            #expect(try inflater.inflate(payload, limit: size) == message, "round \(round)")
        }
    }

    @Test func onlySoManyConnectionsKeepACompressor() throws {
        let pool = DeflatePool(options: PerMessageDeflate(serverNoContextTakeover: false, maxCompressors: 2))
        let offers = try WebSocketExtensionOffer.parse("permessage-deflate")
        let agreement = try #require(DeflateAgreement.choose(offers, options: pool.options))
        let sessions = (0..<3).map { _ in DeflateSession(agreement: agreement, pool: pool) }
        let inflaters = try (0..<3).map { _ in try #require(MessageInflater(windowBits: 15)) }
        let message = ByteBuffer(string: String(repeating: "the same words again and again ", count: 40))
        #expect(pool.heldCompressors == 0)
        // One that lost its window starts anew, and its peer never notices.
        for index in [0, 1, 0, 2, 0, 1, 2, 2, 1, 0] {
            let payload = try #require(sessions[index].compress(message))
            #expect(try inflaters[index].inflate(payload, limit: message.readableBytes) == message)
            #expect(pool.heldCompressors <= 2)
        }
        for session in sessions { session.end() }
        #expect(pool.heldCompressors == 0)
    }
}
