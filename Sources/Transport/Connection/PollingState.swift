internal import EngineIO
internal import NIOCore

/// What a session needs only while it polls; a WebSocket session has none.
final class PollingState {
    /// Packets for the client, in order.
    private(set) var queue = CircularBuffer<EnginePacket>(initialCapacity: 4)
    /// Bytes of these in text form.
    private(set) var queuedBytes = 0
    /// The GET that waits.
    var poll: HTTPExchange?
    /// The POST whose body is arriving or being processed.
    var post: HTTPExchange?
    /// A POST that came after the end, whose body is ignored.
    var discarded: HTTPExchange?
    /// Packets of the POST that are not yet delivered, because reading is paused.
    var undelivered: PayloadDecoder?
    var isFlushScheduled = false

    func append(_ packet: EnginePacket) {
        queue.append(packet)
        queuedBytes += packet.textLength
    }

    /// Takes the next packets, at most `maximum`.
    func takePackets(_ maximum: Int) -> [EnginePacket] {
        let count = min(maximum, queue.count)
        let packets = Array(queue.prefix(count))
        queue.removeFirst(count)
        for packet in packets { queuedBytes -= packet.textLength }
        return packets
    }

    /// How much waits, if an answer holds `maximum` packets and the last one also the close packet.
    func waiting(_ maximum: Int) -> SessionStateMachine.Waiting {
        if queue.isEmpty { return .nothing }
        return queue.count < maximum ? .oneAnswer : .moreThanOneAnswer
    }
}
