import NIOCore
import Testing

@testable import Transport

@Suite struct RawByteGuardTests {
    private func verdict(_ text: String, pieces: Int = .max) -> RawByteGuard.Verdict {
        var byteGuard = RawByteGuard(maxRequestLine: 100, maxHeaderBytes: 200)
        var rest = ByteBuffer(string: text)
        while let piece = rest.readSlice(length: min(pieces, rest.readableBytes)), piece.readableBytes > 0 {
            let verdict = byteGuard.inspect(piece)
            guard verdict == .pass else { return verdict }
        }
        return .pass
    }

    @Test(arguments: [1, 3, Int.max])
    func limitsHoldHoweverTheBytesAreCut(pieces: Int) {
        let long = String(repeating: "a", count: 300)
        #expect(verdict("GET / HTTP/1.1\r\nHost: a\r\n\r\n", pieces: pieces) == .pass)
        #expect(verdict("\r\n\r\nGET / HTTP/1.1\r\n\r\n", pieces: pieces) == .pass)
        #expect(verdict("GET /\(long) HTTP/1.1\r\n", pieces: pieces) == .lineTooLong)
        #expect(verdict("GET / HTTP/1.1\r\nX: \(long)\r\n", pieces: pieces) == .headersTooLarge)
        #expect(verdict("GET / HTTP/1.1\nHost: a\r\n\r\n", pieces: pieces) == .malformed)
        #expect(verdict("GET / HTTP/1.1\r\nHost: a\n\r\n", pieces: pieces) == .malformed)
        #expect(verdict(long, pieces: pieces) == .lineTooLong)
    }

    @Test func aBodyMayHoldAnything() {
        #expect(verdict("POST / HTTP/1.1\r\n\r\n" + String(repeating: "\n", count: 1000)) == .pass)
    }

    @Test func overheadIsMeasuredAgainstContent() {
        var byteGuard = RawByteGuard(maxRequestLine: 100, maxHeaderBytes: 200)
        _ = byteGuard.inspect(ByteBuffer(string: "POST / HTTP/1.1\r\n\r\n"))
        _ = byteGuard.inspect(ByteBuffer(repeating: 0x61, count: 16_384))
        #expect(!byteGuard.isOverheadExcessive)
        _ = byteGuard.inspect(ByteBuffer(repeating: 0x61, count: 1))
        #expect(byteGuard.isOverheadExcessive)
        byteGuard.contentDecoded(2000)
        #expect(!byteGuard.isOverheadExcessive)
        byteGuard.messageEnded()
        #expect(!byteGuard.isOverheadExcessive)
        #expect(!byteGuard.isInsideHead)
    }
}
