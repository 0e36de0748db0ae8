internal import NIOCore

/// The query behind a namespace's name, as clients of ``Dialect/revision4`` send their credentials: `/chat?token=x`.
enum ConnectQuery {
    /// Most parameters of one query; looking one up is linear.
    static let maximumParameters = 64

    /// The name alone, and the query as the JSON object that later clients send instead: strings by name, of repeated
    /// ones the last. Empty without a query.
    ///
    /// - Throws: ``PacketError/invalidQuery`` for an escape that is none, bytes that are no UTF-8, or too many
    ///   parameters.
    static func split(_ namespace: String) throws(PacketError) -> (name: String, data: ByteBuffer) {
        let bytes = namespace.utf8
        guard let mark = bytes.firstIndex(of: UInt8(ascii: "?")) else { return (namespace, ByteBuffer()) }
        let pairs = bytes[bytes.index(after: mark)...].split(separator: UInt8(ascii: "&"))
        guard pairs.count <= self.maximumParameters else { throw .invalidQuery }
        var query = JSONObject()
        for pair in pairs {
            let equals = pair.firstIndex(of: UInt8(ascii: "=")) ?? pair.endIndex
            query[try self.decode(pair[..<equals])] = .string(try self.decode(pair[equals...].dropFirst()))
        }
        let name = String(namespace[..<mark])
        guard !query.members.isEmpty else { return (name, ByteBuffer()) }
        return (name, JSONValue.object(query).encoded())
    }

    /// The name alone.
    static func name(of namespace: String) -> String {
        let bytes = namespace.utf8
        return bytes.firstIndex(of: UInt8(ascii: "?")).map { String(namespace[..<$0]) } ?? namespace
    }

    private static func decode(_ text: Substring.UTF8View) throws(PacketError) -> String {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(text.count)
        var rest = text
        while let byte = rest.popFirst() {
            switch byte {
            case UInt8(ascii: "+"):
                bytes.append(UInt8(ascii: " "))
            case UInt8(ascii: "%"):
                guard let high = rest.popFirst().flatMap(self.hexValue),
                    let low = rest.popFirst().flatMap(self.hexValue)
                else { throw .invalidQuery }
                bytes.append(high << 4 | low)
            default:
                bytes.append(byte)
            }
        }
        guard let decoded = String(validating: bytes, as: UTF8.self) else { throw .invalidQuery }
        return decoded
    }

    private static func hexValue(_ byte: UInt8) -> UInt8? {
        switch byte {
        case UInt8(ascii: "0")...UInt8(ascii: "9"): byte - UInt8(ascii: "0")
        case UInt8(ascii: "a")...UInt8(ascii: "f"): byte - UInt8(ascii: "a") + 10
        case UInt8(ascii: "A")...UInt8(ascii: "F"): byte - UInt8(ascii: "A") + 10
        default: nil
        }
    }
}
