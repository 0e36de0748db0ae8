import Glibc
import NIOCore
import Testing

@testable import Transport

extension WireTests {
    /// A connection is written to once for each turn of its event loop, however much the turn had to say.
    @Suite struct FlushWireTests {
        /// Sixteen messages that come in one segment are read in one turn, and the echoes are there all together: the first
        /// look finds every one of them. Were each written by itself, some look would find the first few alone.
        @Test func whatFallsIntoOneTurnLeavesInOneWrite() async throws {
            try await TestServer.run { server in
                let client = try BlockingClient(to: server.address)
                client.send(ByteBuffer(string: RawClient.upgradeRequest(TestServer.webSocket)))
                var greeting = client.look()
                while String(buffer: greeting).contains("\"sid\"") == false {
                    let more = client.look()
                    try #require(more.readableBytes > 0)
                    greeting.writeImmutableBuffer(more)
                }
                for round in 0..<30 {
                    let messages = (0..<16).map { Frame.text("4\(round).\($0)") }
                    var burst = ByteBuffer()
                    for message in messages { burst.writeImmutableBuffer(message.masked()) }
                    client.send(burst)
                    var seen = client.look()
                    var echoes: [Frame] = []
                    while let frame = try Frame.parse(&seen) { echoes.append(frame) }
                    try #require(echoes == messages, "round \(round)")
                }
            }
        }
    }
}

/// A socket on which each look is one `recv`: how many bytes come with it is what is asked.
private struct BlockingClient: ~Copyable {
    struct Refused: Error {}

    private let descriptor: Int32

    init(to address: SocketAddress) throws {
        descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        var patience = timeval(tv_sec: 20, tv_usec: 0)
        setsockopt(descriptor, SOL_SOCKET, SO_RCVTIMEO, &patience, socklen_t(MemoryLayout<timeval>.size))
        let descriptor = self.descriptor
        let status = address.withSockAddr { connect(descriptor, $0, socklen_t($1)) }
        guard status == 0 else { throw Refused() }
    }

    deinit { Glibc.close(descriptor) }

    func send(_ bytes: ByteBuffer) {
        bytes.withUnsafeReadableBytes {
            _ = Glibc.send(descriptor, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL))
        }
    }

    /// What has come by the time that anything has; empty at the end, and when nothing comes.
    func look() -> ByteBuffer {
        var buffer = ByteBuffer()
        buffer.writeWithUnsafeMutableBytes(minimumWritableBytes: 65_536) {
            max(0, recv(descriptor, $0.baseAddress, $0.count, 0))
        }
        return buffer
    }
}
