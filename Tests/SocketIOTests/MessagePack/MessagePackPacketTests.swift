import NIOCore
import Testing

@testable import SocketIO

/// The packets of socket.io-msgpack-parser.
@Suite struct MessagePackPacketTests {
    private let codec = PacketCodec.messagePack

    private func decode(_ packet: EncodedPacket) throws -> SocketPacket {
        #expect(!packet.hasText)
        return try MessagePackCodec.decode(try #require(packet.attachments.first), limits: PacketLimits())
    }

    private func json(_ packet: EncodedPacket) throws -> String {
        var reader = MessagePackReader(try #require(packet.attachments.first), maximumBinaries: 10)
        return String(buffer: try reader.readValue().json)
    }

    @Test func writesOneMap() throws {
        #expect(try self.json(self.codec.connect(sid: "s")) == #"{"type":0,"nsp":"/","data":{"sid":"s"}}"#)
        #expect(
            try self.json(self.codec.connectError(message: "no", data: [1], namespace: "/a"))
                == #"{"type":4,"nsp":"/a","data":{"message":"no","data":[1]}}"#)
        #expect(try self.json(self.codec.disconnect(namespace: "/a")) == #"{"type":1,"nsp":"/a"}"#)
        #expect(
            try self.json(self.codec.event("m", ["x", .null], id: 9, namespace: "/a"))
                == #"{"type":2,"nsp":"/a","data":["m","x",null],"id":9}"#)
        #expect(try self.json(self.codec.ack(0, [])) == #"{"type":3,"nsp":"/","data":[],"id":0}"#)
    }

    @Test func readsWhatItWrites() throws {
        let arguments = EventArguments(
            json: ByteBuffer(string: #"{"b":{"_placeholder":true,"num":1}},{"_placeholder":true,"num":0}"#),
            attachments: [ByteBuffer(bytes: [1]), ByteBuffer(bytes: [2, 3])])
        let event = try self.decode(self.codec.event("é", arguments, id: 7, namespace: "/a"))
        #expect(event.kind == .event && event.name == "é" && event.id == 7 && event.namespace == "/a")
        // Numbered anew, in the order in which they stand.
        #expect(
            String(buffer: event.arguments.json)
                == #"{"b":{"_placeholder":true,"num":0}},{"_placeholder":true,"num":1}"#)
        #expect(event.arguments.attachments == [ByteBuffer(bytes: [2, 3]), ByteBuffer(bytes: [1])])
        let ack = try self.decode(self.codec.ack(SocketPacket.maximumID, ["y"]))
        #expect(ack.kind == .ack && ack.id == SocketPacket.maximumID)
        #expect(try ack.arguments.decode() == ["y"])
        #expect(try self.decode(self.codec.disconnect()).kind == .disconnect)
        let connect = try self.decode(self.codec.connect(sid: "s"))
        #expect(connect.kind == .connect && String(buffer: connect.data) == #"{"sid":"s"}"#)
    }

    /// Maps as JSON, and why they are no packets.
    private static let refused: [(JSONValue, PacketError)] = [
        ([:], .unknownType), (["type": 5, "nsp": "/"], .unknownType), (["type": "2", "nsp": "/"], .unknownType),
        (["type": -1, "nsp": "/"], .unknownType), (["type": 2], .invalidPayload),
        (["type": 2, "nsp": "x"], .invalidPayload),
        (["type": 2, "nsp": .string("/" + String(repeating: "n", count: 255)), "data": ["m"]], .namespaceTooLong),
        (["type": 0, "nsp": "/", "data": []], .invalidPayload),
        (["type": 0, "nsp": "/", "data": "x"], .invalidPayload),
        (["type": 0, "nsp": "/", "id": 1], .invalidID), (["type": 1, "nsp": "/", "data": [:]], .invalidPayload),
        (["type": 2, "nsp": "/"], .invalidPayload), (["type": 2, "nsp": "/", "data": []], .invalidPayload),
        (["type": 2, "nsp": "/", "data": [["m"]]], .invalidPayload),
        (["type": 2, "nsp": "/", "data": ["connect"]], .invalidName),
        (["type": 2, "nsp": "/", "data": ["m"], "id": -1], .invalidID),
        (["type": 2, "nsp": "/", "data": ["m"], "id": .int(SocketPacket.maximumID + 1)], .invalidID),
        (["type": 3, "nsp": "/", "data": []], .invalidID),
        (["type": 3, "nsp": "/", "data": [:], "id": 0], .invalidPayload),
        (["type": 2, "nsp": 7, "data": ["m"]], .invalidPayload), (["type": 2, "nsp": "/", "id": "1"], .invalidID),
        ([["type", 2]], .invalidMessagePack(.unsupportedType)), ("2", .invalidMessagePack(.unsupportedType)),
    ]

    @Test(arguments: refused.indices)
    func refuses(row: Int) {
        let (value, expected) = Self.refused[row]
        var writer = MessagePackWriter()
        writer.write(value)
        do throws(PacketError) {
            let packet = try MessagePackCodec.decode(writer.buffer, limits: PacketLimits())
            Issue.record("was read as \(packet)")
        } catch {
            #expect(error == expected)
        }
    }

    @Test func readsWhatOtherLibrariesAdd() throws {
        var writer = MessagePackWriter()
        writer.write(["options": ["compress": true], "data": .null, "nsp": "/", "type": 0])
        #expect(try MessagePackCodec.decode(writer.buffer, limits: PacketLimits()) == SocketPacket(.connect))
        writer = MessagePackWriter()
        writer.write(["nsp": "/", "data": [1.5, "x"], "type": 2])
        let packet = try MessagePackCodec.decode(writer.buffer, limits: PacketLimits())
        #expect(packet.name == "1.5")
        #expect(try packet.arguments.decode() == ["x"])
    }

    /// The JavaScript client's CONNECT without credentials: `data` is there, as its library's `undefined`.
    @Test func readsAnUndefinedDataAsNone() throws {
        var bytes = ByteBuffer(bytes: [0x83])
        for (key, value) in [("type", [0x00]), ("data", [0xD4, 0x00, 0x00]), ("nsp", [0xA1, 0x2F])]
            as [(String, [UInt8])]
        {
            bytes.writeInteger(0xA0 | UInt8(key.utf8.count))
            bytes.writeString(key)
            bytes.writeBytes(value)
        }
        #expect(try MessagePackCodec.decode(bytes, limits: PacketLimits()) == SocketPacket(.connect))
    }

    @Test func limits() {
        var limits = PacketLimits()
        limits.attachmentBytes = 4
        let packet = self.codec.event("m", EventArguments(binary: ByteBuffer(repeating: 0, count: 5)))
        #expect(throws: PacketError.attachmentsTooLarge) {
            try MessagePackCodec.decode(packet.attachments[0], limits: limits)
        }
    }

    @Test("A connection of binary packets takes no text, and needs no reassembly")
    func reassembler() throws {
        var reassembler = PacketReassembler(codec: .messagePack)
        #expect(throws: PacketError.textInsteadOfBinary) {
            try reassembler.receiveText(ByteBuffer(string: "40"), now: .now())
        }
        let packet = self.codec.event("m", EventArguments(binary: ByteBuffer(bytes: [1])))
        let received = try reassembler.receiveBinary(packet.attachments[0], now: .now())
        #expect(received?.arguments.attachments == [ByteBuffer(bytes: [1])])
        #expect(reassembler.deadline == nil)
    }
}
