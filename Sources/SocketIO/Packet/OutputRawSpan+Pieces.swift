internal import NIOCore

// Small pieces one behind the other into memory that a buffer lends: one access to the buffer for all of them. Of what a
// packet cost to encode, half was asking the buffer anew for each bracket and comma (docs/performance.md).

extension OutputRawSpan {
    mutating func append(_ byte: UInt8) { self.append(byte, as: UInt8.self) }

    mutating func append(_ bytes: ByteBuffer) {
        let source = bytes.readableBytesSpan
        self.append(source)
    }

    mutating func append(_ text: String) {
        let source = text.utf8.span.bytes
        self.append(source)
    }

    mutating func append(decimal value: UInt64) {
        var divisor: UInt64 = 1
        while value / divisor >= 10 { divisor *= 10 }
        while divisor > 0 {
            self.append(UInt8(ascii: "0") &+ UInt8(truncatingIfNeeded: value / divisor % 10))
            divisor /= 10
        }
    }

    private mutating func append(_ source: borrowing RawSpan) {
        let length = source.byteCount
        precondition(length <= self.freeCapacity)
        guard length > 0 else { return }
        self.withUnsafeMutableBytes { memory, count in
            source.withUnsafeBytes { source in
                UnsafeMutableRawBufferPointer(rebasing: memory[count...]).copyMemory(from: source)
            }
            count += length
        }
    }
}
