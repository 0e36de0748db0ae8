internal import NIOCore

/// Unmasking, RFC 6455 section 5.3. The key's first byte on the wire is in its lowest bits.
enum WebSocketMask {
    /// Unmasks `count` bytes of `buffer` in place, starting at `index`.
    static func apply(to buffer: inout ByteBuffer, at index: Int, count: Int, key: UInt32) {
        let offset = index - buffer.readerIndex
        guard count > 0, offset >= 0, offset + count <= buffer.readableBytes else { return }
        buffer.withUnsafeMutableReadableBytes { bytes in
            let region = UnsafeMutableRawBufferPointer(rebasing: bytes[offset..<(offset + count)])
            mix(UnsafeRawBufferPointer(region), into: region, key: key)
        }
    }

    /// Moves `count` bytes of `source` to the end of `target`, unmasked. `phase` bytes of the frame came before them.
    static func move(
        _ count: Int, from source: inout ByteBuffer, to target: inout ByteBuffer, key: UInt32, phase: Int
    ) {
        guard let piece = source.readSlice(length: count) else { return }
        let shift = UInt32(phase & 3) &* 8
        let rotated = shift == 0 ? key : key >> shift | key << (32 &- shift)
        target.writeWithUnsafeMutableBytes(minimumWritableBytes: count) { output in
            piece.withUnsafeReadableBytes { input in
                mix(input, into: UnsafeMutableRawBufferPointer(rebasing: output[..<count]), key: rotated)
            }
            return count
        }
    }

    /// Both have the same size; they may be the same memory.
    private static func mix(_ input: UnsafeRawBufferPointer, into output: UnsafeMutableRawBufferPointer, key: UInt32) {
        let wide = UInt64(key) | UInt64(key) << 32
        let count = input.count
        var index = 0
        while index &+ 8 <= count {
            let word = UInt64(littleEndian: input.loadUnaligned(fromByteOffset: index, as: UInt64.self))
            output.storeBytes(of: (word ^ wide).littleEndian, toByteOffset: index, as: UInt64.self)
            index &+= 8
        }
        var tail = wide
        while index < count {
            output[index] = input[index] ^ UInt8(truncatingIfNeeded: tail)
            tail >>= 8
            index &+= 1
        }
    }
}
