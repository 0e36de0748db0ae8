internal import EngineIO
internal import Foundation
internal import NIOCore
internal import SocketIO
internal import SocketServer
internal import Transport

/// What a connection is, and how it ends.
enum ConnectionEvents {
    static func register(on namespace: Namespace) {
        namespace.inLoop.on("handshake") { socket, event in event.ack?(self.describe(socket)) }
        namespace.inLoop.on("disconnect-me") { socket, event in
            socket.disconnect(close: (try? event.arguments.splitFirst())?.first.bool ?? false)
        }
        namespace.inLoop.on("close-transport") { socket, _ in socket.closeTransport() }
    }

    /// The handshake in the shape that Node's applications see.
    private static func describe(_ socket: Socket) -> JSONValue {
        let handshake = socket.handshake
        return [
            "query": self.object(handshake.query),
            "auth": (try? socket.decodeAuth()) ?? .null,
            "headers": self.object(handshake.headers),
            "url": .string(handshake.url),
            "address": .string(handshake.remoteAddress),
            "secure": .bool(handshake.isSecure),
            "xdomain": .bool(handshake.isCrossDomain),
            "time": .string(Date(timeIntervalSince1970: Double(socket.issued) / 1000).formatted(.iso8601)),
            "issued": .int(socket.issued),
        ]
    }

    /// Later values win, as in Node.
    private static func object(_ pairs: [(name: String, value: String)]) -> JSONValue {
        var object = JSONObject()
        for (name, value) in pairs { object[name] = .string(value) }
        return .object(object)
    }
}
