package import NIOCore

/// Takes the body of a POST apart: packets in text form, separated by U+001E (revision 4).
///
/// The packets come one by one, so that those before a bad one are processed. The whole body is checked for UTF-8 and
/// for the number of packets first, and refused as a whole.
package struct PayloadDecoder: Sendable {
    /// Most packets of one payload.
    package static let maximumPackets = 16_384
    /// The byte between two packets.
    package static let separator: UInt8 = 0x1E

    private var rest: ByteBuffer
    private var isFinished = false

    /// - Throws: ``PacketError/invalidUTF8`` or ``PacketError/tooManyPackets``.
    package init(_ body: ByteBuffer, maximumPackets: Int = Self.maximumPackets) throws(PacketError) {
        guard UTF8Validator.isValid(body) else { throw .invalidUTF8 }
        var count = 1
        for byte in body.readableBytesView where byte == Self.separator {
            count += 1
            guard count <= maximumPackets else { throw .tooManyPackets }
        }
        rest = body
    }

    /// The next packet; nil after the last.
    package mutating func next() throws(PacketError) -> EnginePacket? {
        guard !isFinished else { return nil }
        let view = rest.readableBytesView
        guard let separator = view.firstIndex(of: Self.separator) else {
            isFinished = true
            return try EnginePacket(text: rest)
        }
        guard let part = rest.readSlice(length: separator - view.startIndex) else { return nil }
        rest.moveReaderIndex(forwardBy: 1)
        return try EnginePacket(text: part)
    }
}
