import EngineIO
import NIOCore
import Testing

@testable import Transport

@Suite struct WebSocketDecoderTests {
    private static let limits = WebSocketLimits(maxMessage: 100_000, maxFragments: 100)

    /// Feeds the bytes in pieces; what came out, and the fault that ended it.
    private func decode(
        _ bytes: ByteBuffer, pieces: Int = .max, limits: WebSocketLimits = Self.limits
    ) -> ([WebSocketEvent], WebSocketFault?) {
        var decoder = WebSocketDecoder(limits: limits)
        var scratch = ByteBuffer()
        var events: [WebSocketEvent] = []
        var rest = bytes
        do throws(WebSocketFault) {
            while let piece = rest.readSlice(length: min(pieces, rest.readableBytes)), piece.readableBytes > 0 {
                decoder.feed(piece, scratch: &scratch)
                while let event = try decoder.next() { events.append(event) }
            }
        } catch {
            return (events, error)
        }
        return (events, nil)
    }

    private func text(_ text: String) -> WebSocketEvent { .message(.text(ByteBuffer(string: text))) }

    private func joined(_ frames: [Frame]) -> ByteBuffer {
        var bytes = ByteBuffer()
        for frame in frames { bytes.writeImmutableBuffer(frame.masked()) }
        return bytes
    }

    @Test(arguments: [1, 2, 3, 5, 7, 13, 64, 1000, Int.max])
    func framesComeOutHoweverTheyAreCut(pieces: Int) {
        let long = String(repeating: "ñ€😀", count: 300)
        let huge = [UInt8](repeating: 7, count: 70_000)
        let bytes = joined([
            .text("4hello"), .text(""), .binary([]), .ping([1, 2, 3]), .text(long), .binary(huge),
            .text("4a", isFinal: false), .ping([]), Frame(first: 0x00, payload: []),
            Frame(first: 0x80, payload: Array("b😀".utf8)), Frame(first: 0x8A, payload: [9]),
            .close(1000, reason: Array("bye".utf8)),
        ])
        let (events, fault) = decode(bytes, pieces: pieces)
        #expect(fault == nil)
        #expect(
            events == [
                text("4hello"), text(""), .message(.binary(ByteBuffer())), .ping(ByteBuffer(bytes: [1, 2, 3])),
                text(long), .message(.binary(ByteBuffer(bytes: huge))), .ping(ByteBuffer()), text("4ab😀"), .pong,
                .close(code: 1000),
            ])
    }

    @Test func aMessageThatSomebodyKeepsIsNotOverwritten() throws {
        var decoder = WebSocketDecoder(limits: Self.limits)
        var scratch = ByteBuffer()
        decoder.feed(joined([.text("first"), .text("second")]), scratch: &scratch)
        let kept = try decoder.next()
        decoder.feed(joined([.text("third")]), scratch: &scratch)
        #expect(try decoder.next() == text("second"))
        #expect(try decoder.next() == text("third"))
        #expect(kept == text("first"))
    }

    @Test(arguments: [
        // W01: no mask.
        (ByteBuffer(bytes: [0x81, 0x01, 0x34]), WebSocketFault.protocolError),
        // W02: reserved bits.
        (ByteBuffer(bytes: [0xC1, 0x80, 0, 0, 0, 0]), .protocolError),
        (ByteBuffer(bytes: [0xA1, 0x80, 0, 0, 0, 0]), .protocolError),
        (ByteBuffer(bytes: [0xF1, 0x80, 0, 0, 0, 0]), .protocolError),
        // W04: control frames that are long or fragmented.
        (ByteBuffer(bytes: [0x89, 0xFE, 0, 126, 0, 0, 0, 0]), .protocolError),
        (ByteBuffer(bytes: [0x09, 0x80, 0, 0, 0, 0]), .protocolError),
        (ByteBuffer(bytes: [0x08, 0x80, 0, 0, 0, 0]), .protocolError),
        // W09: giant, impossible and wasteful lengths.
        (ByteBuffer(bytes: [0x81, 0xFF, 0x7F, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0, 0, 0, 0]), .messageTooBig),
        (ByteBuffer(bytes: [0x81, 0xFF, 0x80, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0]), .protocolError),
        (ByteBuffer(bytes: [0x81, 0xFE, 0, 125, 0, 0, 0, 0]), .protocolError),
        (ByteBuffer(bytes: [0x81, 0xFF, 0, 0, 0, 0, 0, 0, 0xFF, 0xFF, 0, 0, 0, 0]), .protocolError),
        // W08: close payloads.
        (Frame(first: 0x88, payload: [3]).masked(), .protocolError),
        (Frame.close(0).masked(), .protocolError), (Frame.close(999).masked(), .protocolError),
        (Frame.close(1004).masked(), .protocolError), (Frame.close(1005).masked(), .protocolError),
        (Frame.close(1006).masked(), .protocolError), (Frame.close(1015).masked(), .protocolError),
        (Frame.close(1016).masked(), .protocolError), (Frame.close(2999).masked(), .protocolError),
        (Frame.close(5000).masked(), .protocolError),
        (Frame.close(1000, reason: [0xC0, 0xAF]).masked(), .invalidUTF8),
        // W07: not UTF-8.
        (Frame(first: 0x81, payload: [0xED, 0xA0, 0x80]).masked(), .invalidUTF8),
        (Frame(first: 0x81, payload: [0xC0, 0xAF]).masked(), .invalidUTF8),
        (Frame(first: 0x81, payload: [0xF4, 0x90, 0x80, 0x80]).masked(), .invalidUTF8),
        (Frame(first: 0x81, payload: [0xE2, 0x82]).masked(), .invalidUTF8),
    ])
    func whatAClientMayNotSend(bytes: ByteBuffer, fault: WebSocketFault) {
        for pieces in [1, Int.max] {
            let (events, found) = decode(bytes, pieces: pieces)
            #expect(events.isEmpty)
            #expect(found == fault)
        }
    }

    @Test(arguments: [3, 4, 5, 6, 7, 0xB, 0xC, 0xD, 0xE, 0xF])
    func unknownOpcodesAreRefused(opcode: UInt8) {
        #expect(decode(Frame(first: 0x80 | opcode, payload: []).masked()).1 == .protocolError)
    }

    @Test func fragmentsInTheWrongOrderAreRefused() {
        #expect(decode(Frame(first: 0x80, payload: [1]).masked()).1 == .protocolError)
        #expect(decode(joined([.text("a", isFinal: false), .text("b")])).1 == .protocolError)
    }

    /// W06: the damage is in the second of three fragments.
    @Test func damagedTextIsFoundBeforeTheEnd() {
        let frames = [
            Frame(first: 0x01, payload: Array("ok".utf8)), Frame(first: 0x00, payload: [0xFF]),
            Frame(first: 0x80, payload: Array("ok".utf8)),
        ]
        #expect(decode(joined(Array(frames.prefix(2)))).1 == .invalidUTF8)
    }

    @Test(arguments: [99_999, 100_000, 100_001])
    func theLimitOfAMessageIsExact(size: Int) {
        let isAllowed = size <= Self.limits.maxMessage
        let whole = decode(Frame.binary([UInt8](repeating: 1, count: size)).masked())
        #expect(whole.1 == (isAllowed ? nil : .messageTooBig))
        let halves = decode(
            joined([
                Frame(first: 0x02, payload: [UInt8](repeating: 1, count: size / 2)),
                Frame(first: 0x80, payload: [UInt8](repeating: 1, count: size - size / 2)),
            ]))
        #expect(halves.1 == (isAllowed ? nil : .messageTooBig))
        #expect(halves.0.count == (isAllowed ? 1 : 0))
    }

    @Test(arguments: [100, 101])
    func emptyFragmentsCount(frames: Int) {
        var bytes = Frame.text("", isFinal: false).masked()
        for _ in 1..<frames { bytes.writeImmutableBuffer(Frame(first: 0x00, payload: []).masked()) }
        #expect(decode(bytes).1 == (frames <= 100 ? nil : .tooManyFragments))
    }

    /// Random frames in random pieces come out as they went in.
    @Test(arguments: 0..<40)
    func randomTrafficSurvives(seed: UInt64) {
        var generator = SplitMix(seed: seed)
        var bytes = ByteBuffer()
        var expected: [WebSocketEvent] = []
        for _ in 0..<30 {
            let size = [0, 1, 3, 8, 125, 126, 700, 66_000].randomElement(using: &generator) ?? 0
            let payload = (0..<size).map { _ in UInt8.random(in: 0x20...0x7E, using: &generator) }
            let key = (0..<4).map { _ in UInt8.random(in: 0...255, using: &generator) }
            let isText = Bool.random(using: &generator)
            expected.append(.message(isText ? .text(ByteBuffer(bytes: payload)) : .binary(ByteBuffer(bytes: payload))))
            var rest = payload[...]
            var isFirst = true
            repeat {
                let part = rest.prefix(Int.random(in: 0...max(1, size), using: &generator))
                rest = rest.dropFirst(part.count)
                let opcode: UInt8 = isFirst ? (isText ? 1 : 2) : 0
                let isLast = rest.isEmpty
                bytes.writeImmutableBuffer(
                    Frame(first: opcode | (isLast ? 0x80 : 0), payload: Array(part)).masked(key: key))
                isFirst = false
                if isLast { break }
            } while true
        }
        let limits = WebSocketLimits(maxMessage: 100_000, maxFragments: 1_000_000)
        var decoder = WebSocketDecoder(limits: limits)
        var scratch = ByteBuffer()
        var events: [WebSocketEvent] = []
        #expect(throws: Never.self) {
            while let piece = bytes.readSlice(
                length: min(Int.random(in: 1...9000, using: &generator), bytes.readableBytes)),
                piece.readableBytes > 0
            {
                decoder.feed(piece, scratch: &scratch)
                while let event = try decoder.next() { events.append(event) }
            }
        }
        #expect(events == expected)
    }

    /// Random bytes never trap.
    @Test(arguments: 0..<20)
    func noiseIsHarmless(seed: UInt64) {
        var generator = SplitMix(seed: seed)
        for _ in 0..<200 {
            let bytes = (0..<Int.random(in: 0...300, using: &generator)).map { index in
                // Often a plausible start, so that noise gets past the header.
                index == 0 && Bool.random(using: &generator)
                    ? 0x81
                    : index == 1
                        ? 0x80 | UInt8.random(in: 0...127, using: &generator)
                        : UInt8.random(in: 0...255, using: &generator)
            }
            _ = decode(ByteBuffer(bytes: bytes), pieces: Int.random(in: 1...300, using: &generator))
        }
    }
}

/// SplitMix64: the same numbers on every run.
struct SplitMix: RandomNumberGenerator {
    private var state: UInt64

    init(seed: UInt64) { state = seed }

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var value = state
        value = (value ^ (value >> 30)) &* 0xBF58_476D_1CE4_E5B9
        value = (value ^ (value >> 27)) &* 0x94D0_49BB_1331_11EB
        return value ^ (value >> 31)
    }
}
