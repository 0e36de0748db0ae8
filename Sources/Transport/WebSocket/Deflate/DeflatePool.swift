/// The zlib state of one event loop: compressors that connections share, and those that a few keep for themselves.
final class DeflatePool {
    let options: PerMessageDeflate
    /// By window bits, for connections whose messages are independent of one another.
    private var sharedDeflaters: [Int: MessageDeflater] = [:]
    private var sharedInflaters: [Int: MessageInflater] = [:]
    /// The connections with a compressor of their own.
    private var holders: [DeflateSession] = []
    private var clock: UInt64 = 0

    init(options: PerMessageDeflate) {
        self.options = options
    }

    /// Compressors that connections keep now.
    var heldCompressors: Int { holders.count }

    /// A compressor without a past, for one message.
    func sharedDeflater(windowBits: Int) -> MessageDeflater? {
        if let deflater = sharedDeflaters[windowBits] {
            deflater.reset()
            return deflater
        }
        let deflater = MessageDeflater(windowBits: windowBits, level: options.level)
        sharedDeflaters[windowBits] = deflater
        return deflater
    }

    /// A decompressor without a past, for one message.
    func sharedInflater(windowBits: Int) -> MessageInflater? {
        if let inflater = sharedInflaters[windowBits] {
            inflater.reset()
            return inflater
        }
        let inflater = MessageInflater(windowBits: windowBits)
        sharedInflaters[windowBits] = inflater
        return inflater
    }

    /// The compressor that `session` keeps, a fresh one if it has none (any more): a sender may forget its window at any
    /// time, the receiver need not know.
    func deflater(of session: DeflateSession) -> MessageDeflater? {
        clock += 1
        session.lastUse = clock
        if let deflater = session.deflater { return deflater }
        guard
            let deflater = MessageDeflater(windowBits: session.agreement.serverWindowBits, level: options.level)
        else { return nil }
        session.deflater = deflater
        if holders.count < options.maxCompressors {
            holders.append(session)
        } else if let oldest = holders.indices.min(by: { holders[$0].lastUse < holders[$1].lastUse }) {
            holders[oldest].deflater = nil
            holders[oldest] = session
        }
        return deflater
    }

    /// The connection has ended: its memory is given back.
    func release(_ session: DeflateSession) {
        session.inflater = nil
        guard session.deflater != nil else { return }
        session.deflater = nil
        if let index = holders.firstIndex(where: { $0 === session }) {
            holders.swapAt(index, holders.endIndex - 1)
            holders.removeLast()
        }
    }
}
