import NIOCore
import Testing

@testable import SocketIO

@Suite struct PacketEncoderTests {
    private let binary = EventArguments(
        json: ByteBuffer(string: #"1,{"_placeholder":true,"num":0}"#), attachments: [ByteBuffer(bytes: [1, 2])])

    @Test func writesTheTextForm() {
        #expect(String(buffer: PacketEncoder.event("m", []).text) == #"2["m"]"#)
        #expect(String(buffer: PacketEncoder.event("a\"b", ["x", 1]).text) == #"2["a\"b","x",1]"#)
        #expect(
            String(buffer: PacketEncoder.event("m", [.null], id: 12, namespace: "/admin").text)
                == #"2/admin,12["m",null]"#)
        #expect(
            String(buffer: PacketEncoder.event("m", self.binary, id: 3).text)
                == #"51-3["m",1,{"_placeholder":true,"num":0}]"#)
        #expect(String(buffer: PacketEncoder.ack(0, []).text) == "30[]")
        #expect(
            String(buffer: PacketEncoder.ack(9_007_199_254_740_991, ["x"], namespace: "/a").text)
                == #"3/a,9007199254740991["x"]"#)
        #expect(
            String(buffer: PacketEncoder.ack(1, self.binary).text) == #"61-1[1,{"_placeholder":true,"num":0}]"#)
        #expect(String(buffer: PacketEncoder.connect(sid: "s").text) == #"0{"sid":"s"}"#)
        #expect(String(buffer: PacketEncoder.connect(sid: "s", namespace: "/a").text) == #"0/a,{"sid":"s"}"#)
        #expect(
            String(buffer: PacketEncoder.connectError(message: "no", data: ["code": 401], namespace: "/a").text)
                == #"4/a,{"message":"no","data":{"code":401}}"#)
        #expect(String(buffer: PacketEncoder.connectError(message: "no").text) == #"4{"message":"no"}"#)
        #expect(String(buffer: PacketEncoder.disconnect().text) == "1")
        #expect(String(buffer: PacketEncoder.disconnect(namespace: "/a").text) == "1/a,")
    }

    @Test("What is encoded decodes to the same", arguments: 0..<20)
    func roundTrip(seed: Int) throws {
        var random = SplitMix(seed: UInt64(seed))
        for _ in 0..<50 {
            let values = (0..<Int.random(in: 0..<4, using: &random)).map { _ in
                JSONValue.random(using: &random, depth: 0)
            }
            let name = "e" + String.random(using: &random)
            let id = Bool.random(using: &random) ? UInt64.random(in: 0...SocketPacket.maximumID, using: &random) : nil
            let namespace = ["/", "/chat", "/a/b"].randomElement(using: &random) ?? "/"
            let encoded = PacketEncoder.event(name, EventArguments(values), id: id, namespace: namespace)
            let packet = try PacketDecoder.decode(encoded.text, limits: PacketLimits()).packet
            #expect(packet.name == name)
            #expect(packet.id == id)
            #expect(packet.namespace == namespace)
            #expect(try packet.arguments.decode() == values)
        }
    }

    @Test("No bytes trap the decoder", arguments: 0..<20)
    func neverTraps(seed: Int) {
        var random = SplitMix(seed: UInt64(seed) &+ 77)
        let alphabet = Array("0123456789-/,[]{}\"\\:aetrun_ \u{1}".utf8)
        for _ in 0..<500 {
            let bytes = (0..<Int.random(in: 0..<40, using: &random)).map { _ in
                alphabet.randomElement(using: &random) ?? 0
            }
            _ = try? PacketDecoder.decode(ByteBuffer(bytes: bytes), limits: PacketLimits())
        }
    }

    @Test func argumentsSplitWithoutDecoding() throws {
        let arguments = EventArguments(["room", [1, 2], .null])
        let (room, rest) = try arguments.splitFirst()
        #expect(room == "room")
        #expect(String(buffer: rest.json) == "[1,2],null")
        #expect(try rest.splitFirst().first == [1, 2])
        #expect(try EventArguments().splitFirst().first == .null)
        #expect(try EventArguments(["x"]).splitFirst().rest.isEmpty)
    }
}
