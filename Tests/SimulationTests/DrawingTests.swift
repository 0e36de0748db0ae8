import Assignment
import Testing

@testable import Simulation

/// The numbers behind the simulation: their means and spreads, and the order of the events.
@Suite struct DrawingTests {
    @Test(arguments: HandleTime.allCases)
    func handleTimesHaveTheirMeanAndSpread(form: HandleTime) {
        var stream = RandomStream(seed: 7, .handling)
        let count = 200_000
        let drawn = (0..<count).map { _ in form.draw(&stream) }
        let mean = drawn.reduce(0, +) / Double(count)
        let variance = drawn.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(count)
        #expect(abs(mean - 1) < 0.01)
        #expect(abs(variance.squareRoot() - form.variation) < 0.05)
        #expect(drawn.allSatisfy { $0 > 0 })
    }

    @Test func streamsAreReproducibleAndDifferent() {
        func first(_ seed: UInt64, _ purpose: RandomStream.Purpose) -> [UInt64] {
            var stream = RandomStream(seed: seed, purpose)
            return (0..<4).map { _ in stream.next() }
        }
        #expect(first(1, .arrivals) == first(1, .arrivals))
        #expect(first(1, .arrivals) != first(2, .arrivals))
        #expect(first(1, .arrivals) != first(1, .handling))
    }

    @Test func indicesAreUniform() {
        var stream = RandomStream(seed: 3, .choices)
        var counts = [Int](repeating: 0, count: 7)
        for _ in 0..<70_000 { counts[stream.index(below: 7)] += 1 }
        #expect(counts.allSatisfy { abs($0 - 10_000) < 500 })
    }

    @Test func eventsComeSoonestFirstAndTiesInTheirOrder() {
        var stream = RandomStream(seed: 5, .choices)
        var heap = EventHeap()
        var pending: [(instant: Int64, agent: Int)] = []
        for number in 0..<5000 {
            if number % 3 == 2,
                let expected = pending.enumerated().min(by: { lhs, rhs in
                    (lhs.element.instant, lhs.element.agent) < (rhs.element.instant, rhs.element.agent)
                })
            {
                let event = heap.removeFirst()
                #expect(event.instant == expected.element.instant)
                guard case .finish(let agent, _) = event.what else {
                    Issue.record("only ends were scheduled")
                    return
                }
                #expect(agent == expected.element.agent)
                pending.remove(at: expected.offset)
            } else {
                let instant = Int64(stream.index(below: 50))
                heap.schedule(.finish(agent: number, after: 1), at: instant)
                pending.append((instant, number))
            }
        }
    }

    @Test func theWorkIsAsMuchAsWasAskedFor() {
        var settings = Workload.Settings(load: 0.8)
        settings.handleTime = .lognormal
        let chats = Array(Workload(settings, slots: 4, count: 10_000, seed: 11))
        #expect(chats.map(\.number) == Array(0..<10_000))
        let unit = Workload.meanHandleMicroseconds
        let handled = chats.reduce(0) { $0 + Double($1.handleMicroseconds) } / unit / 10_000
        let lasting = Double(chats[9999].arrival.microseconds) / unit
        #expect(abs(handled - 1) < 1e-6)
        #expect(abs(10_000 / lasting - 3.2) < 1e-6)
        #expect(zip(chats, chats.dropFirst()).allSatisfy { $0.arrival <= $1.arrival })
    }

    /// Over whole periods the swing cancels out, and inside one it is there.
    @Test func arrivalsSwing() {
        var settings = Workload.Settings(load: 0.5)
        settings.swing = 0.8
        settings.period = 100
        let unit = Workload.meanHandleMicroseconds
        var halves = [0, 0]
        for chat in Workload(settings, slots: 10, count: 20_000, seed: 2) {
            let phase = (Double(chat.arrival.microseconds) / unit).truncatingRemainder(dividingBy: 100)
            halves[phase < 50 ? 0 : 1] += 1
        }
        // The mean of 1 + 0.8 sin over the high half is 1 + 1.6/π.
        let share = Double(halves[0]) / 20_000
        #expect(abs(share - (1 + 1.6 / .pi) / 2) < 0.02)
    }
}
