import EngineIO
import NIOCore

@testable import Transport

extension FuzzTarget {
    /// The bytes of a WebSocket after its handshake: however the network cuts them, the same events and the same fault
    /// come out. The first byte of the input says how they are cut.
    static let frame = FuzzTarget(name: "frame", samples: frames) { input in
        guard let first = input.first else { return }
        let bytes = ByteBuffer(bytes: input.dropFirst())
        let whole = events(in: bytes, pieces: .max)
        let cut = events(in: bytes, pieces: Int(first & 0x0F) + 1)
        try require(whole.events == cut.events && whole.fault == cut.fault, "the cut does not matter")
        for event in whole.events {
            switch event {
            case .message(let message):
                try require(message.byteCount <= maximumMessage, "no message is too large")
                if case .text(let text) = message {
                    try require(String(validating: text.readableBytesView, as: UTF8.self) != nil, "text is UTF-8")
                }
            case .ping(let payload):
                try require(payload.readableBytes <= 125, "control frames are short")
            case .pong, .close, .compressed:
                break
            }
        }
    }

    private static let maximumMessage = 1000

    private static func events(in bytes: ByteBuffer, pieces: Int) -> (events: [WebSocketEvent], fault: WebSocketFault?)
    {
        var decoder = WebSocketDecoder(limits: WebSocketLimits(maxMessage: maximumMessage, maxFragments: 16))
        var scratch = ByteBuffer()
        var rest = bytes
        var events: [WebSocketEvent] = []
        while let piece = rest.readSlice(length: min(pieces, rest.readableBytes)), piece.readableBytes > 0 {
            decoder.feed(piece, scratch: &scratch)
            do throws(WebSocketFault) {
                while let event = try decoder.next() { events.append(event) }
            } catch {
                return (events, error)
            }
        }
        return (events, nil)
    }

    /// How the bytes are cut, and one or more frames with a mask.
    private static let frames: [[UInt8]] = {
        func frame(_ first: UInt8, _ payload: [UInt8]) -> [UInt8] {
            let key: [UInt8] = [0x12, 0x34, 0xAB, 0xCD]
            let length: [UInt8] =
                payload.count < 126
                ? [0x80 | UInt8(payload.count)] : [0xFE, UInt8(payload.count >> 8), UInt8(payload.count & 0xFF)]
            return [first] + length + key + payload.enumerated().map { $1 ^ key[$0 & 3] }
        }
        let hello = Array("4héllo 😀".utf8)
        let single = [
            frame(0x81, hello), frame(0x82, [0, 1, 2, 255]), frame(0x89, [1, 2]), frame(0x8A, []),
            frame(0x88, [3, 0xE8]), frame(0x88, []), frame(0x81, [UInt8](repeating: 0x61, count: 300)),
            frame(0x01, Array(hello.prefix(3))) + frame(0x89, [9]) + frame(0x00, Array(hello[3..<9]))
                + frame(0x80, Array(hello[9...])),
            frame(0x01, []) + frame(0x00, []) + frame(0x80, [0xFF]),
            [0x81, 0xFF, 0, 0, 0, 0, 0, 0, 0x01, 0x00, 0, 0, 0, 0], [0xF1, 0x80, 0, 0, 0, 0],
        ]
        return single.enumerated().map { [UInt8($0)] + $1 } + [[3] + single.flatMap(\.self)]
    }()

    /// A request target as the engine reads it.
    static let requestTarget = FuzzTarget(
        name: "target",
        samples: [
            "/engine.io/?EIO=4&transport=polling", "/?EIO=4&transport=websocket&sid=AAAAAAAAAAAAAAAAAAAA&t=x", "/x",
            "/?",
            "/?a", "/?a=b=c&&=&x=%41%zz%4%%20+#sid=1", "/?s%69d=x&sid=y&EIO=%34", "/?transport=%F0%9F%98%80&EIO=%FF",
        ].map { Array($0.utf8) }
    ) { input in
        let text = String(decoding: input, as: UTF8.self)
        let pairs = Array(QueryParameters(target: text))
        try require(pairs.count <= text.utf8.count { $0 == UInt8(ascii: "&") } + 1, "a pair for each part at most")
        let length = pairs.reduce(0) { $0 + $1.name.utf8.count + $1.value.utf8.count }
        // A byte that is no UTF-8 becomes U+FFFD, three bytes for the three of its escape.
        try require(length <= text.utf8.count, "decoding does not make it longer")
        let target = EngineTarget(target: text)
        func values(_ name: String) -> [String] { pairs.filter { $0.name == name }.map(\.value) }
        let isDouble = ["EIO", "transport", "sid"].contains { values($0).count > 1 }
        try require(target.isAmbiguous == isDouble, "what stands there twice is noticed")
        let revision = values("EIO").first.flatMap { Revision(queryValue: $0.utf8Span.span) }
        try require(target.revision.value == revision, "EIO is what stands there")
        let transport = values("transport").first.flatMap { TransportName(queryValue: $0.utf8Span.span) }
        try require(target.transport.value == transport, "transport is what stands there")
        let id = values("sid").first.flatMap { SessionID($0.utf8Span.span) }
        try require(target.sessionID.value == id, "sid is what stands there")
        try require(target.base64 == values("b64").last && target.callback == values("j").last, "so are b64 and j")
    }
}
