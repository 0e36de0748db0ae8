package import NIOCore

/// Writes the pieces of a streamed answer.
package struct FallbackBodyWriter: Sendable {
    let writePiece: @Sendable (ByteBuffer) async throws -> Void

    init(writePiece: @escaping @Sendable (ByteBuffer) async throws -> Void) {
        self.writePiece = writePiece
    }

    /// Writes one piece and returns once the connection takes more; throws when the client is gone.
    package func write(_ piece: ByteBuffer) async throws {
        try await writePiece(piece)
    }
}
