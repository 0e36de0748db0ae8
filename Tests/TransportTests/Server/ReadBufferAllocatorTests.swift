import NIOCore
import Testing

@testable import Transport

/// How a channel's pool of read buffers behaves with our allocator.
@Suite struct ReadBufferAllocatorTests {
    private struct Reader {
        var pool = NIOPooledRecvBufferAllocator(capacity: 1, recvAllocator: ReadBufferAllocator())

        /// Reads what `available` bytes allow; the size of the block that was used.
        mutating func read(_ available: Int) -> Int {
            let (buffer, count) = pool.buffer(allocator: ByteBufferAllocator()) { buffer in
                buffer.writeRepeatingByte(1, count: min(available, buffer.writableBytes))
            }
            pool.record(actualReadBytes: count)
            return buffer.capacity
        }
    }

    @Test func aQuietConnectionKeepsASmallBlock() {
        var reader = Reader()
        for size in [7, 150, 1, 400] { #expect(reader.read(size) == ReadBufferAllocator.small) }
        #expect(reader.pool.count == 1)
    }

    @Test func muchIsReadIntoLargeBlocksThatNobodyKeeps() {
        var reader = Reader()
        #expect(reader.read(200_000) == ReadBufferAllocator.small)
        #expect(reader.read(200_000) == ReadBufferAllocator.large)
        #expect(reader.read(100_000) == ReadBufferAllocator.large)
        #expect(reader.read(300) == ReadBufferAllocator.large)
        // Still in a conversation; the next small read ends it.
        #expect(reader.read(100) == ReadBufferAllocator.large)
        #expect(reader.read(100) == ReadBufferAllocator.small)
        #expect(reader.pool.count == 1)
    }
}
