package import NIOCore

/// Joins packets with their attachments: one per connection.
///
/// Holds at most ``PacketLimits/attachments`` buffers of ``PacketLimits/attachmentBytes`` bytes together, and at most
/// for ``PacketLimits/reassemblyTime``.
package struct PacketReassembler: Sendable {
    private struct Partial {
        var packet: SocketPacket
        var owed: Int
        var bytes = 0
        var deadline: NIODeadline
    }

    private var partial: Partial?
    private let limits: PacketLimits
    private let codec: PacketCodec

    package init(limits: PacketLimits = PacketLimits(), codec: PacketCodec = .text) {
        self.limits = limits
        self.codec = codec
    }

    /// When the attachments that are owed must be here; nil when none are.
    package var deadline: NIODeadline? { self.partial?.deadline }

    /// The packet whose attachments are owed, with those that came, and their bytes so far.
    package var pending: (packet: SocketPacket, bytes: Int)? {
        self.partial.map { ($0.packet, $0.packet.arguments.byteCount) }
    }

    /// Takes a text message; returns its packet unless attachments must follow. Only then is the time asked for.
    package mutating func receiveText(
        _ text: ByteBuffer, now: @autoclosure () -> NIODeadline
    ) throws(PacketError) -> SocketPacket? {
        guard self.codec == .text else { throw .textInsteadOfBinary }
        guard self.partial == nil else { throw .textInsteadOfAttachment }
        let header = try PacketDecoder.decode(text, limits: self.limits)
        guard header.attachments > 0 else { return header.packet }
        self.partial = Partial(
            packet: header.packet, owed: header.attachments, deadline: now() + self.limits.reassemblyTime)
        return nil
    }

    /// Takes a binary message; returns the packet that it completes.
    package mutating func receiveBinary(
        _ bytes: ByteBuffer, now: NIODeadline
    ) throws(PacketError) -> SocketPacket? {
        guard self.codec == .text else { return try MessagePackCodec.decode(bytes, limits: self.limits) }
        guard var partial = self.partial.take() else { throw .unexpectedAttachment }
        guard now < partial.deadline else { throw .reassemblyTimeout }
        partial.bytes += bytes.readableBytes
        guard partial.bytes <= self.limits.attachmentBytes else { throw .attachmentsTooLarge }
        partial.packet.arguments.attachments.append(bytes)
        partial.owed -= 1
        guard partial.owed > 0 else { return partial.packet }
        self.partial = partial
        return nil
    }
}
