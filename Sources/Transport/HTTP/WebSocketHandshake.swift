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
    /// What was agreed on about compression; nil for none.
    let deflate: DeflateAgreement?

    /// - Parameter deflate: the server's settings of permessage-deflate; nil declines every offer.
    /// - Throws: what is wrong, in the order in which it is looked for. Lists of subprotocols and of extensions are read to
    ///   their end, whether or not anything of them is wanted.
    init(_ head: HTTPRequestHead, deflate options: PerMessageDeflate? = nil) throws(Flaw) {
        guard head.method == .GET else { throw .method }
        guard head.version.isPersistent else { throw .malformed }
        let versions = head.headers["sec-websocket-version"]
        guard versions.count == 1, versions[0] == "13" else { throw .version }
        let keys = head.headers["sec-websocket-key"]
        guard keys.count == 1, Self.isKey(keys[0]) else { throw .malformed }
        key = keys[0]
        subprotocol = try Self.firstSubprotocol(head.headers)
        let offers = try Self.extensionOffers(head.headers)
        deflate = options.flatMap { DeflateAgreement.choose(offers, options: $0) }
    }

    private static func firstSubprotocol(_ headers: HTTPHeaders) throws(Flaw) -> String? {
        var chosen: Substring?
        for header in headers["sec-websocket-protocol"] {
            for item in header.split(separator: ",", omittingEmptySubsequences: false) {
                let offer = item.trimmingBlanks
                guard !offer.isEmpty, offer.utf8.allSatisfy(HTTPToken.isTokenByte) else { throw .malformed }
                chosen = chosen ?? offer
            }
        }
        return chosen.map(String.init)
    }

    private static func extensionOffers(_ headers: HTTPHeaders) throws(Flaw) -> [WebSocketExtensionOffer] {
        var offers: [WebSocketExtensionOffer] = []
        do throws(WebSocketExtensionOffer.Malformed) {
            for header in headers["sec-websocket-extensions"] {
                offers += try WebSocketExtensionOffer.parse(header)
            }
        } catch {
            throw .malformed
        }
        return offers
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
        if let deflate {
            buffer.writeStaticString("Sec-WebSocket-Extensions: ")
            buffer.writeString(deflate.headerValue)
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
}
