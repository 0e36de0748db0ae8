internal import EngineIO
internal import NIOCore

/// What a session needs only while it polls; a WebSocket session has none.
final class PollingState {
    /// How its packets look.
    let form: WireForm
    /// Packets for the client, in order.
    private(set) var queue = CircularBuffer<EnginePacket>(initialCapacity: 4)
    /// What these cost: their text forms and, for each, what it takes besides, which for tiny answers is far more.
    private(set) var queuedBytes = 0
    /// When the session closes because so much has waited for so long; nil below the soft mark.
    var behindDeadline: NIODeadline?
    /// Whether the next answer may be compressed: one packet that may is enough, as in Node.
    private(set) var mayBeCompressed = false
    /// The GET that waits.
    var poll: HTTPExchange?
    /// The POST whose body is arriving or being processed.
    var post: HTTPExchange?
    /// A POST that came after the end, whose body is ignored.
    var discarded: HTTPExchange?
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
        if compress { mayBeCompressed = true }
        queue.append(packet)
        queuedBytes += Self.cost(of: packet)
    }

    /// Whether the newest packet is a pong: it answers every ping that came before it is fetched.
    var endsWithPong: Bool {
        if case .pong = queue.last { return true }
        return false
    }

    /// An answer to a GET with these packets.
    func answer(_ packets: [EnginePacket], mayBeCompressed: Bool = false) -> HTTPAnswer {
        .poll(PayloadEncoder.encode(packets, form: form), mayBeCompressed: mayBeCompressed)
    }

    /// Takes the next packets, at most `maximum`.
    func takePackets(_ maximum: Int) -> [EnginePacket] {
        let count = min(maximum, queue.count)
        let packets = Array(queue.prefix(count))
        queue.removeFirst(count)
        for packet in packets { queuedBytes -= Self.cost(of: packet) }
        // What is left may be compressed if anything of the whole might.
        if queue.isEmpty { mayBeCompressed = false }
        return packets
    }

    /// How much waits, if an answer holds `maximum` packets and the last one also the close packet.
    func waiting(_ maximum: Int) -> SessionStateMachine.Waiting {
        if queue.isEmpty { return .nothing }
        return queue.count < maximum ? .oneAnswer : .moreThanOneAnswer
    }
}
