/// What a peer did wrong on a WebSocket, with the status code that the close frame tells (RFC 6455, section 7.4.1).
enum WebSocketFault: UInt16, Error, Sendable, Equatable {
    /// 1002: an illegal frame.
    case protocolError = 1002
    /// 1007: text that is not UTF-8.
    case invalidUTF8 = 1007
    /// 1008: more fragments than a message may have.
    case tooManyFragments = 1008
    /// 1009: a message larger than allowed.
    case messageTooBig = 1009
}
