package import NIOCore

/// Joins packets to the body of a poll's answer: text forms, separated by U+001E (revision 4).
package struct PayloadEncoder: Sendable {
    /// Most packets of one answer: clients built on python-engineio accept no more.
    package static let maximumPackets = 16

    /// The body with the given packets, which the caller has counted.
    package static func encode(_ packets: some Collection<EnginePacket>) -> ByteBuffer {
        var body = ByteBufferAllocator().buffer(
            capacity: packets.reduce(packets.count) { $0 + $1.textLength })
        var isFirst = true
        for packet in packets {
            if !isFirst { body.writeInteger(PayloadDecoder.separator) }
            isFirst = false
            packet.writeText(into: &body)
        }
        return body
    }
}
