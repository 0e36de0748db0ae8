import NIOCore

@testable import SocketIO

extension FuzzTarget {
    /// JSON text: what is decoded was scanned, and is the same when written and read again.
    static let json = FuzzTarget(
        name: "json",
        samples: [
            "null", "[1,-2.5e3,\"a\\u00e9\\n\\ud83d\\ude00\",true,{\"k\":[]}]", "{\"a\":{\"b\":[{}]},\"c\":\"\\\\\"}",
            "[",
            "\"\\ud800\"", "{\"a\":1,\"a\":2}", " [ 1 , 2 ] ", "1e400", "9007199254740993", "-0", "0.1e-7",
            "[[[[[[[[]]]]]]]]",
        ].map { Array($0.utf8) }
    ) { input in
        // The reader gets what the transport has checked.
        let buffer = ByteBuffer(bytes: Array(String(decoding: input, as: UTF8.self).utf8))
        let isScanned = (try? JSONReader.scan(buffer)) != nil
        if let value = try? JSONReader.decode(buffer) {
            try require(isScanned, "what is decoded is JSON")
            let written = value.encoded()
            try JSONReader.scan(written)
            try require(try JSONReader.decode(written) == value, "reads what it wrote")
        }
        let isList = (try? JSONReader.scanList(buffer)) != nil
        try require(isList == ((try? JSONReader.decodeListLeniently(buffer)) != nil), "one grammar for both")
        try require(!isScanned || isList, "a value is a list of one")
    }

    /// Messages of a connection, separated by U+001E; those that begin with `b` are binary.
    static let socketPacket = FuzzTarget(
        name: "socket-packet",
        samples: [
            "0", "0/admin,{\"token\":\"x\"}", "1", "1/a,", "2[\"m\",1,{\"a\":[]}]", "2/a,12[\"m\"]", "2[7]", "30[]",
            "3/a,7[1]",
            "4{\"message\":\"x\"}",
            "52-[\"m\",{\"_placeholder\":true,\"num\":0},{\"_placeholder\":true,\"num\":1}]\u{1E}bxx\u{1E}byy",
            "61-3[{\"_placeholder\":true,\"num\":0}]\u{1E}b", "2[\"\\u0063onnect\"]", "5", "50-[\"x\"]", "2[\"m\"]x",
        ].map { Array($0.utf8) }
    ) { input in
        let limits = PacketLimits()
        var reassembler = PacketReassembler(limits: limits)
        for part in String(decoding: input, as: UTF8.self).split(separator: "\u{1E}", omittingEmptySubsequences: false)
        {
            let packet: SocketPacket?
            if part.utf8.first == UInt8(ascii: "b") {
                packet = try? reassembler.receiveBinary(ByteBuffer(substring: part.dropFirst()), now: .distantPast)
            } else {
                packet = try? reassembler.receiveText(ByteBuffer(substring: part), now: .distantPast)
            }
            guard let packet else { continue }
            // With the query that clients of revision 4 put behind a name, which may be longer than the name.
            let bound = limits.namespaceLength + (packet.namespace.contains("?") ? limits.queryLength : 0)
            try require(packet.namespace.utf8.count <= bound, "names are short")
            try require(packet.arguments.attachments.count <= limits.attachments, "attachments are few")
            try require(packet.id ?? 0 <= SocketPacket.maximumID, "ids are exact in JavaScript")
            guard packet.kind == .event || packet.kind == .ack else { continue }
            try require((try? JSONReader.scanList(packet.arguments.json)) != nil, "arguments are JSON")
            try checkRoundTrip(of: packet, codec: .text)
        }
    }

    /// One binary message of socket.io-msgpack-parser.
    static let messagePack = FuzzTarget(name: "msgpack", samples: messagePackSamples) { input in
        var reassembler = PacketReassembler(codec: .messagePack)
        guard let packet = try? reassembler.receiveBinary(ByteBuffer(bytes: input), now: .distantPast) else { return }
        guard packet.kind == .event || packet.kind == .ack else { return }
        try require((try? JSONReader.scanList(packet.arguments.json)) != nil, "arguments become JSON")
        try checkRoundTrip(of: packet, codec: .messagePack)
    }

    private static let messagePackSamples: [[UInt8]] = {
        let codec = PacketCodec.messagePack
        let arguments = EventArguments(
            json: ByteBuffer(string: #"1,-1,300,70000,5e9,1.5,"é",true,null,[1,{"a":{"_placeholder":true,"num":0}}]"#),
            attachments: [ByteBuffer(bytes: [1, 2, 3])])
        let packets = [
            codec.connect(sid: "s"), codec.connectError(message: "no", data: [1]), codec.disconnect(namespace: "/a"),
            codec.event("m", arguments, id: 9, namespace: "/a"), codec.event("m", []), codec.ack(0, arguments),
        ]
        // Types that the writer does not use: timestamps, the library's extensions, long forms, map32.
        let written = packets.compactMap(\.attachments.first).map { Array($0.readableBytesView) }
        let header: [UInt8] = [0x83, 0xA4] + Array("type".utf8) + [2, 0xA3] + Array("nsp".utf8) + [0xA1, 0x2F, 0xA4]
        let data = header + Array("data".utf8)
        let values: [[UInt8]] = [
            [0xD6, 0xFF, 0, 0, 0, 1], [0xD7, 0xFF, 0, 0, 0, 0, 0, 0, 0, 1], [0xD4, 0, 0],
            [0xD7, 0, 0, 0, 0, 0, 0, 0, 0, 1],
            [0xCF, 0xFF, 0, 0, 0, 0, 0, 0, 0], [0xD3, 0x80, 0, 0, 0, 0, 0, 0, 0], [0xCB, 0x7F, 0xF8, 0, 0, 0, 0, 0, 0],
            [0xDD, 0xFF, 0xFF, 0xFF, 0xFF], [0xDF, 0xFF, 0xFF, 0xFF, 0xFF], [0xC6, 0xFF, 0xFF, 0xFF, 0xFF],
            [0xD9, 1, 0xFF],
        ]
        return written + values.map { data + [0x92, 0xA1, 0x6D] + $0 }
    }()

    /// An event or ack that was read can be written, and says the same when it is read again.
    private static func checkRoundTrip(of packet: SocketPacket, codec: PacketCodec) throws {
        let written: EncodedPacket
        if packet.kind == .event {
            written = codec.event(packet.name, packet.arguments, id: packet.id, namespace: packet.namespace)
        } else {
            written = codec.ack(packet.id ?? 0, packet.arguments, namespace: packet.namespace)
        }
        var reassembler = PacketReassembler(codec: codec)
        var again: SocketPacket?
        do throws(PacketError) {
            if written.hasText { again = try reassembler.receiveText(written.text, now: .distantPast) }
            for attachment in written.attachments {
                again = try reassembler.receiveBinary(attachment, now: .distantPast)
            }
        } catch {
            // A name's escapes may be longer in our hand than in the peer's.
            guard error == .invalidName else { throw Broken(property: "reads what it wrote: \(error)") }
            return
        }
        try require(again?.kind == packet.kind && again?.name == packet.name, "kind and name survive")
        try require(again?.id == packet.id && again?.namespace == packet.namespace, "id and namespace survive")
        try require(again?.arguments.attachments == packet.arguments.attachments, "attachments survive")
        guard codec == .text else { return }
        try require(again?.arguments.json == packet.arguments.json, "arguments survive as they stand")
    }
}
