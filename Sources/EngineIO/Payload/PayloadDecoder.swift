package import NIOCore

/// Takes the body of a POST apart, packet by packet, so that those before a bad one are processed.
///
/// | form | packets |
/// |---|---|
/// | revision 4 | text forms, separated by U+001E |
/// | revision 3, text | `<UTF-16 length>:<text form>` |
/// | revision 3, bytes | a byte 0 (text) or 1 (binary), the length in bytes as decimal digits 0...9, FF, the packet |
///
/// A body that must be text is checked for UTF-8 first, and refused as a whole.
package struct PayloadDecoder: Sendable {
    /// Most packets of one payload.
    package static let maximumPackets = 16_384
    /// The byte between two packets of revision 4.
    package static let separator: UInt8 = 0x1E
    /// The byte between length and packet in a payload of bytes.
    static let lengthEnd: UInt8 = 0xFF
    /// Digits of a length: more than any body that is ever taken.
    private static let maximumDigits = 10

    private enum Framing {
        case separated
        case counted
        case binary
    }

    private var rest: ByteBuffer
    private let framing: Framing
    private let revision: Revision
    /// Packets that may still come.
    private var allowance: Int
    private var isFinished = false

    /// - Parameters:
    ///   - form: the form of the session's polling transport.
    ///   - isBinary: whether the body is a payload of bytes, which ``WireForm/takesBinaryPayloads`` must allow.
    /// - Throws: ``PacketError/invalidUTF8``, ``PacketError/empty`` or ``PacketError/tooManyPackets``.
    package init(
        _ body: ByteBuffer, form: WireForm, isBinary: Bool = false, maximumPackets: Int = Self.maximumPackets
    ) throws(PacketError) {
        rest = body
        revision = form.revision
        allowance = maximumPackets
        switch (form.revision, form.callback) {
        case (.v4, _):
            framing = .separated
        case (.v3, nil):
            framing = isBinary ? .binary : .counted
        case (.v3, .some):
            framing = .counted
            guard let payload = ScriptForm.payload(ofForm: body) else { throw .empty }
            rest = payload
        }
        guard framing == .binary || UTF8Validator.isValid(rest) else { throw .invalidUTF8 }
        switch framing {
        case .separated:
            var count = 1
            for byte in rest.readableBytesView where byte == Self.separator {
                count += 1
                guard count <= maximumPackets else { throw .tooManyPackets }
            }
        case .counted, .binary:
            guard rest.readableBytes > 0 else { throw .empty }
        }
    }

    /// The next packet; nil after the last.
    package mutating func next() throws(PacketError) -> EnginePacket? {
        switch framing {
        case .separated: return try nextSeparated()
        case .counted: return try nextCounted()
        case .binary: return try nextBinary()
        }
    }

    private mutating func nextSeparated() throws(PacketError) -> EnginePacket? {
        guard !isFinished else { return nil }
        let view = rest.readableBytesView
        guard let separator = view.firstIndex(of: Self.separator) else {
            isFinished = true
            return try EnginePacket(text: rest, revision: revision)
        }
        guard let part = rest.readSlice(length: separator - view.startIndex) else { return nil }
        rest.moveReaderIndex(forwardBy: 1)
        return try EnginePacket(text: part, revision: revision)
    }

    private mutating func nextCounted() throws(PacketError) -> EnginePacket? {
        guard rest.readableBytes > 0 else { return nil }
        try takeAllowance()
        let length = try readLength(digits: 0x30...0x39, end: UInt8(ascii: ":"))
        guard let part = rest.readText(utf16Length: length) else { throw .invalidLength }
        return try EnginePacket(text: part, revision: revision)
    }

    private mutating func nextBinary() throws(PacketError) -> EnginePacket? {
        guard let kind = rest.readInteger(as: UInt8.self) else { return nil }
        try takeAllowance()
        guard kind <= 1 else { throw .unknownType }
        let length = try readLength(digits: 0...9, end: Self.lengthEnd)
        guard let part = rest.readSlice(length: length) else { throw .invalidLength }
        guard kind == 0 else { return try EnginePacket(binary: part, revision: revision) }
        guard UTF8Validator.isValid(part) else { throw .invalidUTF8 }
        return try EnginePacket(text: part, revision: revision)
    }

    private mutating func takeAllowance() throws(PacketError) {
        guard allowance > 0 else { throw .tooManyPackets }
        allowance -= 1
    }

    /// Reads a decimal number and the byte that ends it.
    private mutating func readLength(digits: ClosedRange<UInt8>, end: UInt8) throws(PacketError) -> Int {
        var length = 0
        for _ in 0...Self.maximumDigits {
            guard let byte = rest.readInteger(as: UInt8.self) else { throw .invalidLength }
            guard byte != end else {
                guard length > 0 else { throw .invalidLength }
                return length
            }
            guard digits.contains(byte) else { throw .invalidLength }
            length = length * 10 + Int(byte - digits.lowerBound)
        }
        throw .invalidLength
    }
}
