import Testing

@testable import SocketServer

@Suite struct EventQueueTests {
    @Test func startsOnceAndEndsWhenEmpty() {
        var queue = EventQueue<Int>()
        let first = queue.append(1, bytes: 0, maxJobs: 4, maxBytes: 100)
        let second = queue.append(2, bytes: 0, maxJobs: 4, maxBytes: 100)
        #expect(first == .init(start: true, pause: false))
        #expect(second == .init(start: false, pause: false))
        let jobs = (0..<3).map { _ in queue.next(maxJobs: 4, maxBytes: 100).job }
        #expect(jobs == [1, 2, nil])
        let again = queue.append(3, bytes: 0, maxJobs: 4, maxBytes: 100)
        #expect(again.start)
    }

    /// Jobs of `bytes` are appended until there are `count`; the row says when reading stops and goes on.
    @Test(arguments: [
        // bytes, count, appends that pause, takes that resume
        (0, 10, [3], [7]),
        (30, 10, [3], [8]),
        (60, 3, [1], [2]),
        (200, 1, [0], [0]),
    ])
    func holdsBackAndReleases(bytes: Int, count: Int, pauses: [Int], resumes: [Int]) {
        var queue = EventQueue<Int>()
        let paused = (0..<count).filter { queue.append($0, bytes: bytes, maxJobs: 4, maxBytes: 100).pause }
        #expect(paused == pauses)
        let resumed = (0..<count).filter { _ in queue.next(maxJobs: 4, maxBytes: 100).resume }
        #expect(resumed == resumes)
        let end = queue.next(maxJobs: 4, maxBytes: 100)
        #expect(end.job == nil && !end.resume)
    }
}
