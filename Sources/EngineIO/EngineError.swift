package import NIOCore

/// The numbered refusals of Engine.IO, with the exact texts that clients know.
///
/// Source: `engine.io/lib/server.ts`, `Server.errors` and `Server.errorMessages`.
package enum EngineError: Int, Error, Sendable, Equatable, CaseIterable {
    case transportUnknown = 0
    case sessionUnknown = 1
    case badHandshakeMethod = 2
    case badRequest = 3
    case forbidden = 4
    case unsupportedProtocolVersion = 5

    package var message: String {
        switch self {
        case .transportUnknown: "Transport unknown"
        case .sessionUnknown: "Session ID unknown"
        case .badHandshakeMethod: "Bad handshake method"
        case .badRequest: "Bad request"
        case .forbidden: "Forbidden"
        case .unsupportedProtocolVersion: "Unsupported protocol version"
        }
    }

    /// The HTTP status of a refused polling request.
    package var status: Int { self == .forbidden ? 403 : 400 }

    /// The body of a refused polling request: `{"code":N,"message":"…"}` in this order of keys.
    ///
    /// - Parameter message: replaces the standard text, as the string that `allowRequest` may give does in Node.
    package func body(message: String? = nil) -> ByteBuffer {
        var buffer = ByteBuffer()
        buffer.writeString("{\"code\":\(rawValue),\"message\":")
        buffer.writeJSONString((message ?? self.message).utf8)
        buffer.writeInteger(UInt8(ascii: "}"))
        return buffer
    }
}
