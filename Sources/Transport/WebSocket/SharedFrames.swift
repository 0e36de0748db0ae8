internal import NIOCore

/// Frames that many sockets send one behind the other in the same turn, put together once for all of them.
///
/// When several broadcasts fall into one turn of the loop, the receivers of all of them need the same bytes: the second
/// receiver finds what the first one's frames were joined to.
struct SharedFrames {
    private var front = ByteBuffer()
    private var back = ByteBuffer()
    private var joined = ByteBuffer()

    /// `front` and `back` in one buffer. Both must be shared, so that nobody changes their memory.
    mutating func join(_ front: ByteBuffer, _ back: ByteBuffer) -> ByteBuffer {
        if self.front.isSameMemory(as: front), self.back.isSameMemory(as: back) { return joined }
        var joined = ByteBufferAllocator().buffer(capacity: front.readableBytes + back.readableBytes)
        joined.writeImmutableBuffer(front)
        joined.writeImmutableBuffer(back)
        (self.front, self.back, self.joined) = (front, back, joined)
        return joined
    }

    /// Holds nothing any more.
    mutating func removeAll() { self = SharedFrames() }
}

extension ByteBuffer {
    /// Whether the readable bytes of both are the same place in memory.
    fileprivate func isSameMemory(as other: ByteBuffer) -> Bool {
        guard readableBytes == other.readableBytes, readableBytes > 0 else { return false }
        return withUnsafeReadableBytes { bytes in
            other.withUnsafeReadableBytes { $0.baseAddress == bytes.baseAddress }
        }
    }
}
