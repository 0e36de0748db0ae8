/// Paths through the whole server, over sockets of this machine. One thing is under way at a time, so that two runs take
/// the same way.
enum Loopback {
    static func echo(times: Int) throws {
        let server = try BenchServer()
        let socket = try Self.join(server)
        let event = Self.frame(#"427["echo","\#(Codecs.payload)"]"#)
        let answer = Self.answerLength(#"437["\#(Codecs.payload)"]"#)
        for _ in 0..<times {
            try socket.write(event)
            try socket.read(answer)
        }
    }

    static func broadcast(receivers count: Int, loops: Int, times: Int) throws {
        let server = try BenchServer(loops: loops)
        let sender = try Self.join(server)
        let receivers = try (0..<count).map { _ in
            let socket = try Self.join(server)
            try socket.write(Self.frame(#"421["join","all"]"#))
            try socket.read(Self.answerLength("431[]"))
            return socket
        }
        let event = Self.frame(#"42["say","all","\#(Codecs.payload)"]"#)
        let length = Self.answerLength(#"42["said","\#(Codecs.payload)"]"#)
        for _ in 0..<times {
            try sender.write(event)
            for receiver in receivers { try receiver.read(length) }
        }
    }

    static func poll(times: Int) throws {
        let server = try BenchServer()
        let (getter, poster) = (try BlockingSocket(port: server.port), try BlockingSocket(port: server.port))
        try getter.write(Self.request("GET"))
        let opened = String(decoding: try getter.readAnswer(), as: UTF8.self)
        guard let mark = opened.firstRange(of: #""sid":""#) else { throw Broken(description: opened) }
        let sid = String(opened[mark.upperBound...].prefix { $0 != "\"" })
        let get = Self.request("GET", sid: sid)
        try poster.write(Self.request("POST", sid: sid, body: "40"))
        _ = try poster.readAnswer()
        try getter.write(get)
        _ = try getter.readAnswer()
        let post = Self.request("POST", sid: sid, body: #"427["echo","\#(Codecs.payload)"]"#)
        // The first round trip tells how long the answers are.
        try getter.write(get)
        try poster.write(post)
        let (posted, got) = (try poster.readAnswer().count, try getter.readAnswer().count)
        for _ in 0..<times {
            try getter.write(get)
            try poster.write(post)
            try poster.read(posted)
            try getter.read(got)
        }
    }

    static func connect(times: Int) throws {
        let server = try BenchServer()
        for _ in 0..<times { _ = try Self.join(server) }
    }

    // MARK: Client

    /// Opens a WebSocket and joins the namespace.
    private static func join(_ server: BenchServer) throws -> BlockingSocket {
        let socket = try BlockingSocket(port: server.port)
        try socket.write(Self.upgrade)
        // The answer to the handshake and the open packet, which ends with the largest payload.
        try socket.read(until: "}")
        try socket.write(Self.frame("40"))
        try socket.read(until: "}")
        return socket
    }

    private static let upgrade = Array(
        ("GET /socket.io/?EIO=4&transport=websocket HTTP/1.1\r\nHost: localhost\r\nUpgrade: websocket\r\n"
            + "Connection: Upgrade\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n")
            .utf8)

    private static func request(_ method: String, sid: String? = nil, body: String? = nil) -> [UInt8] {
        let session = sid.map { "&sid=" + $0 } ?? ""
        let content =
            body.map { "Content-Type: text/plain;charset=UTF-8\r\nContent-Length: \($0.utf8.count)\r\n\r\n\($0)" }
            ?? "\r\n"
        let target = "/socket.io/?EIO=4&transport=polling\(session)"
        return Array("\(method) \(target) HTTP/1.1\r\nHost: localhost\r\n\(content)".utf8)
    }

    /// A masked text frame, with a key that is not zero.
    private static func frame(_ text: String) -> [UInt8] {
        let key: [UInt8] = [0x12, 0x34, 0xAB, 0xCD]
        let length = text.utf8.count
        let header: [UInt8] =
            length < 126
            ? [0x81, 0x80 | UInt8(length)] : [0x81, 0x80 | 126, UInt8(length >> 8), UInt8(length & 0xFF)]
        return header + key + text.utf8.enumerated().map { $1 ^ key[$0 & 3] }
    }

    /// Bytes of the frame in which the server sends a text.
    private static func answerLength(_ text: String) -> Int {
        text.utf8.count + (text.utf8.count < 126 ? 2 : 4)
    }
}
