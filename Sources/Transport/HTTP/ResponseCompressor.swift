internal import CZlib
package import NIOCore

/// Compresses the bodies of answers, those of polls with one compressor per event loop.
///
/// The state of zlib (256 KiB) is made on first use and reused for every body after it.
package final class ResponseCompressor {
    private var streams: [ContentCoding: UnsafeMutablePointer<z_stream>] = [:]

    package init() {}

    deinit {
        for stream in streams.values {
            deflateEnd(stream)
            stream.deinitialize(count: 1)
            stream.deallocate()
        }
    }

    /// The compressed form of `body`; nil if zlib cannot, in which case the body goes out as it is.
    package func compress(_ body: ByteBuffer, coding: ContentCoding) -> ByteBuffer? {
        guard let stream = stream(coding), deflateReset(stream) == Z_OK else { return nil }
        let bound = Int(deflateBound(stream, UInt(body.readableBytes)))
        var output = ByteBufferAllocator().buffer(capacity: bound)
        let isDone = body.withUnsafeReadableBytes { input in
            // zlib does not write through next_in; its C interface has no const.
            stream.pointee.next_in = UnsafeMutablePointer(
                mutating: input.bindMemory(to: UInt8.self).baseAddress)
            stream.pointee.avail_in = UInt32(clamping: input.count)
            var status = Z_OK
            output.writeWithUnsafeMutableBytes(minimumWritableBytes: bound) { room in
                stream.pointee.next_out = room.bindMemory(to: UInt8.self).baseAddress
                stream.pointee.avail_out = UInt32(clamping: bound)
                status = deflate(stream, Z_FINISH)
                return bound - Int(stream.pointee.avail_out)
            }
            return status == Z_STREAM_END
        }
        return isDone ? output : nil
    }

    private func stream(_ coding: ContentCoding) -> UnsafeMutablePointer<z_stream>? {
        guard coding != .brotli else { return nil }
        if let stream = streams[coding] { return stream }
        let stream = UnsafeMutablePointer<z_stream>.allocate(capacity: 1)
        stream.initialize(to: z_stream())
        let windowBits: Int32 = coding == .gzip ? 15 + 16 : 15
        let status = deflateInit2_(
            stream, Z_DEFAULT_COMPRESSION, Z_DEFLATED, windowBits, 8, Z_DEFAULT_STRATEGY, zlibVersion(),
            Int32(MemoryLayout<z_stream>.size))
        guard status == Z_OK else {
            stream.deinitialize(count: 1)
            stream.deallocate()
            return nil
        }
        streams[coding] = stream
        return stream
    }
}
