internal import NIOCore

/// Memory to read into: a connection keeps a small block while it says little and borrows a large one, a read at a time,
/// while it says much. Whoever once sent much and idles now holds no more than anybody else.
///
/// Made for one read per readiness (`maxMessagesPerRead` 1): then the channel keeps only its first block. Without a size
/// to look for, and told that the next block may be larger, it asks ``buffer(allocator:)`` anew and keeps nothing.
struct ReadBufferAllocator: RecvByteBufferAllocator {
    /// Holds what an idle client sends: answers to heartbeats, typing, most messages.
    static let small = 512
    static let large = 65_536

    private var isLarge = false

    func buffer(allocator: ByteBufferAllocator) -> ByteBuffer {
        allocator.buffer(capacity: isLarge ? Self.large : Self.small)
    }

    func nextBufferSize() -> Int? { isLarge ? nil : Self.small }

    /// Takes notice of a read; true if the next block must not be the one that the channel keeps.
    mutating func record(actualReadBytes: Int) -> Bool {
        isLarge = actualReadBytes >= (isLarge ? Self.small / 2 : Self.small)
        return isLarge
    }

    /// Has a channel read with these.
    static func use(in channel: any Channel) throws {
        guard let options = channel.syncOptions else { return }
        try options.setOption(.maxMessagesPerRead, value: 1)
        try options.setOption(.recvAllocator, value: ReadBufferAllocator())
    }
}
