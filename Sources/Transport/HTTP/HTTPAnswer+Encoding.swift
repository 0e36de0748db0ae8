internal import NIOCore
internal import NIOHTTP1

extension HTTPAnswer {
    /// Bodies up to this size are copied behind their head, so that an answer is one write.
    private static let maxCopiedBody = 32_768

    /// What only the connection knows about an answer.
    struct Framing {
        var version: HTTPVersion
        var isHead: Bool
        /// The last answer of its connection.
        var isLast: Bool
        /// Headers of the request's own: CORS.
        var extraHeaders: [(String, String)]
        /// How `body` is compressed.
        var coding: ContentCoding?
    }

    /// The bytes on the wire: head and body in one buffer, or the body by itself where copying it would cost more than
    /// a second entry in the same system call.
    func encoded(_ framing: Framing) -> (head: ByteBuffer, body: ByteBuffer?) {
        let hasBody = !framing.isHead && body.readableBytes > 0
        let isCopied = hasBody && body.readableBytes <= Self.maxCopiedBody
        var buffer = ByteBufferAllocator().buffer(capacity: 256 + (isCopied ? body.readableBytes : 0))
        writeStatusLine(framing.version, into: &buffer)
        buffer.writeStaticString(fixedHeaders)
        for (name, value) in headers where !isReplaced(name, framing) { Self.write(name, value, into: &buffer) }
        for (name, value) in framing.extraHeaders { Self.write(name, value, into: &buffer) }
        if let coding = framing.coding { Self.write("Content-Encoding", coding.rawValue, into: &buffer) }
        if status.mayHaveResponseBody, !(framing.isHead && headers.contains(name: "Content-Length")) {
            buffer.writeStaticString("Content-Length: ")
            buffer.writeString(String(body.readableBytes))
            buffer.writeStaticString("\r\n")
        }
        if framing.isLast {
            buffer.writeStaticString("Connection: close\r\n")
        } else if !framing.version.isPersistent {
            buffer.writeStaticString("Connection: keep-alive\r\n")
        }
        buffer.writeStaticString("\r\n")
        guard hasBody else { return (buffer, nil) }
        guard isCopied else { return (buffer, body) }
        buffer.writeImmutableBuffer(body)
        return (buffer, nil)
    }

    /// Headers that the connection decides about.
    private func isReplaced(_ name: String, _ framing: Framing) -> Bool {
        switch name.utf8.count {
        case 10: name.lowercased() == "connection"
        case 14: !framing.isHead && name.lowercased() == "content-length"
        default: false
        }
    }

    private func writeStatusLine(_ version: HTTPVersion, into buffer: inout ByteBuffer) {
        if status == .ok, version.isPersistent {
            buffer.writeStaticString("HTTP/1.1 200 OK\r\n")
            return
        }
        // A 1.0 client gets a 1.0 status line.
        buffer.writeStaticString(version.isPersistent ? "HTTP/1.1 " : "HTTP/1.0 ")
        buffer.writeString("\(status.code) \(status.reasonPhrase)\r\n")
    }

    /// Some values come from requests or applications: none may begin a line of its own.
    private static func write(_ name: String, _ value: String, into buffer: inout ByteBuffer) {
        guard name.utf8.allSatisfy(HTTPToken.isTokenByte),
            value.utf8.allSatisfy({ $0 >= 0x20 && $0 != 0x7F || $0 == 0x09 })
        else { return }
        buffer.writeString(name)
        buffer.writeStaticString(": ")
        buffer.writeString(value)
        buffer.writeStaticString("\r\n")
    }
}
