internal import Crypto
internal import EngineIO
internal import NIOCore
internal import NIOHTTP1

/// The opening handshake of a WebSocket: RFC 6455, section 4.2.
struct WebSocketHandshake: Sendable {
    enum Flaw: Error, Sendable, Equatable {
        case method
        case version
        case malformed

        var status: HTTPResponseStatus {
            switch self {
            case .method: .methodNotAllowed
            case .version: .upgradeRequired
            case .malformed: .badRequest
            }
        }

        var text: String {
            switch self {
            case .method: "Method Not Allowed"
            case .version: "Upgrade Required"
            case .malformed: "Bad Request"
            }
        }
    }

    private let key: String
    /// The first subprotocol offered, which is echoed: browsers fail without.
    private let subprotocol: String?

    init(_ head: HTTPRequestHead) throws(Flaw) {
        guard head.method == .GET else { throw .method }
        guard head.version.isPersistent else { throw .malformed }
        let versions = head.headers["sec-websocket-version"]
        guard versions.count == 1, versions[0] == "13" else { throw .version }
        let keys = head.headers["sec-websocket-key"]
        guard keys.count == 1, Self.isKey(keys[0]) else { throw .malformed }
        key = keys[0]
        guard let offers = head.headers["sec-websocket-protocol"].first else {
            subprotocol = nil
            return
        }
        let first = offers.prefix { $0 != "," }.trimmingBlanks
        guard !first.isEmpty, first.utf8.allSatisfy(Self.isTokenByte) else { throw .malformed }
        subprotocol = String(first)
        // `Sec-WebSocket-Extensions` will be read here once permessage-deflate is offered; until then none is accepted.
    }

    /// Whether the request asks for a WebSocket at all.
    static func isWanted(_ headers: HTTPHeaders) -> Bool {
        headers[canonicalForm: "upgrade"].contains { $0.lowercased() == "websocket" }
            && headers[canonicalForm: "connection"].contains { $0.lowercased() == "upgrade" }
    }

    /// The 101 answer, with `extra` headers.
    func answer(extra: HTTPHeaders) -> ByteBuffer {
        var buffer = ByteBufferAllocator().buffer(capacity: 256)
        buffer.writeStaticString(
            "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: ")
        buffer.writeString(accept)
        buffer.writeStaticString("\r\n")
        if let subprotocol {
            buffer.writeStaticString("Sec-WebSocket-Protocol: ")
            buffer.writeString(subprotocol)
            buffer.writeStaticString("\r\n")
        }
        for (name, value) in extra { buffer.writeString("\(name): \(value)\r\n") }
        buffer.writeStaticString("\r\n")
        return buffer
    }

    /// The value of `Sec-WebSocket-Accept`.
    var accept: String {
        var hash = Insecure.SHA1()
        hash.update(data: Array((key + "258EAFA5-E914-47DA-95CA-C5AB0DC85B11").utf8))
        var text = ByteBuffer()
        Base64.encode(ByteBuffer(bytes: hash.finalize()), into: &text)
        return String(buffer: text)
    }

    /// Sixteen bytes in base64.
    private static func isKey(_ text: String) -> Bool {
        text.utf8.count == 24 && Base64.decode(ByteBuffer(string: text))?.readableBytes == 16
    }

    private static func isTokenByte(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "a")...UInt8(ascii: "z"):
            true
        default: "!#$%&'*+-.^_`|~".utf8.contains(byte)
        }
    }
}
