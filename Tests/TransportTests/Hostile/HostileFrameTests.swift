import EngineIO
import NIOCore
import Testing

@testable import Transport

/// Rows W01 to W11 and W20: frames against the rules.
@Suite(.serialized) struct HostileFrameTests {
    /// These bytes end an open session with this close code, and a candidate without harm to its session.
    private static func fault(
        _ id: String, _ what: String, _ bytes: ByteBuffer, _ code: Int
    ) -> HostileRow {
        HostileRow(id, what) { arena in
            let (sid, client) = try await arena.webSocket()
            async let sent: Void = client.send(bytes)
            let frame = try await client.frame()
            #expect(frame.opcode == 0x8)
            #expect(frame.closeCode == code)
            // Nothing of ours or of the peer's stands behind the code.
            #expect(frame.payload.count == 2)
            #expect(await client.isClosedByServer())
            try? await sent
            try await arena.server.engine.wait(closed: sid, .transportError)
            #expect(arena.delivered.isEmpty)

            let polling = try await arena.poll().sid
            let candidate = try await arena.client()
            var early = ByteBuffer(string: RawClient.upgradeRequest(Arena.webSocket(polling)))
            early.writeImmutableBuffer(bytes)
            let all = early
            async let alsoSent: Void = candidate.send(all)
            #expect(try await candidate.reply().status == 101)
            #expect(try await candidate.frame().closeCode == code)
            try? await alsoSent
            #expect(try await arena.isAlive(polling))
        }
    }

    private static func frames(_ frames: Frame...) -> ByteBuffer {
        var bytes = ByteBuffer()
        for frame in frames { bytes.writeImmutableBuffer(frame.masked()) }
        return bytes
    }

    private static func raw(_ bytes: UInt8...) -> ByteBuffer { ByteBuffer(bytes: bytes) }

    private static let masking: [HostileRow] = [
        fault("W01", "no mask", Frame.text("4x").unmasked, 1002),
        fault("W02", "RSV1", raw(0xC1, 0x80, 0, 0, 0, 0), 1002),
        fault("W02", "RSV2", raw(0xA1, 0x80, 0, 0, 0, 0), 1002),
        fault("W02", "RSV3", raw(0x91, 0x80, 0, 0, 0, 0), 1002),
        fault("W02", "all three", raw(0xF1, 0x80, 0, 0, 0, 0), 1002),
        fault("W04", "a long ping", raw(0x89, 0xFE, 0, 126, 0, 0, 0, 0), 1002),
        fault("W04", "a ping in pieces", raw(0x09, 0x80, 0, 0, 0, 0), 1002),
        fault("W04", "a close frame in pieces", raw(0x08, 0x80, 0, 0, 0, 0), 1002),
        fault("W04", "a long close frame", raw(0x88, 0xFE, 0, 126, 0, 0, 0, 0), 1002),
        fault("W05", "a continuation of nothing", frames(Frame(first: 0x80, payload: [1])), 1002),
        fault("W05", "a message inside another", frames(.text("4a", isFinal: false), .text("4b")), 1002),
    ]
    private static let opcodes = ([3, 4, 5, 6, 7, 0xB, 0xC, 0xD, 0xE, 0xF] as [UInt8]).map { opcode in
        fault("W03", "opcode \(opcode)", frames(Frame(first: 0x80 | opcode, payload: [])), 1002)
    }
    private static let texts: [HostileRow] = [
        fault(
            "W06", "damage in the second of three fragments",
            frames(.text("4ok", isFinal: false), Frame(first: 0, payload: [0xFF]), Frame(first: 0x80, payload: [])),
            1007),
        fault("W07", "a surrogate", frames(Frame(first: 0x81, payload: [0x34, 0xED, 0xA0, 0x80])), 1007),
        fault("W07", "an overlong form", frames(Frame(first: 0x81, payload: [0x34, 0xC0, 0xAF])), 1007),
        fault("W07", "beyond U+10FFFF", frames(Frame(first: 0x81, payload: [0x34, 0xF4, 0x90, 0x80, 0x80])), 1007),
        fault("W07", "half a character", frames(Frame(first: 0x81, payload: [0x34, 0xE2, 0x82])), 1007),
        fault("W08", "a reason that is not text", frames(.close(1000, reason: [0xC0, 0xAF])), 1007),
        fault("W08", "half a close code", frames(Frame(first: 0x88, payload: [3])), 1002),
    ]
    private static let closeCodes = ([0, 999, 1004, 1005, 1006, 1015, 1016, 2999, 5000, 65_535] as [Int]).map {
        code in
        fault("W08", "close code \(code)", frames(.close(code)), 1002)
    }
    private static let lengths: [HostileRow] = [
        fault(
            "W09", "2^63-1 bytes announced",
            raw(0x81, 0xFF, 0x7F, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0, 0, 0, 0), 1009),
        fault("W09", "2^63 bytes announced", raw(0x81, 0xFF, 0x80, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0), 1002),
        fault("W09", "125 in 16 bits", raw(0x81, 0xFE, 0, 125, 0, 0, 0, 0), 1002),
        fault("W09", "65,535 in 64 bits", raw(0x81, 0xFF, 0, 0, 0, 0, 0, 0, 0xFF, 0xFF, 0, 0, 0, 0), 1002),
        fault("W10", "1,000,001 bytes", frames(.text("4" + String(repeating: "a", count: 1_000_000))), 1009),
        fault(
            "W10", "the same in two fragments",
            frames(
                .text("4" + String(repeating: "a", count: 499_999), isFinal: false),
                Frame(first: 0x80, payload: [UInt8](repeating: 0x61, count: 500_001))), 1009),
        fault("W11", "200,000 empty fragments", Self.endless, 1008),
    ]
    private static let endless: ByteBuffer = {
        var bytes = frames(.text("", isFinal: false))
        bytes.writeImmutableBuffer(Frame(first: 0x00, payload: []).masked().repeated(200_000))
        return bytes
    }()

    @Test(arguments: masking + opcodes + texts + closeCodes + lengths)
    func isAFault(row: HostileRow) async throws { try await row.run() }

    @Test("W20, VA12: frames in the segment of the handshake")
    func early() async throws {
        try await Arena.run { arena in
            let client = try await arena.client()
            var bytes = ByteBuffer(string: RawClient.upgradeRequest(TestServer.webSocket))
            bytes.writeImmutableBuffer(Frame.text("4early").masked())
            bytes.writeImmutableBuffer(Frame(first: 0xF1, payload: []).masked())
            try await client.send(bytes)
            #expect(try await client.reply().status == 101)
            #expect(try await client.frame().text.hasPrefix("0{"))
            #expect(try await client.frame() == .text("4early"))
            #expect(try await client.frame().closeCode == 1002)
            #expect(await client.isClosedByServer())
        }
    }
}
