import NIOCore
import Testing

@testable import SocketIO

@Suite struct AckTests {
    @Test("Row S12: an unknown ack and the second one are nobody's")
    func registry() {
        var registry = AckRegistry<String>()
        registry.register(3, "c")
        registry.register(1, "a")
        registry.register(2, "b")
        #expect(registry.resolve(999) == nil)
        #expect(registry.resolve(1) == "a")
        #expect(registry.resolve(1) == nil)
        #expect(registry.removeAll() == ["b", "c"])
        #expect(registry.count == 0)
        #expect(registry.removeAll().isEmpty)
    }

    @Test func collector() {
        var collector = BroadcastAckCollector()
        #expect(!collector.isComplete)
        let isNone = collector.counted(3)
        let answers: [EventArguments?] = [["a", 1], nil, []]
        let isLast = answers.map { collector.receive($0) }
        #expect(!isNone)
        #expect(isLast == [false, false, true])
        #expect(collector.responses == [["a", 1], []])
    }

    @Test("Answers of another server may be here before its count")
    func collectorOfServers() {
        var collector = BroadcastAckCollector(servers: 2)
        let steps = [
            collector.receive(["early"]), collector.counted(0), collector.receive(nil), collector.counted(3),
            collector.receive(["last"]),
        ]
        #expect(steps == [false, false, false, false, true])
        #expect(collector.responses == [["early"], ["last"]])
    }

    @Test("Answers become one list of first arguments, with their binary values")
    func list() throws {
        let binary = EventArguments(
            json: ByteBuffer(string: #"{"b":{"_placeholder":true,"num":1}},{"_placeholder":true,"num":0}"#),
            attachments: [ByteBuffer(bytes: [0]), ByteBuffer(bytes: [1])])
        let list = EventArguments.list(ofFirst: [["a", 1], [], binary, EventArguments(binary: ByteBuffer(bytes: [2]))])
        #expect(
            String(buffer: list.json)
                == #"["a",null,{"b":{"_placeholder":true,"num":0}},{"_placeholder":true,"num":1}]"#)
        #expect(list.attachments == [ByteBuffer(bytes: [1]), ByteBuffer(bytes: [2])])
    }

    @Test func socketIDs() {
        var random = SplitMix(seed: 1)
        let ids = (0..<10_000).map { _ in SocketID.generate(using: &random) }
        #expect(Set(ids).count == ids.count)
        let alphabet = Set("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_")
        #expect(ids.allSatisfy { $0.count == 20 && alphabet.isSuperset(of: $0) })
        #expect(Set(ids.flatMap { $0 }) == alphabet)
    }
}
