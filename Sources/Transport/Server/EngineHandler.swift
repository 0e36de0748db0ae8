package import NIOCore

// Seam: what Transport tells the layer above, always on the session's home event loop.

/// An application message of Engine.IO, as it crosses the boundary between the two protocols.
package enum EngineMessage: Sendable, Equatable {
    /// Valid UTF-8.
    case text(ByteBuffer)
    case binary(ByteBuffer)
}
