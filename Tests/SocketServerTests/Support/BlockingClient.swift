import Glibc

/// A TCP client whose calls wait, for measurements of another process: it leaves that in peace and needs no loop.
final class BlockingClient {
    struct HungUp: Error {}

    private let descriptor: CInt

    init(port: Int, receiveBuffer: CInt? = nil) throws {
        self.descriptor = socket(AF_INET, CInt(SOCK_STREAM.rawValue), 0)
        if var size = receiveBuffer {
            setsockopt(self.descriptor, SOL_SOCKET, SO_RCVBUF, &size, socklen_t(MemoryLayout<CInt>.size))
        }
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = in_port_t(port).bigEndian
        address.sin_addr.s_addr = inet_addr("127.0.0.1")
        let isConnected = withUnsafePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                connect(self.descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size)) == 0
            }
        }
        guard isConnected else { throw HungUp() }
        // A byte sent is a segment on its way; and nobody waits for ever.
        var on: CInt = 1
        setsockopt(self.descriptor, CInt(IPPROTO_TCP), TCP_NODELAY, &on, socklen_t(MemoryLayout<CInt>.size))
        var patience = timeval(tv_sec: 60, tv_usec: 0)
        setsockopt(self.descriptor, SOL_SOCKET, SO_RCVTIMEO, &patience, socklen_t(MemoryLayout<timeval>.size))
    }

    deinit { close(self.descriptor) }

    /// False where the server has hung up.
    @discardableResult
    func send(_ bytes: [UInt8]) -> Bool {
        bytes.withUnsafeBytes { bytes in
            var sent = 0
            while sent < bytes.count {
                let count = Glibc.send(
                    self.descriptor, bytes.baseAddress?.advanced(by: sent), bytes.count - sent, CInt(MSG_NOSIGNAL))
                guard count > 0 else { return false }
                sent += count
            }
            return true
        }
    }

    /// Sends every byte in a call, and so in a segment, of its own.
    func sendOneByOne(_ bytes: [UInt8]) throws {
        let isSent = bytes.withUnsafeBytes { bytes in
            (0..<bytes.count).allSatisfy {
                Glibc.send(self.descriptor, bytes.baseAddress?.advanced(by: $0), 1, CInt(MSG_NOSIGNAL)) == 1
            }
        }
        guard isSent else { throw HungUp() }
    }

    func send(_ text: String) { self.send(Array(text.utf8)) }

    /// What has come once it contains `mark`, and whatever came with that.
    @discardableResult
    func receive(until mark: String) throws -> String {
        var received: [UInt8] = []
        var piece = [UInt8](repeating: 0, count: 65_536)
        while true {
            let count = recv(self.descriptor, &piece, piece.count, 0)
            guard count > 0 else { throw HungUp() }
            received += piece[..<count]
            let text = String(decoding: received, as: UTF8.self)
            if text.contains(mark) { return text }
        }
    }

    /// Waits for a byte, and leaves it where it is.
    func peek() throws {
        var byte: UInt8 = 0
        guard recv(self.descriptor, &byte, 1, CInt(MSG_PEEK)) == 1 else { throw HungUp() }
    }

    /// Waits for the server's end.
    func waitForEnd() {
        var piece = [UInt8](repeating: 0, count: 4096)
        while recv(self.descriptor, &piece, piece.count, 0) > 0 {}
    }

    // MARK: Socket.IO

    /// A WebSocket that has joined `/`.
    static func joined(port: Int) throws -> BlockingClient {
        let client = try BlockingClient(port: port)
        client.send(
            "GET /socket.io/?EIO=4&transport=websocket HTTP/1.1\r\nHost: a\r\nUpgrade: websocket\r\n"
                + "Connection: Upgrade\r\nSec-WebSocket-Version: 13\r\n"
                + "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n")
        try client.receive(until: "\"maxPayload\"")
        client.send(self.frame(0x81, Array("40".utf8)))
        try client.receive(until: "40{")
        return client
    }

    /// A frame masked with zeros, which changes nothing.
    static func frame(_ first: UInt8, _ payload: [UInt8]) -> [UInt8] {
        let length: [UInt8] =
            switch payload.count {
            case ..<126: [0x80 | UInt8(payload.count)]
            case ..<65_536: [0xFE, UInt8(payload.count >> 8), UInt8(payload.count & 0xFF)]
            default: [0xFF] + (0..<8).reversed().map { UInt8(truncatingIfNeeded: payload.count >> ($0 * 8)) }
            }
        return [first] + length + [0, 0, 0, 0] + payload
    }

    /// A polling session; its address.
    static func poll(over client: BlockingClient) throws -> String {
        let target = "/socket.io/?EIO=4&transport=polling"
        client.send("GET \(target) HTTP/1.1\r\nHost: a\r\n\r\n")
        let text = try client.receive(until: "\"maxPayload\"")
        guard let mark = text.firstRange(of: "\"sid\":\"") else { throw HungUp() }
        return target + "&sid=" + text[mark.upperBound...].prefix(20)
    }

    func post(_ target: String, _ body: String) throws {
        self.send("POST \(target) HTTP/1.1\r\nHost: a\r\nContent-Length: \(body.utf8.count)\r\n\r\n\(body)")
        try self.receive(until: "\r\n\r\nok")
    }

    func beginPoll(_ target: String) { self.send("GET \(target) HTTP/1.1\r\nHost: a\r\n\r\n") }
}
