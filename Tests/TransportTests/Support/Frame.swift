import NIOCore

/// A WebSocket frame as a test sends or gets it; independent of the codec under test.
struct Frame: Sendable, Equatable {
    var first: UInt8
    var payload: [UInt8]

    var opcode: UInt8 { first & 0x0F }
    var text: String { String(decoding: payload, as: UTF8.self) }
    /// The status code of a close frame.
    var closeCode: Int? { payload.count >= 2 ? Int(payload[0]) << 8 | Int(payload[1]) : nil }

    static func text(_ text: String, isFinal: Bool = true) -> Frame {
        Frame(first: isFinal ? 0x81 : 0x01, payload: Array(text.utf8))
    }

    static func binary(_ bytes: [UInt8]) -> Frame { Frame(first: 0x82, payload: bytes) }

    static func close(_ code: Int? = nil, reason: [UInt8] = []) -> Frame {
        Frame(first: 0x88, payload: code.map { [UInt8($0 >> 8 & 0xFF), UInt8($0 & 0xFF)] + reason } ?? [])
    }

    static func ping(_ payload: [UInt8]) -> Frame { Frame(first: 0x89, payload: payload) }

    /// The bytes as a client sends them.
    func masked(key: [UInt8] = [0x12, 0x34, 0xAB, 0xCD]) -> ByteBuffer {
        var buffer = header(maskBit: 0x80)
        buffer.writeBytes(key)
        buffer.writeBytes(payload.enumerated().map { $1 ^ key[$0 & 3] })
        return buffer
    }

    /// The bytes as a server sends them.
    var unmasked: ByteBuffer {
        var buffer = header(maskBit: 0)
        buffer.writeBytes(payload)
        return buffer
    }

    private func header(maskBit: UInt8) -> ByteBuffer {
        var buffer = ByteBuffer(bytes: [first])
        switch payload.count {
        case ..<126: buffer.writeInteger(maskBit | UInt8(payload.count))
        case ..<65_536: buffer.writeMultipleIntegers(maskBit | 126, UInt16(payload.count))
        default: buffer.writeMultipleIntegers(maskBit | 127, UInt64(payload.count))
        }
        return buffer
    }

    struct Masked: Error {}

    /// The frame at the start of `bytes`, sent by a server; nil until it is complete.
    static func parse(_ bytes: inout ByteBuffer) throws -> Frame? {
        var rest = bytes
        guard let (first, second) = rest.readMultipleIntegers(as: (UInt8, UInt8).self) else { return nil }
        guard second & 0x80 == 0 else { throw Masked() }
        var length = Int(second)
        if second == 126 {
            guard let value = rest.readInteger(as: UInt16.self) else { return nil }
            length = Int(value)
        } else if second == 127 {
            guard let value = rest.readInteger(as: UInt64.self) else { return nil }
            length = Int(value)
        }
        guard let payload = rest.readBytes(length: length) else { return nil }
        bytes = rest
        return Frame(first: first, payload: payload)
    }
}

extension RawClient {
    static func upgradeRequest(_ target: String, headers: [String] = []) -> String {
        request(
            "GET", target,
            headers: [
                "Upgrade: websocket", "Connection: Upgrade", "Sec-WebSocket-Version: 13",
                "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==",
            ] + headers)
    }

    /// Opens a WebSocket; returns the 101.
    func upgrade(_ target: String, headers: [String] = []) async throws -> HTTPReply {
        try await exchange(RawClient.upgradeRequest(target, headers: headers))
    }

    func frame(within limit: TimeAmount = .seconds(30)) async throws -> Frame {
        try await receive(within: limit) { try Frame.parse(&$0) }
    }

    func send(_ frame: Frame) async throws {
        try await send(frame.masked())
    }
}

extension ByteBuffer {
    /// The same bytes many times over.
    func repeated(_ count: Int) -> ByteBuffer {
        var result = ByteBuffer()
        result.reserveCapacity(count * readableBytes)
        var power = self
        var rest = count
        while rest > 0 {
            if rest & 1 == 1 { result.writeImmutableBuffer(power) }
            let half = power
            power.writeImmutableBuffer(half)
            rest >>= 1
        }
        return result
    }
}
