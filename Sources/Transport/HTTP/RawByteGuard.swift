internal import NIOCore

#if canImport(Glibc)
    internal import Glibc
#elseif canImport(Musl)
    internal import Musl
#endif

/// Looks at the bytes of a connection before the HTTP decoder does, for what the decoder swallows or buffers:
/// endless request lines and headers, bare line feeds, giant chunk extensions and trailers.
struct RawByteGuard {
    enum Verdict: Equatable {
        case pass
        /// The request line is too long: 414.
        case lineTooLong
        /// The headers are too large: 431.
        case headersTooLarge
        /// Not HTTP as we accept it: 400.
        case malformed
    }

    private enum Phase {
        case head
        /// Between the head and the end of the message as the decoder reports it.
        case body
    }

    private let maxRequestLine: Int
    private let maxHeaderBytes: Int
    private var phase = Phase.head
    private var isRequestLine = true
    private var lineLength = 0
    private var headLength = 0
    private var previous: UInt8 = 0
    /// Bytes since the head that were not content, and content.
    private var overhead = 0
    private var content = 0

    init(maxRequestLine: Int, maxHeaderBytes: Int) {
        self.maxRequestLine = maxRequestLine
        self.maxHeaderBytes = maxHeaderBytes
    }

    /// Whether part of a head has arrived.
    var isInsideHead: Bool {
        switch phase {
        case .head: headLength > 0
        case .body: false
        }
    }

    /// Bytes arrived, and will be handed to the decoder if they pass.
    mutating func inspect(_ bytes: ByteBuffer) -> Verdict {
        switch phase {
        case .body:
            overhead += bytes.readableBytes
            return .pass
        case .head:
            return inspectHead(bytes)
        }
    }

    /// The decoder found `count` bytes of content.
    mutating func contentDecoded(_ count: Int) { content += count }

    /// The decoder has dealt with all bytes so far: is what it made of them in proportion?
    ///
    /// A chunk of one byte costs six; nobody honest needs more than that plus an allowance.
    var isOverheadExcessive: Bool {
        switch phase {
        case .head: false
        case .body: overhead - content > 16_384 + 8 * content
        }
    }

    /// The decoder reported the end of a message: the next byte begins a head.
    mutating func messageEnded() {
        phase = .head
        (isRequestLine, lineLength, headLength, previous) = (true, 0, 0, 0)
        (overhead, content) = (0, 0)
    }

    private mutating func inspectHead(_ bytes: ByteBuffer) -> Verdict {
        let span = bytes.readableBytesUInt8Span
        var start = 0
        while start < span.count {
            let lineFeed = span.firstLineFeed(from: start)
            let end = lineFeed ?? span.count
            if end > start {
                lineLength += end - start
                headLength += end - start
                previous = span[end - 1]
            }
            if isRequestLine, lineLength > maxRequestLine { return .lineTooLong }
            if headLength > maxRequestLine + maxHeaderBytes { return .headersTooLarge }
            guard let lineFeed else { return .pass }
            guard previous == UInt8(ascii: "\r") else { return .malformed }
            if lineLength == 1, !isRequestLine {
                phase = .body
                overhead = span.count - lineFeed - 1
                return .pass
            }
            // Empty lines before the request line are tolerated, as the RFC asks.
            if lineLength > 1 { isRequestLine = false }
            lineLength = 0
            previous = UInt8(ascii: "\n")
            headLength += 1
            start = lineFeed + 1
        }
        return headLength > maxRequestLine + maxHeaderBytes ? .headersTooLarge : .pass
    }
}

extension Span<UInt8> {
    /// Where the next line ends; nil if that is not here. Every byte of every head passes by here, hence the C function.
    fileprivate func firstLineFeed(from start: Int) -> Int? {
        extracting(start...).withUnsafeBytes { bytes in
            guard let base = bytes.baseAddress, let found = memchr(base, CInt(UInt8(ascii: "\n")), bytes.count) else {
                return nil
            }
            return start + (UnsafeRawPointer(found) - base)
        }
    }
}
