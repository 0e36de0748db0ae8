internal import EngineIO
internal import NIOCore

/// Reads the frames of a client: RFC 6455 section 5, without I/O.
///
/// All frames that are complete in one read are unmasked in place first; then their payloads are handed out as slices
/// of that memory, which nobody changes any more. Only a message that spans reads or fragments gets a buffer of its
/// own, which grows with what really arrives and never with what a header declares. Text is checked as it arrives.
struct WebSocketDecoder {
    let limits: WebSocketLimits
    /// Whether messages may be compressed; the decoder hands those out as they came.
    let allowsCompression: Bool
    private var input = ByteBuffer()
    /// Up to here, in indices of `input`, complete frames are unmasked.
    private var unmaskedEnd = 0
    private var partial: PartialMessage?

    init(limits: WebSocketLimits, allowsCompression: Bool = false) {
        self.limits = limits
        self.allowsCompression = allowsCompression
    }

    /// Takes what was read. `scratch` is memory to work in, which callers share between decoders.
    mutating func feed(_ bytes: ByteBuffer, scratch: inout ByteBuffer) {
        let left = input.readableBytes
        let needed = left + bytes.readableBytes
        if scratch.storageCapacity > 16_384, needed < scratch.storageCapacity / 4 {
            // Do not let small messages that somebody keeps hold on to a large block.
            scratch = ByteBufferAllocator().buffer(capacity: max(4096, needed))
        } else {
            scratch.clear()
        }
        let unmasked = unmaskedEnd - input.readerIndex
        if left > 0 { scratch.writeImmutableBuffer(input) }
        scratch.writeImmutableBuffer(bytes)
        unmaskedEnd = unmask(&scratch, from: left > 0 ? max(0, unmasked) : 0)
        input = scratch
    }

    /// The next event; nil when more must be read first.
    mutating func next() throws(WebSocketFault) -> WebSocketEvent? {
        while true {
            if let partial, partial.missing > 0 {
                try partial.take(from: &input)
                guard partial.missing == 0 else { return rest() }
                if partial.isLastFrame { return try finish(partial) }
            }
            guard let (header, headerLength) = try Self.header(of: input, at: input.readerIndex) else { return rest() }
            let isWhole = input.readableBytes - headerLength >= header.length
            if header.opcode.isControl {
                guard isWhole else { return rest() }
                return try control(header, headerLength)
            }
            try admit(header)
            if isWhole, partial == nil, header.isFinal {
                return try whole(header, headerLength)
            }
            let message =
                partial ?? PartialMessage(isText: header.opcode == .text, isCompressed: header.isCompressed)
            partial = message
            input.moveReaderIndex(forwardBy: headerLength)
            // A whole frame is unmasked already: a key of zero leaves it as it is.
            message.begin(header, key: isWhole ? 0 : header.mask)
            if header.length == 0, header.isFinal { return try finish(message) }
        }
    }

    /// Nothing complete is left: keep what there is in memory of its own, so that an idle socket holds no block.
    private mutating func rest() -> WebSocketEvent? {
        let unmasked = unmaskedEnd - input.readerIndex
        input = input.readableBytes == 0 ? ByteBuffer() : ByteBuffer(bytes: input.readableBytesView)
        unmaskedEnd = max(0, unmasked)
        return nil
    }

    /// Unmasks every complete frame of `buffer` from `start` on; returns where the first incomplete one begins.
    private func unmask(_ buffer: inout ByteBuffer, from start: Int) -> Int {
        var index = start
        if index == 0, let partial { index = min(partial.missing, buffer.readableBytes) }
        while let (header, headerLength) = try? Self.header(of: buffer, at: index),
            buffer.writerIndex - index - headerLength >= header.length
        {
            WebSocketMask.apply(to: &buffer, at: index + headerLength, count: header.length, key: header.mask)
            index += headerLength + header.length
        }
        return index
    }

    // MARK: Headers

    /// The header at `start`, with its length; nil if it is not complete.
    private static func header(
        of input: ByteBuffer, at start: Int
    ) throws(WebSocketFault) -> (WebSocketFrameHeader, Int)? {
        let bytes = input.readableBytesSpan
        let start = start - input.readerIndex
        guard start + 2 <= bytes.byteCount else { return nil }
        let first = bytes.unsafeLoad(fromByteOffset: start, as: UInt8.self)
        let second = bytes.unsafeLoad(fromByteOffset: start + 1, as: UInt8.self)
        guard first & 0x30 == 0, let opcode = WebSocketOpcode(rawValue: first & 0x0F), second & 0x80 != 0 else {
            throw .protocolError
        }
        let isFinal = first & 0x80 != 0
        let short = Int(second & 0x7F)
        let isCompressed = first & 0x40 != 0
        if opcode.isControl, !isFinal || short > 125 || isCompressed { throw .protocolError }
        var offset = start + 2
        let length: Int
        switch short {
        case 126:
            guard offset + 2 <= bytes.byteCount else { return nil }
            let value = UInt16(bigEndian: bytes.unsafeLoadUnaligned(fromByteOffset: offset, as: UInt16.self))
            guard value > 125 else { throw .protocolError }
            length = Int(value)
            offset += 2
        case 127:
            guard offset + 8 <= bytes.byteCount else { return nil }
            let value = UInt64(bigEndian: bytes.unsafeLoadUnaligned(fromByteOffset: offset, as: UInt64.self))
            guard value > 0xFFFF, value >> 63 == 0 else { throw .protocolError }
            length = Int(clamping: value)
            offset += 8
        default:
            length = short
        }
        guard offset + 4 <= bytes.byteCount else { return nil }
        let mask = UInt32(littleEndian: bytes.unsafeLoadUnaligned(fromByteOffset: offset, as: UInt32.self))
        let header = WebSocketFrameHeader(
            opcode: opcode, isFinal: isFinal, isCompressed: isCompressed, length: length, mask: mask)
        return (header, offset + 4 - start)
    }

    /// Whether a data frame may come now and may be that large.
    private func admit(_ header: WebSocketFrameHeader) throws(WebSocketFault) {
        guard (header.opcode == .continuation) == (partial != nil) else { throw .protocolError }
        // Only the first frame of a message says that it is compressed.
        if header.isCompressed {
            guard allowsCompression, partial == nil else { throw .protocolError }
        }
        let soFar = partial?.byteCount ?? 0
        let maximum = partial?.isCompressed ?? header.isCompressed ? maxCompressed : limits.maxMessage
        guard header.length <= maximum - min(soFar, maximum) else { throw .messageTooBig }
        guard (partial?.frames ?? 0) < limits.maxFragments else { throw .tooManyFragments }
    }

    /// What does not compress grows a little: five bytes for each stored block.
    private var maxCompressed: Int { limits.maxMessage + limits.maxMessage >> 10 + 64 }

    // MARK: Payloads

    private mutating func payload(_ header: WebSocketFrameHeader, _ headerLength: Int) -> ByteBuffer {
        input.moveReaderIndex(forwardBy: headerLength)
        return input.readSlice(length: header.length) ?? ByteBuffer()
    }

    private mutating func whole(
        _ header: WebSocketFrameHeader, _ headerLength: Int
    ) throws(WebSocketFault) -> WebSocketEvent {
        let payload = payload(header, headerLength)
        if header.isCompressed { return .compressed(payload, isText: header.opcode == .text) }
        guard header.opcode == .text else { return .message(.binary(payload)) }
        guard UTF8Validator.isValid(payload) else { throw .invalidUTF8 }
        return .message(.text(payload))
    }

    private mutating func control(
        _ header: WebSocketFrameHeader, _ headerLength: Int
    ) throws(WebSocketFault) -> WebSocketEvent {
        var payload = payload(header, headerLength)
        switch header.opcode {
        case .ping: return .ping(payload)
        case .pong: return .pong
        case .close, .continuation, .text, .binary:
            guard payload.readableBytes > 0 else { return .close(code: nil) }
            guard let code = payload.readInteger(as: UInt16.self), Self.mayBeSent(code) else { throw .protocolError }
            guard UTF8Validator.isValid(payload) else { throw .invalidUTF8 }
            return .close(code: code)
        }
    }

    /// Whether a close frame may carry this status code: RFC 6455 section 7.4, and the registry's 1012 to 1014.
    private static func mayBeSent(_ code: UInt16) -> Bool {
        switch code {
        case 1004, 1005, 1006: false
        case 1000...1014, 3000...4999: true
        default: false
        }
    }

    private mutating func finish(_ message: PartialMessage) throws(WebSocketFault) -> WebSocketEvent {
        partial = nil
        return try message.complete()
    }
}
