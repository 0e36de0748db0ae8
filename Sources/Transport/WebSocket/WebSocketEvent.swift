internal import EngineIO
internal import NIOCore

/// What a ``WebSocketDecoder`` found.
enum WebSocketEvent: Sendable, Equatable {
    /// A whole message, reassembled and, for text, checked.
    case message(EngineMessage)
    /// A whole message as its sender compressed it, reassembled.
    case compressed(ByteBuffer, isText: Bool)
    case ping(ByteBuffer)
    case pong
    /// A close frame; nil when it carries no status code.
    case close(code: UInt16?)
}
