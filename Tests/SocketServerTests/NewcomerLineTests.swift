import Synchronization
import Testing

@testable import SocketServer

/// Connections that say nothing: how many there may be, and who has to go.
@Suite struct NewcomerLineTests {
    private final class Ended: Sendable {
        private let names = Mutex<[Int]>([])
        var all: [Int] { self.names.withLock { $0 } }
        func note(_ name: Int) { self.names.withLock { $0.append(name) } }
    }

    @Test(arguments: [(2, []), (3, []), (4, [0]), (5, [0, 1])])
    func oneTooManyEndsTheOldest(count: Int, gone: [Int]) {
        let (line, ended) = (NewcomerLine(capacity: 3), Ended())
        for number in 0..<count { _ = line.enter { ended.note(number) } }
        #expect(ended.all == gone)
        #expect(line.count == min(count, 3))
    }

    @Test func whoHasAskedIsNoNewcomer() {
        let (line, ended) = (NewcomerLine(capacity: 2), Ended())
        let tickets = (0..<2).map { number in line.enter { ended.note(number) } }
        line.leave(tickets[0])
        #expect(line.count == 1 && !line.isHalfFull)
        _ = line.enter { ended.note(2) }
        #expect(ended.all == [])
        _ = line.enter { ended.note(3) }
        // The second one is the oldest now.
        #expect(ended.all == [1])
        line.leave(tickets[1])
        line.leave(99)
        #expect(line.count == 2)
    }

    @Test func whoLeavesFromTheMiddleIsForgotten() {
        let (line, ended) = (NewcomerLine(capacity: 100), Ended())
        _ = line.enter { ended.note(-1) }
        for number in 0..<100_000 { line.leave(line.enter { ended.note(number) }) }
        #expect(line.count == 1 && ended.all == [])
        #expect(line.remembered < 300)
    }
}
