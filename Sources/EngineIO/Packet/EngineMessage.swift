package import NIOCore

/// An application message of Engine.IO: what crosses the boundary to the layer above, in both directions.
package enum EngineMessage: Sendable, Equatable {
    /// Valid UTF-8.
    case text(ByteBuffer)
    case binary(ByteBuffer)

    /// The size of the payload in bytes.
    package var byteCount: Int {
        switch self {
        case .text(let payload), .binary(let payload): payload.readableBytes
        }
    }
}
