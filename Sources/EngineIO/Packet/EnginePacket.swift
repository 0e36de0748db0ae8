package import NIOCore

/// One Engine.IO packet.
///
/// Small enough (24 bytes, tested) to move through containers and pipelines without a heap allocation. Data on packets
/// that carry none by protocol is dropped while parsing, as in Node; a ping remembers only whether it was a probe.
package enum EnginePacket: Sendable, Equatable {
    /// `0` with the JSON of the handshake.
    case open(ByteBuffer)
    /// `1`
    case close
    /// `2`, or `2probe` on a candidate transport.
    case ping(probe: Bool)
    /// `3`, or `3probe` on a candidate transport.
    case pong(probe: Bool)
    /// `4` with text, or `b`/a binary frame with bytes.
    case message(EngineMessage)
    /// `5`
    case upgrade
    /// `6`
    case noop
}
