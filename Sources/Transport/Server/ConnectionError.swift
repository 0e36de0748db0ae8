package import EngineIO
internal import NIOCore
internal import NIOHTTP1

/// A request that an engine refused: what the Node server emits as `connection_error`.
///
/// ``EngineHandler/refused(_:)`` is told of each, for logs and counters; the client has its answer anyway.
package struct ConnectionError: Error, Sendable {
    /// The request.
    package let request: EngineRequest
    /// What was wrong with it.
    package let cause: Cause

    /// The number that the client is told.
    package var code: EngineError { cause.code }

    /// The text that the client is told.
    package var message: String {
        if case .forbidden(let rejection) = cause, let message = rejection.message { return message }
        return code.message
    }

    /// What was wrong with a request, as precisely as the server knows. All texts are the client's, at most as long as a
    /// request line.
    package enum Cause: Error, Sendable, Equatable {
        /// `transport` names none that is enabled; the value as decoded, nil where there is none.
        case unknownTransport(String?)
        /// `sid` is unknown here, or over. It may be a session of another server: not for logs in full.
        case unknownSession(String)
        /// A handshake by another method than GET.
        case badHandshakeMethod(String)
        /// A request of a session by another method than GET and POST.
        case badSessionMethod(String)
        /// `Origin` has characters that no header may have, or far too many.
        case invalidOrigin(String)
        /// `EIO`, `sid` or `transport` is there twice.
        case repeatedParameter
        /// A request of a session by a transport that the session no longer, or not yet, uses.
        case transportMismatch(requested: TransportName, current: TransportName)
        /// `EIO` is another one than in the session's handshake; the value, nil where there is none.
        case revisionMismatch(String?)
        /// A WebSocket's handshake breaks RFC 6455; what the client is told.
        case badWebSocketHandshake(String)
        /// The CORS policy does not want this origin here.
        case forbiddenOrigin(String?)
        /// The layer above does not want this session.
        case forbidden(Rejection)
        /// `EIO` names no revision that is enabled; the value, nil where there is none.
        case unsupportedRevision(String?)

        package var code: EngineError {
            switch self {
            case .unknownTransport: .transportUnknown
            case .unknownSession: .sessionUnknown
            case .badHandshakeMethod: .badHandshakeMethod
            case .badSessionMethod, .invalidOrigin, .repeatedParameter, .transportMismatch, .revisionMismatch,
                .badWebSocketHandshake:
                .badRequest
            case .forbiddenOrigin, .forbidden: .forbidden
            case .unsupportedRevision: .unsupportedProtocolVersion
            }
        }
    }

    /// The cause in the shape of Node's `context`: `name` tells the kinds of code 3 apart, and the names that Node has for
    /// them are the same here.
    package var context: [String: String] {
        switch cause {
        case .unknownTransport(let transport): ["transport": transport].compactMapValues(\.self)
        case .unknownSession(let id): ["sid": id]
        case .badHandshakeMethod(let method): ["method": method]
        case .badSessionMethod(let method): ["name": "BAD_METHOD", "method": method]
        case .invalidOrigin(let origin): ["name": "INVALID_ORIGIN", "origin": origin]
        case .repeatedParameter: ["name": "REPEATED_PARAMETER"]
        case .transportMismatch(let requested, let current):
            ["name": "TRANSPORT_MISMATCH", "transport": "\(requested.name)", "previousTransport": "\(current.name)"]
        case .revisionMismatch(let protocolName):
            ["name": "PROTOCOL_MISMATCH", "protocol": protocolName].compactMapValues(\.self)
        case .badWebSocketHandshake(let flaw): ["name": "TRANSPORT_HANDSHAKE_ERROR", "error": flaw]
        case .forbiddenOrigin(let origin): ["message": message, "origin": origin].compactMapValues(\.self)
        case .forbidden: ["message": message]
        case .unsupportedRevision(let protocolName): ["protocol": protocolName].compactMapValues(\.self)
        }
    }
}

extension ConnectionError: CustomStringConvertible {
    /// For logs: number, text and kind, and nothing that the client wrote.
    package var description: String {
        let kind = code == .badRequest ? context["name"].map { " (\($0))" } ?? "" : ""
        return "\(code.rawValue) \(code.message)\(kind)"
    }
}

/// A request that an engine was asked, whatever became of it.
package struct EngineRequest: Sendable {
    /// The peer's IP address, without port.
    package let remoteAddress: String
    /// Whether the request came over TLS.
    package let isSecure: Bool
    private let head: HTTPRequestHead

    init(_ head: HTTPRequestHead, remoteAddress: String, isSecure: Bool) {
        self.head = head
        self.remoteAddress = remoteAddress
        self.isSecure = isSecure
    }

    /// `GET` and the like.
    package var method: String { head.method.rawValue }

    /// Path and query as sent.
    package var url: String { head.uri }

    /// All headers, names in lower case, in the order of the request; repeated ones are repeated.
    package var headers: [(name: String, value: String)] {
        head.headers.map { ($0.name.lowercased(), $0.value) }
    }

    /// The first value of a header.
    package func header(_ name: String) -> String? { head.headers.first(name: name) }

    /// All query parameters in order, decoded.
    package var query: [(name: String, value: String)] { Array(QueryParameters(target: url)) }
}
