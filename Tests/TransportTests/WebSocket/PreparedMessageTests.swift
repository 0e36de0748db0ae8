import EngineIO
import NIOCore
import Testing

@testable import Transport

@Suite struct PreparedMessageTests {
    private static let rows: [(form: WireForm, header: [UInt8], payload: [UInt8])] = [
        (WireForm(revision: .v4), [0x82, 3], [1, 2, 3]),
        (WireForm(revision: .v4, base64: "1"), [0x81, 5], Array("bAQID".utf8)),
        (WireForm(revision: .v3), [0x82, 4], [4, 1, 2, 3]),
        (WireForm(revision: .v3, base64: "1"), [0x81, 6], Array("b4AQID".utf8)),
    ]

    private static func address(_ buffer: ByteBuffer) -> UnsafeRawPointer? {
        buffer.withUnsafeReadableBytes { $0.baseAddress }
    }

    @Test("Binary is framed once for all sockets that take it in the same form")
    func forms() {
        let message = PreparedMessage(.binary(ByteBuffer(bytes: [1, 2, 3])))
        var addresses: Set<UnsafeRawPointer?> = []
        for (form, header, payload) in Self.rows {
            let frame = message.frame(in: form)
            #expect(Array(frame.readableBytesView) == header + payload)
            let again = message.frame(in: form)
            #expect(Self.address(again) == Self.address(frame))
            addresses.insert(Self.address(frame))
        }
        #expect(addresses.count == Self.rows.count)
    }

    @Test("Text is the same for everybody", arguments: rows.indices)
    func text(row: Int) {
        let message = PreparedMessage(.text(ByteBuffer(string: "2[]")))
        let frame = message.frame(in: Self.rows[row].form)
        #expect(Array(frame.readableBytesView) == [0x81, 4] + Array("42[]".utf8))
        #expect(Self.address(frame) == Self.address(message.frame))
    }
}
