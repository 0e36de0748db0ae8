import NIOCore
import Testing

@testable import SocketIO

@Suite struct PacketDecoderTests {
    /// Messages without the Engine.IO type, and what they say.
    @Test(arguments: [
        ("0", SocketPacket(.connect)),
        ("0/admin", SocketPacket(.connect, namespace: "/admin")),
        ("0/admin,", SocketPacket(.connect, namespace: "/admin")),
        (#"0{"token":"x"}"#, SocketPacket(.connect, data: ByteBuffer(string: #"{"token":"x"}"#))),
        ("0/a/b, {}", SocketPacket(.connect, namespace: "/a/b", data: ByteBuffer(string: " {}"))),
        ("1", SocketPacket(.disconnect)),
        ("1/admin,", SocketPacket(.disconnect, namespace: "/admin")),
        (#"2["m"]"#, SocketPacket(.event, name: "m")),
        (#"2/,["m"]"#, SocketPacket(.event, name: "m")),
        (#"212["m",1]"#, SocketPacket(.event, id: 12, name: "m", arguments: [1])),
        (#"2/a,0["m"]"#, SocketPacket(.event, namespace: "/a", id: 0, name: "m")),
        (#"2[7,"x"]"#, SocketPacket(.event, name: "7", arguments: ["x"])),
        (#"2["\u0061\n","x"]"#, SocketPacket(.event, name: "a\n", arguments: ["x"])),
        (#"2["error","foo"]"#, SocketPacket(.event, name: "error", arguments: ["foo"])),
        (#"2[""]"#, SocketPacket(.event, name: "")),
        (#"29007199254740991["m"]"#, SocketPacket(.event, id: 9_007_199_254_740_991, name: "m")),
        ("30", SocketPacket(.ack, id: 0)),
        ("30[]", SocketPacket(.ack, id: 0)),
        (#"3/a,7["x"]"#, SocketPacket(.ack, namespace: "/a", id: 7, arguments: ["x"])),
        (#"4{"message":"x"}"#, SocketPacket(.connectError, data: ByteBuffer(string: #"{"message":"x"}"#))),
    ])
    func decodes(text: String, packet: SocketPacket) throws {
        let header = try PacketDecoder.decode(ByteBuffer(string: text), limits: PacketLimits())
        #expect(header == PacketDecoder.Header(packet: packet, attachments: 0))
    }

    /// Rows S01, S06-S09, S11, S14-S17, S20, J01, J04 and J10 of the bad-input catalogue, and VA5-VA9, VA14, VA17.
    private static let refusals: [(String, PacketError)] = [
        ("", PacketError.unknownType),
        ("7", .unknownType), ("9", .unknownType), ("x", .unknownType), ("-1", .unknownType),
        // CONNECT and DISCONNECT
        ("0[]", .invalidPayload), (#"0"x""#, .invalidPayload), (#"0/admin,"x""#, .invalidPayload),
        ("0null", .invalidPayload), ("0{", .invalidJSON(.malformed)), ("01{}", .invalidID),
        ("1{}", .invalidPayload), ("1/admin,{}", .invalidPayload), ("11", .invalidID),
        // namespaces
        ("0/" + String(repeating: "n", count: 255), .namespaceTooLong),
        ("0/" + String(repeating: "n", count: 1_000_000), .namespaceTooLong),
        ("2/" + String(repeating: "n", count: 1_000_000) + #",["m"]"#, .namespaceTooLong),
        // events
        ("2", .invalidPayload), ("2[]", .invalidPayload), ("2{}", .invalidPayload), (#"2"a""#, .invalidPayload),
        (#"2["a""#, .invalidJSON(.malformed)), (#"2["a"]garbage"#, .invalidJSON(.malformed)),
        (#"2[{"toString":"foo"}]"#, .invalidPayload), (#"2[true,"foo"]"#, .invalidPayload),
        (#"2[null,"bar"]"#, .invalidPayload), (#"2[["a"]]"#, .invalidPayload),
        (#"2["connect"]"#, .invalidName), (#"2["disconnect","123"]"#, .invalidName),
        (#"2["connect_error"]"#, .invalidName), (#"2["disconnecting"]"#, .invalidName),
        (#"2["newListener"]"#, .invalidName), (#"2["removeListener"]"#, .invalidName),
        (#"2["\u0063onnect"]"#, .invalidName),
        ("2[\"" + String(repeating: "n", count: 1_000_000) + "\"]", .invalidName),
        ("2[\"m\"," + String(repeating: "[", count: 400_000), .invalidJSON(.tooDeep)),
        (#"2["m",NaN]"#, .invalidJSON(.malformed)), (#"2["m",01]"#, .invalidJSON(.malformed)),
        (#"2["m",]"#, .invalidJSON(.malformed)), ("2[\"m\",\"\u{1}\"]", .invalidJSON(.malformed)),
        ("2\u{FEFF}[\"m\"]", .invalidJSON(.malformed)),
        // ids
        (#"2-1["m"]"#, .invalidJSON(.malformed)), (#"21e3["m"]"#, .invalidJSON(.malformed)),
        ("2\u{0663}[\"m\"]", .invalidJSON(.malformed)),
        (#"29007199254740992["m"]"#, .invalidID),
        ("2" + String(repeating: "1", count: 400) + "[\"m\"]", .invalidID),
        ("2" + String(repeating: "9", count: 1_000_000), .invalidID),
        // acks
        (#"3["x"]"#, .invalidID), ("3", .invalidID), (#"31{"a":1}"#, .invalidPayload), (#"31"x""#, .invalidPayload),
        // attachments
        ("5", .illegalAttachments), ("51", .illegalAttachments), ("5a-", .illegalAttachments),
        ("51.23-", .illegalAttachments), ("5-1-", .illegalAttachments), ("51e0-", .illegalAttachments),
        ("50x1-", .illegalAttachments), ("5 1-", .illegalAttachments), (#"5-["x"]"#, .illegalAttachments),
        (#"50-["x"]"#, .illegalAttachments), ("60-1[]", .illegalAttachments),
        (#"511-["x"]"#, .illegalAttachments), (#"599999999-["x"]"#, .illegalAttachments),
        (#"51-["x",{"_placeholder":true,"num":"splice"}]"#, .illegalAttachments),
        (#"51-["x",{"_placeholder":true,"num":-1}]"#, .illegalAttachments),
        (#"51-["x",{"_placeholder":true,"num":1}]"#, .illegalAttachments),
        (#"51-["x",{"_placeholder":true,"num":0.5}]"#, .illegalAttachments),
        (#"51-["x",{"_placeholder":true,"num":1e300}]"#, .illegalAttachments),
        (#"51-["x",{"_placeholder":true,"num":null}]"#, .illegalAttachments),
        (#"51-["x",{"_placeholder":true,"num":true}]"#, .illegalAttachments),
        (#"51-["x",{"_placeholder":true,"num":{}}]"#, .illegalAttachments),
        (#"51-["x",{"_placeholder":true}]"#, .illegalAttachments),
        (#"51-["x",[{"a":{"_placeholder":true,"num":9}}]]"#, .illegalAttachments),
        (#"61-1[{"_placeholder":true,"num":1}]"#, .illegalAttachments),
    ]

    @Test(arguments: refusals.indices)
    func refuses(row: Int) {
        let (text, error) = Self.refusals[row]
        #expect(throws: error) { try PacketDecoder.decode(ByteBuffer(string: text), limits: PacketLimits()) }
    }

    @Test("A namespace may have 255 bytes; a blank is no number")
    func bounds() throws {
        let name = "/" + String(repeating: "n", count: 254)
        #expect(try decode("0" + name).packet.namespace == name)
        #expect(try decode("0" + name + ",").packet.namespace == name)
        for text in ["2 [\"m\"]", "3 []", "52- [\"m\"]"] {
            #expect(throws: PacketError.invalidID) { try decode(text) }
        }
        // Behind the number white space is JSON's business, and in a CONNECT there is none.
        #expect(try decode("27 [\"m\"]").packet.id == 7)
        #expect(try decode("0 {}").packet.kind == .connect)
    }

    @Test("In a plain event a placeholder is ordinary data")
    func placeholderInText() throws {
        let header = try decode(#"2["m",{"_placeholder":true,"num":"splice"}]"#)
        #expect(header.attachments == 0)
    }

    @Test("Placeholders may repeat or be missing")
    func freePlaceholders() throws {
        let text = #"52-["m",{"_placeholder":true,"num":0},{"_placeholder":true,"num":0},{"_placeholder":false}]"#
        #expect(try decode(text).attachments == 2)
        #expect(try decode(#"510-["m"]"#).attachments == 10)
    }

    private func decode(_ text: String) throws -> PacketDecoder.Header {
        try PacketDecoder.decode(ByteBuffer(string: text), limits: PacketLimits())
    }
}
