/// A transport that an Engine.IO session can use over HTTP/1, by its name in the query parameter `transport`.
package enum TransportName: UInt8, Sendable, Equatable, CaseIterable {
    case polling
    case webSocket

    /// Reads the value of the query parameter `transport`; names are case-sensitive.
    package init?(queryValue: Span<UInt8>) {
        if queryValue.equals("polling") {
            self = .polling
        } else if queryValue.equals("websocket") {
            self = .webSocket
        } else {
            return nil
        }
    }

    /// The name on the wire and in the layer above.
    package var name: StaticString {
        switch self {
        case .polling: "polling"
        case .webSocket: "websocket"
        }
    }
}
