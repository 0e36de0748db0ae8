internal import CZlib
internal import NIOCore

/// Compresses messages for one direction of permessage-deflate: RFC 7692, section 7.2.1.
final class MessageDeflater {
    /// What zlib ends a flushed message with, and the extension leaves out.
    private static let tailLength = 4

    private let stream: UnsafeMutablePointer<z_stream>

    /// Nil when memory is short.
    init?(windowBits: Int, level: Int) {
        stream = .allocate(capacity: 1)
        stream.initialize(to: z_stream())
        let status = deflateInit2_(
            stream, Int32(level), Z_DEFLATED, -Int32(windowBits), 8, Z_DEFAULT_STRATEGY, zlibVersion(),
            Int32(MemoryLayout<z_stream>.size))
        guard status == Z_OK else {
            stream.deinitialize(count: 1)
            stream.deallocate()
            return nil
        }
    }

    deinit {
        deflateEnd(stream)
        stream.deinitialize(count: 1)
        stream.deallocate()
    }

    /// Forgets the messages before.
    func reset() {
        deflateReset(stream)
    }

    /// The compressed form of one message; nil if zlib fails, after which only ``reset()`` makes sense.
    func compress(_ message: ByteBuffer) -> ByteBuffer? {
        // zlib has nothing to flush then: an empty block that is not the last, without the tail.
        guard message.readableBytes > 0 else { return ByteBuffer(bytes: [0]) }
        var output = ByteBufferAllocator().buffer(capacity: message.readableBytes / 4 + 64)
        let isDone = message.withUnsafeReadableBytes { input in
            // zlib does not write through next_in; its C interface has no const.
            stream.pointee.next_in = UnsafeMutablePointer(mutating: input.bindMemory(to: UInt8.self).baseAddress)
            stream.pointee.avail_in = UInt32(clamping: input.count)
            defer { stream.pointee.next_in = nil }
            while true {
                var status = Z_OK
                output.writeWithUnsafeMutableBytes(minimumWritableBytes: max(64, output.readableBytes)) { room in
                    stream.pointee.next_out = room.bindMemory(to: UInt8.self).baseAddress
                    stream.pointee.avail_out = UInt32(clamping: room.count)
                    status = deflate(stream, Z_SYNC_FLUSH)
                    return min(room.count, Int(UInt32.max)) - Int(stream.pointee.avail_out)
                }
                // Z_BUF_ERROR: nothing was left to flush after the room had been used up exactly.
                guard status == Z_OK || status == Z_BUF_ERROR else { return false }
                if stream.pointee.avail_out > 0 { return stream.pointee.avail_in == 0 }
            }
        }
        guard isDone, output.readableBytes >= Self.tailLength else { return nil }
        return output.readSlice(length: output.readableBytes - Self.tailLength)
    }
}
