internal import NIOCore

#if canImport(Glibc)
    internal import Glibc
#elseif canImport(Musl)
    internal import Musl
#endif

/// The system's socket under a channel, to write past the channel while nothing waits in it.
///
/// A frame for a thousand receivers costs a thousand writes; the way through the channel costs more than the system
/// call. What must hold, and what it gives: docs/decisions/0028-frames-past-the-channel.md.
struct SocketDescriptor {
    private let number: CInt

    /// The descriptor of a channel that is open; nil for one that is no socket.
    ///
    /// The channel keeps owning it: whoever holds this must let go of it when the channel becomes inactive, because
    /// the system gives the number to the next connection.
    init?(of channel: any Channel) {
        let number = try? channel.pipeline.syncOperations.withUnsafeTransportIfAvailable(
            of: NIOBSDSocket.Handle.self
        ) { $0 }
        guard let number, number >= 0 else { return nil }
        self.number = number
    }

    /// Takes off the front of `bytes` what the system accepts at once: all, some or nothing.
    ///
    /// Errors are not told: the channel meets them again with the bytes that are left.
    func send(_ bytes: inout ByteBuffer) {
        let sent = bytes.withUnsafeReadableBytes { Self.send(number, $0.baseAddress, $0.count, Self.flags) }
        if sent > 0 { bytes.moveReaderIndex(forwardBy: sent) }
    }

    /// Whose peer is gone gets an error, not a signal.
    private static var flags: CInt { CInt(MSG_NOSIGNAL) }

    private static func send(_ socket: CInt, _ bytes: UnsafeRawPointer?, _ count: Int, _ flags: CInt) -> Int {
        #if canImport(Glibc)
            Glibc.send(socket, bytes, count, flags)
        #elseif canImport(Musl)
            Musl.send(socket, bytes, count, flags)
        #endif
    }
}
