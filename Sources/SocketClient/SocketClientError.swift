package import SocketIO

/// Why a client has no connection or no answer.
package struct SocketClientError: Error, Sendable, Equatable {
    package enum Code: String, Sendable {
        /// The server did not accept the WebSocket upgrade.
        case notUpgraded
        /// CONNECT_ERROR; `data` is its payload, `{message, data?}`.
        case refused
        /// The peer sent what is no packet of the protocol.
        case protocolViolation
        /// The connection ended before an answer came.
        case disconnected
        /// No answer in time.
        case timeout
    }

    package var code: Code
    package var message: String
    package var data: JSONValue?

    package init(_ code: Code, _ message: String, data: JSONValue? = nil) {
        self.code = code
        self.message = message
        self.data = data
    }
}
