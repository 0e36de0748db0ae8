import NIOCore
import SocketIO
import Testing

/// Packets in whichever form a server's codec gives them.
extension WireClient {
    /// Joins a namespace, whose answer is all that comes.
    func join(_ namespace: String, _ codec: PacketCodec) async throws {
        switch codec {
        case .text:
            let path = namespace == "/" ? "" : namespace + ","
            self.send("40" + path)
            _ = try await self.expect(prefix: "40" + path + "{\"sid\":\"")
        case .messagePack:
            self.send(binary: [0x82] + Self.member("type", [0]) + Self.member("nsp", Self.string(namespace)))
            guard case .binary(let bytes) = await self.next(),
                String(decoding: bytes, as: UTF8.self).contains("sid")
            else { throw CancellationError() }
        }
    }

    /// Sends a packet without attachments.
    func send(_ packet: EncodedPacket) {
        switch Received(packet) {
        case .text(let text): self.send(text)
        case .binary(let bytes): self.send(binary: bytes)
        case .compressed, .closed: break
        }
    }

    /// A short string in MessagePack.
    static func string(_ text: String) -> [UInt8] {
        text.utf8.count < 32
            ? [0xA0 | UInt8(text.utf8.count)] + Array(text.utf8)
            : [0xDA, UInt8(text.utf8.count >> 8), UInt8(text.utf8.count & 0xFF)] + Array(text.utf8)
    }

    /// A member of a map in MessagePack.
    static func member(_ name: String, _ value: [UInt8]) -> [UInt8] { Self.string(name) + value }
}

extension WireClient.Received {
    /// A packet without attachments, as the wire has it.
    init(_ packet: EncodedPacket) {
        if packet.hasText {
            self = .text("4" + String(buffer: packet.text))
        } else {
            self = packet.attachments.first.map { .binary(Array($0.readableBytesView)) } ?? .closed
        }
    }
}
