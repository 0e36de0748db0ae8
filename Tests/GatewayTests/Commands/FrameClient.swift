import NIOCore
import NIOPosix

/// A WebSocket peer that keeps every message as it came: a client library interprets, and so hides, what a connection
/// ends with.
enum FrameClient {
    /// Upgrades and hands each message to `react`, which may send messages of its own.
    ///
    /// - Parameter query: more of it, beginning with `&`.
    /// - Returns: all messages, once the server has closed the TCP connection.
    static func messages(
        port: Int, query: String = "", headers: [String: String] = [:],
        _ react: (_ message: String, _ send: (String) async throws -> Void) async throws -> Void
    ) async throws -> [String] {
        let channel = try await ClientBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .connect(host: "127.0.0.1", port: port) { channel in
                channel.eventLoop.makeCompletedFuture {
                    try NIOAsyncChannel<ByteBuffer, ByteBuffer>(wrappingChannelSynchronously: channel)
                }
            }
        return try await channel.executeThenClose { inbound, outbound in
            try await outbound.write(ByteBuffer(string: Self.upgrade(query, headers)))
            var messages: [String] = []
            var input = ByteBuffer()
            var isUpgraded = false
            do {
                for try await part in inbound {
                    input.writeImmutableBuffer(part)
                    if !isUpgraded { isUpgraded = Self.skipHead(&input) }
                    while isUpgraded, let frame = Self.frame(&input) {
                        if frame.opcode == 8 {
                            try await outbound.write(Self.masked(opcode: 8, ""))
                            continue
                        }
                        messages.append(frame.text)
                        try await react(frame.text) { try await outbound.write(Self.masked(opcode: 1, $0)) }
                    }
                }
            } catch is IOError {
                // Reset instead of closed: an end like the other.
            }
            return messages
        }
    }

    private static func upgrade(_ query: String, _ headers: [String: String]) -> String {
        let lines =
            [
                "GET /socket.io/?EIO=4&transport=websocket\(query) HTTP/1.1", "Host: 127.0.0.1",
                "Connection: Upgrade", "Upgrade: websocket", "Sec-WebSocket-Version: 13",
                "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==",
            ] + headers.map { "\($0.key): \($0.value)" }
        return lines.joined(separator: "\r\n") + "\r\n\r\n"
    }

    /// - Returns: whether the answer's head was complete.
    private static func skipHead(_ input: inout ByteBuffer) -> Bool {
        guard let end = input.readableBytesView.firstRange(of: Array("\r\n\r\n".utf8)) else { return false }
        input.moveReaderIndex(to: end.upperBound)
        return true
    }

    /// The next whole frame; the server neither masks nor fragments.
    private static func frame(_ input: inout ByteBuffer) -> (opcode: UInt8, text: String)? {
        var rest = input
        guard let head = rest.readInteger(as: UInt8.self), let short = rest.readInteger(as: UInt8.self) else {
            return nil
        }
        let length: Int? =
            switch short {
            case 126: rest.readInteger(as: UInt16.self).map(Int.init)
            case 127: rest.readInteger(as: UInt64.self).flatMap(Int.init(exactly:))
            default: Int(short)
            }
        guard let length, let text = rest.readString(length: length) else { return nil }
        input = rest
        return (head & 0x0F, text)
    }

    /// Masked with zeros, which leaves the text readable.
    private static func masked(opcode: UInt8, _ text: String) -> ByteBuffer {
        var frame = ByteBuffer()
        frame.writeInteger(0x80 | opcode)
        if text.utf8.count < 126 {
            frame.writeInteger(0x80 | UInt8(text.utf8.count))
        } else {
            frame.writeInteger(UInt8(0x80 | 126))
            frame.writeInteger(UInt16(clamping: text.utf8.count))
        }
        frame.writeInteger(UInt32(0))
        frame.writeString(text)
        return frame
    }
}
