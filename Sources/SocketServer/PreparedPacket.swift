internal import EngineIO
internal import SocketIO
internal import Transport

/// A packet with the frames of both transports made once for all receivers.
struct PreparedPacket: Sendable {
    private let text: PreparedMessage
    private let attachments: [PreparedMessage]

    init(_ packet: EncodedPacket) {
        self.text = PreparedMessage(.text(packet.text))
        self.attachments = packet.attachments.map { PreparedMessage(.binary($0)) }
    }

    /// Sends the parts one behind the other; on the connection's loop.
    func send(on engine: EngineConnection) {
        engine.send(prepared: self.text)
        for attachment in self.attachments { engine.send(prepared: attachment) }
    }
}
