package import SocketIO
internal import Transport

extension Socket {
    /// The request that started the connection, in the shape that applications of the Node server see: `headers` (names
    /// in lower case), `time`, `address`, `xdomain`, `secure`, `issued`, `url`, `query` and `auth`.
    package var describedHandshake: JSONValue {
        let handshake = self.handshake
        return [
            "headers": Self.object(handshake.headers),
            "time": JSONValue(ISODate.text(self.issued)),
            "address": .string(handshake.remoteAddress),
            "xdomain": .bool(handshake.isCrossDomain),
            "secure": .bool(handshake.isSecure),
            "issued": .int(self.issued),
            "url": .string(handshake.url),
            "query": Self.object(handshake.query),
            "auth": (try? self.decodeAuth()) ?? .null,
        ]
    }

    /// Later values win, as in Node.
    private static func object(_ pairs: [(name: String, value: String)]) -> JSONValue {
        var object = JSONObject()
        for (name, value) in pairs { object[name] = .string(value) }
        return .object(object)
    }
}
