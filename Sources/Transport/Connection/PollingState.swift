internal import EngineIO
internal import NIOCore

/// A packet that waits for its poll.
struct QueuedPacket {
    let packet: EnginePacket
    /// Whether the transport that takes it along may compress it.
    let mayBeCompressed: Bool
}

/// What a session needs only while it polls; a WebSocket session has none.
final class PollingState {
    /// How its packets look.
    let form: WireForm
    /// Packets for the client, in order.
    private(set) var queue = CircularBuffer<QueuedPacket>(initialCapacity: 4)
    /// What these cost: their text forms and, for each, what it takes besides, which for tiny answers is far more.
    private(set) var queuedBytes = 0
    /// When the session closes because so much has waited for so long; nil below the soft mark.
    var behindDeadline: NIODeadline?
    /// The GET that waits.
    var poll: HTTPExchange?
    /// The POST whose body is arriving or being processed.
    var post: HTTPExchange?
    /// Packets of the POST that are not yet delivered, because reading is paused.
    var undelivered: PayloadDecoder?
    var isFlushScheduled = false

    init(form: WireForm) {
        self.form = form
    }

    /// Bytes of a queued packet besides its text: its place in the queue and the storage of its buffer.
    private static let overhead = 96

    /// By the text form of revision 4; lengths and base64 of revision 3 add little.
    private static func cost(of packet: EnginePacket) -> Int { packet.textLength(.v4) + overhead }

    func append(_ packet: EnginePacket, compress: Bool) {
        queue.append(QueuedPacket(packet: packet, mayBeCompressed: compress))
        queuedBytes += Self.cost(of: packet)
    }

    /// Whether the newest packet is a pong: it answers every ping that came before it is fetched.
    var endsWithPong: Bool {
        if case .pong = queue.last?.packet { return true }
        return false
    }

    /// An answer to a GET with these packets.
    func answer(_ packets: [EnginePacket], mayBeCompressed: Bool = false) -> HTTPAnswer {
        .poll(PayloadEncoder.encode(packets, form: form), mayBeCompressed: mayBeCompressed)
    }

    /// Takes the next packets, at most `maximum`, for one answer; of these, one that may be compressed is enough for all.
    func takePackets(_ maximum: Int) -> (packets: [EnginePacket], mayBeCompressed: Bool) {
        var packets: [EnginePacket] = []
        packets.reserveCapacity(min(maximum, queue.count) + 1)
        var mayBeCompressed = false
        while packets.count < maximum, let queued = take() {
            packets.append(queued.packet)
            mayBeCompressed = mayBeCompressed || queued.mayBeCompressed
        }
        return (packets, mayBeCompressed)
    }

    /// Takes the next packet.
    func take() -> QueuedPacket? {
        guard let queued = queue.popFirst() else { return nil }
        queuedBytes -= Self.cost(of: queued.packet)
        return queued
    }

    var hasWaiting: Bool { !queue.isEmpty }
}
