internal import NIOCore

/// permessage-deflate on one WebSocket. Holds zlib state only where messages depend on earlier ones, and only once
/// there was one.
final class DeflateSession {
    let agreement: DeflateAgreement
    private let pool: DeflatePool
    /// The compressor with its window; managed by the pool.
    var deflater: MessageDeflater?
    var inflater: MessageInflater?
    /// When the compressor was used last, in the pool's own count.
    var lastUse: UInt64 = 0

    init(agreement: DeflateAgreement, pool: DeflatePool) {
        self.agreement = agreement
        self.pool = pool
    }

    /// Whether a message of this size is worth it.
    func isWorthwhile(_ byteCount: Int) -> Bool { byteCount >= pool.options.threshold }

    /// Whether a message compressed for one connection serves this one too.
    var sharesMessages: Bool { agreement.serverNoContextTakeover && agreement.serverWindowBits == 15 }

    /// The compressed form of one message; nil where it is to be sent as it is.
    func compress(_ message: ByteBuffer) -> ByteBuffer? {
        if agreement.serverNoContextTakeover {
            let deflater = pool.sharedDeflater(windowBits: agreement.serverWindowBits)
            guard let payload = deflater?.compress(message) else { return nil }
            return payload.readableBytes < message.readableBytes ? payload : nil
        }
        // Once compressed it must be sent: the windows of both sides move together.
        guard let payload = pool.deflater(of: self)?.compress(message) else {
            deflater?.reset()
            return nil
        }
        return payload
    }

    /// The message behind a compressed payload; see ``MessageInflater/inflate(_:limit:)``.
    func inflate(_ payload: ByteBuffer, limit: Int) throws(WebSocketFault) -> ByteBuffer {
        guard let inflater = inflater ?? makeInflater() else { throw .messageTooBig }
        return try inflater.inflate(payload, limit: limit)
    }

    private func makeInflater() -> MessageInflater? {
        guard !agreement.clientNoContextTakeover else {
            return pool.sharedInflater(windowBits: agreement.clientWindowBits)
        }
        inflater = MessageInflater(windowBits: agreement.clientWindowBits)
        return inflater
    }

    /// The WebSocket is over.
    func end() {
        pool.release(self)
    }
}
