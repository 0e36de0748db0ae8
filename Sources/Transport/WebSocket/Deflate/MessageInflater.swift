internal import CZlib
internal import NIOCore

/// Restores messages of one direction of permessage-deflate: RFC 7692, section 7.2.2.
final class MessageInflater {
    /// What the sender left out of every message.
    private static let tail = ByteBuffer(bytes: [0x00, 0x00, 0xFF, 0xFF])
    /// In zlib's `data_type`: a block has just ended.
    private static let isBetweenBlocks: Int32 = 128

    private let stream: UnsafeMutablePointer<z_stream>

    /// Nil when memory is short. zlib takes its window (up to 32 KiB) only when a message needs one.
    init?(windowBits: Int) {
        stream = .allocate(capacity: 1)
        stream.initialize(to: z_stream())
        guard
            inflateInit2_(stream, -Int32(windowBits), zlibVersion(), Int32(MemoryLayout<z_stream>.size)) == Z_OK
        else {
            stream.deinitialize(count: 1)
            stream.deallocate()
            return nil
        }
    }

    deinit {
        inflateEnd(stream)
        stream.deinitialize(count: 1)
        stream.deallocate()
    }

    /// Forgets the messages before.
    func reset() {
        inflateReset(stream)
    }

    /// The message behind `payload`, of which no more than `limit` bytes are ever made.
    ///
    /// - Throws: `messageTooBig` as soon as there would be more; `protocolError` where the bytes are no such stream.
    func inflate(_ payload: ByteBuffer, limit: Int) throws(WebSocketFault) -> ByteBuffer {
        let estimate = min(limit, payload.readableBytes * 3 + 64)
        var output = ByteBufferAllocator().buffer(capacity: estimate)
        try consume(payload, into: &output, limit: limit)
        try consume(Self.tail, into: &output, limit: limit)
        guard stream.pointee.data_type & Self.isBetweenBlocks != 0 else { throw .protocolError }
        return output
    }

    private func consume(_ input: ByteBuffer, into output: inout ByteBuffer, limit: Int) throws(WebSocketFault) {
        let fault = input.withUnsafeReadableBytes { input -> WebSocketFault? in
            stream.pointee.next_in = UnsafeMutablePointer(mutating: input.bindMemory(to: UInt8.self).baseAddress)
            stream.pointee.avail_in = UInt32(clamping: input.count)
            defer { stream.pointee.next_in = nil }
            while true {
                let status = step(into: &output, limit: limit)
                guard output.readableBytes <= limit else { return .messageTooBig }
                switch status {
                case Z_OK, Z_BUF_ERROR:
                    // Room was left: all that can be made of the input is there.
                    if stream.pointee.avail_out > 0 { return stream.pointee.avail_in == 0 ? nil : .protocolError }
                case Z_STREAM_END:
                    // A sender may mark a block as the last; the window outlives it (RFC 7692, section 7.2.3.4).
                    guard inflateResetKeep(stream) == Z_OK else { return .protocolError }
                    if stream.pointee.avail_in == 0 {
                        stream.pointee.data_type = Self.isBetweenBlocks
                        return nil
                    }
                default:
                    return .protocolError
                }
            }
        }
        if let fault { throw fault }
    }

    /// One call of zlib, with room for one byte more than allowed, by which too much is noticed.
    private func step(into output: inout ByteBuffer, limit: Int) -> Int32 {
        let allowed = limit - output.readableBytes + 1
        var status = Z_OK
        output.writeWithUnsafeMutableBytes(minimumWritableBytes: min(allowed, max(256, output.readableBytes))) { room in
            let size = min(room.count, allowed, Int(UInt32.max))
            stream.pointee.next_out = room.bindMemory(to: UInt8.self).baseAddress
            stream.pointee.avail_out = UInt32(truncatingIfNeeded: size)
            status = CZlib.inflate(stream, Z_SYNC_FLUSH)
            return size - Int(stream.pointee.avail_out)
        }
        return status
    }
}
