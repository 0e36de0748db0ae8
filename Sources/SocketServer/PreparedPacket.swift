internal import EngineIO
internal import SocketIO
internal import Transport

/// A packet with the frames of both transports made once for all receivers.
struct PreparedPacket: Sendable {
    /// Nil where the codec knows only binary messages.
    private let text: PreparedMessage?
    private let attachments: [PreparedMessage]

    /// - Parameter compress: whether transports may compress it, where compression is on.
    init(_ packet: EncodedPacket, compress: Bool = true) {
        self.text = packet.hasText ? PreparedMessage(.text(packet.text), compress: compress) : nil
        self.attachments = packet.attachments.map { PreparedMessage(.binary($0), compress: compress) }
    }

    /// Sends the parts one behind the other; on the connection's loop.
    func send(on engine: EngineConnection) {
        if let text { engine.send(prepared: text) }
        for attachment in self.attachments { engine.send(prepared: attachment) }
    }
}
