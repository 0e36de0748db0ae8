import EngineIO
import NIOCore

extension FuzzTarget {
    private static let packets = [
        "0{\"sid\":\"x\"}", "1", "2", "2probe", "3", "3probe", "4", "4hello", "4€😀", "5", "6", "bAQID", "bAQ==", "b",
        "b!!!!",
        "42[\"m\",1]", "451-[\"m\",{\"_placeholder\":true,\"num\":0}]", "7", "x",
    ]

    /// One packet in text form: what is read can be written, and is the same when read again.
    static let packet = FuzzTarget(
        name: "packet", samples: (packets + ["b4AQID", "b4AQ==", "b9AQ=="]).map { Array($0.utf8) }
    ) { input in
        for revision in Revision.allCases {
            guard let packet = try? EnginePacket(text: ByteBuffer(bytes: input), revision: revision) else { continue }
            var written = ByteBuffer()
            packet.writeText(into: &written, revision: revision)
            try require(written.readableBytes == packet.textLength(revision), "the length is known before")
            try require(try EnginePacket(text: written, revision: revision) == packet, "reads what it wrote")
        }
    }

    /// Most packets of a body, here.
    private static let limit = 16

    /// The body of a POST of revision 4.
    static let payload = FuzzTarget(
        name: "payload",
        samples: packets.map { Array($0.utf8) } + [
            Array(packets.joined(separator: "\u{1E}").utf8), Array("4a\u{1E}4b\u{1E}bAQID".utf8), [0x1E],
            [0x34, 0xFF, 0x1E],
        ]
    ) { input in
        let isText = String(validating: input, as: UTF8.self) != nil
        let isTooMuch = input.count { $0 == PayloadDecoder.separator } >= limit
        let error = try checkPayload(input, form: WireForm(revision: .v4), isBinary: false)
        try require((error == .invalidUTF8) == !isText, "text is UTF-8")
        try require((error == .tooManyPackets) == (isText && isTooMuch), "the limit is exact")
    }

    /// The body of a POST of revision 3. The first byte of the input says in which of its forms.
    static let payload3 = FuzzTarget(
        name: "payload-v3",
        samples: ["6:4hello2:4€", "3:4😀1:2", "10:b4AQIDBA==", "0:", "99999999999:4", "1:40"].map {
            [0] + Array($0.utf8)
        } + [
            [1, 0, 6, 0xFF, 0x34] + Array("hello".utf8) + [1, 5, 0xFF, 4, 1, 2, 3, 4],
            [1, 0, 1, 0, 0xFF] + Array("4012345678".utf8),
            [2] + Array("d=6%3A4hello4%3A4%5C%5Cn&x=y".utf8), [2] + Array("d=3:4+a&d=".utf8),
        ]
    ) { input in
        guard let first = input.first else { return }
        let body = Array(input.dropFirst())
        switch first % 3 {
        case 0: _ = try checkPayload(body, form: WireForm(revision: .v3, base64: "1"), isBinary: false)
        case 1: _ = try checkPayload(body, form: WireForm(revision: .v3), isBinary: true)
        default:
            var decoder = try? PayloadDecoder(
                ByteBuffer(bytes: body), form: WireForm(revision: .v3, callback: "0"), maximumPackets: limit)
            while (try? decoder?.next()) != nil {}
        }
    }

    /// Reads a body, and what it makes of the packets once more; returns the fault of a body that is none.
    private static func checkPayload(_ input: [UInt8], form: WireForm, isBinary: Bool) throws -> PacketError? {
        let (packets, error) = packets(in: ByteBuffer(bytes: input), form: form, isBinary: isBinary)
        try require(packets.count <= limit, "no more packets than allowed")
        guard error == nil else { return error }
        try require(!packets.isEmpty, "no body is without packets")
        let encoded = PayloadEncoder.encode(packets, form: form)
        let again = Self.packets(in: encoded.body, form: form, isBinary: encoded.kind == .binary)
        try require(again.packets == packets && again.error == nil, "reads what it wrote")
        return nil
    }

    private static func packets(
        in body: ByteBuffer, form: WireForm, isBinary: Bool
    ) -> (packets: [EnginePacket], error: PacketError?) {
        var packets: [EnginePacket] = []
        do throws(PacketError) {
            var decoder = try PayloadDecoder(body, form: form, isBinary: isBinary, maximumPackets: limit)
            while let packet = try decoder.next() { packets.append(packet) }
            return (packets, nil)
        } catch {
            return (packets, error)
        }
    }
}
