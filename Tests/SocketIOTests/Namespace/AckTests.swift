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
        var collector = BroadcastAckCollector(receivers: 3)
        let answers: [JSONValue?] = ["a", nil, .null, "late"]
        let isLast = answers.map { collector.receive($0) }
        #expect(isLast == [false, false, true, false])
        #expect(collector.responses == ["a", .null])
        #expect(collector.isComplete)
        #expect(BroadcastAckCollector(receivers: 0).isComplete)
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
