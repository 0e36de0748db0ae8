import Foundation
import NIOCore
import NIOPosix

/// One HTTP request over a connection of its own, and the whole answer as text.
enum PlainHTTP {
    static func get(_ path: String, port: Int, headers: [String: String] = [:]) async throws -> String {
        let lines = headers.map { "\($0.key): \($0.value)\r\n" }.joined()
        return try await Self.send(
            "GET \(path) HTTP/1.1\r\nHost: 127.0.0.1:\(port)\r\nConnection: close\r\n\(lines)\r\n", port: port
        )
    }

    /// Sends these very bytes and reads until the server closes.
    static func send(_ text: String, port: Int) async throws -> String {
        let channel = try await ClientBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .connect(host: "127.0.0.1", port: port) { channel in
                channel.eventLoop.makeCompletedFuture {
                    try NIOAsyncChannel<ByteBuffer, ByteBuffer>(wrappingChannelSynchronously: channel)
                }
            }
        return try await channel.executeThenClose { inbound, outbound in
            try await outbound.write(ByteBuffer(string: text))
            var answer = ByteBuffer()
            for try await part in inbound { answer.writeImmutableBuffer(part) }
            return String(buffer: answer)
        }
    }
}
