internal import EngineIO
internal import NIOCore
internal import SocketIO
internal import Transport

/// Paths without any I/O.
enum Codecs {
    static let payload = String(repeating: "x", count: 128)

    static func decodePacket(times: Int) throws {
        var machine = ConnectionStateMachine()
        guard case .connect(let membership, _, _) = machine.receiveText(ByteBuffer(string: "0"), now: .now()) else {
            throw Broken(description: "CONNECT was not understood")
        }
        _ = machine.accept(membership)
        let frame = ByteBuffer(string: #"42123["echo","\#(self.payload)"]"#)
        let now = NIODeadline.now()
        for _ in 0..<times {
            guard case .message(.text(let text)) = try EnginePacket(text: frame, revision: .v4),
                case .deliver(_, let packet) = machine.receiveText(text, now: now), packet.name == "echo"
            else { throw Broken(description: "the event was not understood") }
        }
    }

    static func encodeEvent(times: Int) {
        let arguments: EventArguments = [.string(self.payload)]
        var bytes = 0
        for _ in 0..<times {
            let packet = PacketEncoder.event("said", arguments)
            bytes += PreparedMessage(.text(packet.text)).frame.readableBytes
        }
        precondition(bytes > times)
    }
}
