internal import EngineIO
internal import NIOCore

/// A message that spans reads or frames. A class, so that the many connections without one pay a pointer for it.
final class PartialMessage {
    private let isText: Bool
    /// Whether the bytes are compressed: they are judged once they are restored.
    let isCompressed: Bool
    private var validator = UTF8Validator()
    private var payload = ByteBuffer()
    private var mask: UInt32 = 0
    private var phase = 0
    /// Bytes of the current frame that have not arrived.
    private(set) var missing = 0
    /// Frames begun, empty ones included (CVE-2026-62389).
    private(set) var frames = 0
    private(set) var isLastFrame = false

    init(isText: Bool, isCompressed: Bool = false) {
        self.isText = isText
        self.isCompressed = isCompressed
    }

    var byteCount: Int { payload.readableBytes }

    /// The next frame of the message starts; `key` unmasks it.
    func begin(_ header: WebSocketFrameHeader, key: UInt32) {
        mask = key
        phase = 0
        missing = header.length
        frames += 1
        isLastFrame = header.isFinal
    }

    /// Takes what has arrived of the current frame.
    func take(from input: inout ByteBuffer) throws(WebSocketFault) {
        let count = min(missing, input.readableBytes)
        guard count > 0 else { return }
        WebSocketMask.move(count, from: &input, to: &payload, key: mask, phase: phase)
        phase = (phase + count) & 3
        missing -= count
        guard isText, !isCompressed else { return }
        guard let piece = payload.getSlice(at: payload.writerIndex - count, length: count), validator.consume(piece)
        else { throw .invalidUTF8 }
    }

    /// The message, after its last frame.
    func complete() throws(WebSocketFault) -> WebSocketEvent {
        if isCompressed { return .compressed(payload, isText: isText) }
        guard isText else { return .message(.binary(payload)) }
        guard validator.isComplete else { throw .invalidUTF8 }
        return .message(.text(payload))
    }
}
