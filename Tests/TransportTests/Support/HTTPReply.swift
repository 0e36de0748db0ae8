import NIOCore

/// An HTTP answer, taken off a stream of bytes.
struct HTTPReply: Sendable {
    var status: Int
    var headers: [(name: String, value: String)]
    var body: ByteBuffer

    var text: String { String(buffer: body) }

    subscript(name: String) -> String? {
        headers.first { $0.name == name.lowercased() }?.value
    }

    func all(_ name: String) -> [String] {
        headers.filter { $0.name == name.lowercased() }.map(\.value)
    }

    struct Malformed: Error {}

    /// The reply at the start of `bytes`; nil until it is complete. Understands `Content-Length` and chunks.
    static func parse(_ bytes: inout ByteBuffer) throws -> HTTPReply? {
        let view = bytes.readableBytesView
        guard let end = view.firstRange(of: Array("\r\n\r\n".utf8)) else { return nil }
        let head = String(decoding: view[..<end.lowerBound], as: UTF8.self).split(separator: "\r\n")
        guard let first = head.first?.split(separator: " "), first.count >= 2, let status = Int(first[1]) else {
            throw Malformed()
        }
        let headers = head.dropFirst().map { line in
            let parts = line.split(separator: ":", maxSplits: 1)
            return (
                name: parts[0].lowercased(),
                value: parts.count == 2 ? String(parts[1].drop { $0 == " " }) : ""
            )
        }
        var reply = HTTPReply(status: status, headers: headers, body: ByteBuffer())
        var rest = bytes
        rest.moveReaderIndex(to: end.upperBound)
        if reply["transfer-encoding"] == "chunked" {
            while true {
                let view = rest.readableBytesView
                guard let line = view.firstRange(of: Array("\r\n".utf8)) else { return nil }
                guard let size = Int(String(decoding: view[..<line.lowerBound], as: UTF8.self), radix: 16) else {
                    throw Malformed()
                }
                rest.moveReaderIndex(to: line.upperBound)
                guard let chunk = rest.readSlice(length: size), rest.readSlice(length: 2) != nil else { return nil }
                if size == 0 { break }
                reply.body.writeImmutableBuffer(chunk)
            }
        } else {
            let length = reply["content-length"].flatMap { Int($0) } ?? 0
            guard let body = rest.readSlice(length: length) else { return nil }
            reply.body = body
        }
        bytes = rest
        return reply
    }
}

extension RawClient {
    /// Sends raw text and takes one reply.
    func exchange(_ request: String, within limit: TimeAmount = .seconds(30)) async throws -> HTTPReply {
        try await send(request)
        return try await reply(within: limit)
    }

    func reply(within limit: TimeAmount = .seconds(30)) async throws -> HTTPReply {
        try await receive(within: limit) { try HTTPReply.parse(&$0) }
    }

    func get(_ target: String, headers: [String] = []) async throws -> HTTPReply {
        try await exchange(RawClient.request("GET", target, headers: headers))
    }

    func post(_ target: String, _ body: String, headers: [String] = []) async throws -> HTTPReply {
        try await exchange(
            RawClient.request("POST", target, headers: headers + ["Content-Length: \(body.utf8.count)"]) + body)
    }

    static func request(_ method: String, _ target: String, headers: [String] = []) -> String {
        "\(method) \(target) HTTP/1.1\r\nHost: test\r\n" + headers.map { $0 + "\r\n" }.joined() + "\r\n"
    }
}
