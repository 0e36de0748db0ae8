internal import NIOCore

#if canImport(Glibc)
    internal import Glibc
#elseif canImport(Musl)
    internal import Musl
#endif

/// A TCP connection to this machine whose calls wait: a client that costs next to nothing beside the server.
final class BlockingSocket {
    private let descriptor: CInt
    private let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: 65_536, alignment: 16)

    init(port: Int) throws {
        self.descriptor = socket(AF_INET, CInt(SOCK_STREAM.rawValue), 0)
        let address = try SocketAddress(ipAddress: "127.0.0.1", port: port)
        let connected = address.withSockAddr { connect(self.descriptor, $0, socklen_t($1)) }
        guard connected == 0 else { throw Broken(description: "cannot connect: \(errno)") }
        var on: CInt = 1
        setsockopt(
            self.descriptor, CInt(IPPROTO_TCP), TCP_NODELAY, &on, socklen_t(MemoryLayout<CInt>.size))
    }

    deinit {
        self.buffer.deallocate()
        close(self.descriptor)
    }

    func write(_ bytes: [UInt8]) throws {
        guard
            bytes.withUnsafeBytes({ send(self.descriptor, $0.baseAddress, $0.count, CInt(MSG_NOSIGNAL)) })
                == bytes.count
        else { throw Broken(description: "cannot write: \(errno)") }
    }

    /// Waits for exactly `count` bytes; their content is not looked at.
    func read(_ count: Int) throws {
        var left = count
        while left > 0 {
            let got = recv(self.descriptor, self.buffer.baseAddress, min(left, self.buffer.count), 0)
            guard got > 0 else { throw Broken(description: "the server hung up") }
            left -= got
        }
    }

    /// Waits until what has arrived ends with `suffix`, and returns it.
    @discardableResult
    func read(until suffix: String) throws -> [UInt8] {
        let suffix = Array(suffix.utf8)
        return try self.read(until: { $0.suffix(suffix.count).elementsEqual(suffix) })
    }

    /// Waits for a whole HTTP answer, and returns it.
    func readAnswer() throws -> [UInt8] {
        try self.read(until: { bytes in
            let text = String(decoding: bytes, as: UTF8.self)
            guard let end = text.firstRange(of: "\r\n\r\n"), let field = text.firstRange(of: "Content-Length: "),
                let length = Int(text[field.upperBound...].prefix { $0.isNumber })
            else { return false }
            return text[end.upperBound...].utf8.count == length
        })
    }

    private func read(until isComplete: ([UInt8]) -> Bool) throws -> [UInt8] {
        var bytes: [UInt8] = []
        repeat {
            let got = recv(self.descriptor, self.buffer.baseAddress, self.buffer.count, 0)
            guard got > 0 else { throw Broken(description: "the server hung up") }
            bytes += self.buffer[..<got]
        } while !isComplete(bytes)
        return bytes
    }
}
