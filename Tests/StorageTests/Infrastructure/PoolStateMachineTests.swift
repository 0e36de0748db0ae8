import Testing

@testable import Storage

@Suite struct PoolStateMachineTests {
    typealias Action = PoolStateMachine.Action

    private let start = ContinuousClock.now

    /// A machine with `size` working connections.
    private func machine(
        size: Int, capacity: Int = 2, joinCapacity: Int = 2
    ) -> PoolStateMachine {
        var machine = PoolStateMachine(
            size: size,
            limits: [
                .statement: LaneLimits(capacity: capacity, maxWait: .seconds(1)),
                .message: LaneLimits(capacity: capacity, maxWait: .seconds(1)),
                .join: LaneLimits(capacity: joinCapacity, maxWait: .seconds(5)),
            ]
        )
        for slot in 0..<size { _ = machine.connected(slot) }
        return machine
    }

    @Test func connectsEverySlotAndSaysWhenTheFirstWorks() {
        var machine = PoolStateMachine(size: 2)
        #expect(machine.started() == [.connect(0, after: .zero), .connect(1, after: .zero)])
        #expect(machine.submitted(1, lane: .statement, now: self.start) == [.refuse(1, .noConnection)])
        #expect(machine.connected(1) == [.available(true)])
        #expect(machine.submitted(2, lane: .statement, now: self.start) == [.run(2, on: 1)])
        #expect(machine.connected(0) == [])
        #expect(machine.statistics.idle == 1 && machine.statistics.busy == 1)
    }

    @Test func boundsAtTheLimit() {
        for lane in Lane.allCases {
            var machine = self.machine(size: 1, capacity: 2)
            #expect(machine.submitted(1, lane: lane, now: self.start) == [.run(1, on: 0)])
            #expect(machine.submitted(2, lane: lane, now: self.start) == [])
            #expect(machine.submitted(3, lane: lane, now: self.start) == [])
            #expect(machine.submitted(4, lane: lane, now: self.start) == [.refuse(4, .queueFull)])
            #expect(machine.statistics.waiting[lane] == 2)
            // One leaves, one may come.
            #expect(machine.finished(0) == [.run(2, on: 0)])
            #expect(machine.submitted(5, lane: lane, now: self.start) == [])
            #expect(machine.submitted(6, lane: lane, now: self.start) == [.refuse(6, .queueFull)])
        }
    }

    @Test func whoIsFirstInLineSaysHowLongItTakes() {
        var machine = self.machine(size: 1)
        #expect(machine.longestWait(now: self.start) == .zero)
        _ = machine.submitted(1, lane: .message, now: self.start)
        #expect(machine.longestWait(now: self.start + .seconds(1)) == .zero, "it does not wait, it runs")
        _ = machine.submitted(2, lane: .join, now: self.start)
        #expect(machine.longestWait(now: self.start + .seconds(1)) == .zero, "joins have a line of their own")
        _ = machine.submitted(3, lane: .statement, now: self.start + .milliseconds(200))
        _ = machine.submitted(4, lane: .message, now: self.start + .milliseconds(300))
        #expect(machine.longestWait(now: self.start + .milliseconds(500)) == .milliseconds(300))
    }

    @Test func patienceEndsExactlyAtTheDeadline() {
        var machine = self.machine(size: 1)
        _ = machine.submitted(1, lane: .statement, now: self.start)
        _ = machine.submitted(2, lane: .statement, now: self.start)
        _ = machine.submitted(3, lane: .join, now: self.start)
        #expect(machine.nextDeadline == self.start + .seconds(1))
        #expect(machine.ticked(now: self.start + .milliseconds(999)) == [])
        #expect(machine.ticked(now: self.start + .seconds(1)) == [.refuse(2, .waitedTooLong)])
        #expect(machine.nextDeadline == self.start + .seconds(5))
        #expect(machine.ticked(now: self.start + .seconds(5)) == [.refuse(3, .waitedTooLong)])
        #expect(machine.nextDeadline == nil)
        #expect(machine.finished(0) == [])
    }

    @Test func lanesTakeTurnsAndMessagesGetEveryOther() {
        var machine = self.machine(size: 1, capacity: 10, joinCapacity: 10)
        _ = machine.submitted(0, lane: .statement, now: self.start)
        for job in 1...4 { _ = machine.submitted(UInt64(10 + job), lane: .message, now: self.start) }
        for job in 1...2 { _ = machine.submitted(UInt64(20 + job), lane: .statement, now: self.start) }
        for job in 1...2 { _ = machine.submitted(UInt64(30 + job), lane: .join, now: self.start) }
        let order = (0..<8).flatMap { _ in machine.finished(0) }
        // The first statement has had the turn of its lane.
        #expect(order == [11, 31, 12, 21, 13, 32, 14, 22].map { .run($0, on: 0) })
    }

    @Test func joinsGetHalfOfTheConnections() {
        var machine = self.machine(size: 4, capacity: 10, joinCapacity: 10)
        #expect(machine.submitted(1, lane: .join, now: self.start).count == 1)
        #expect(machine.submitted(2, lane: .join, now: self.start).count == 1)
        #expect(machine.submitted(3, lane: .join, now: self.start) == [])
        // The others stay free for messages.
        #expect(machine.submitted(4, lane: .message, now: self.start).count == 1)
        #expect(machine.submitted(5, lane: .message, now: self.start).count == 1)
        #expect(machine.submitted(6, lane: .message, now: self.start) == [])
    }

    @Test func lossOfOneConnectionHarmsNobodyElse() {
        var machine = self.machine(size: 2)
        #expect(machine.submitted(1, lane: .statement, now: self.start) == [.run(1, on: 1)])
        #expect(machine.lost(1) == [.connect(1, after: .zero)])
        #expect(machine.isAvailable)
        #expect(machine.submitted(2, lane: .statement, now: self.start) == [.run(2, on: 0)])
    }

    @Test func lossOfAllConnectionsFailsEveryWaiterAtOnce() {
        var machine = self.machine(size: 1)
        _ = machine.submitted(1, lane: .statement, now: self.start)
        _ = machine.submitted(2, lane: .statement, now: self.start)
        _ = machine.submitted(3, lane: .message, now: self.start)
        _ = machine.submitted(4, lane: .join, now: self.start)
        #expect(
            machine.lost(0) == [
                .connect(0, after: .zero), .available(false), .refuse(3, .noConnection), .refuse(2, .noConnection),
                .refuse(4, .noConnection),
            ]
        )
        #expect(machine.submitted(5, lane: .message, now: self.start) == [.refuse(5, .noConnection)])
        #expect(machine.submitted(6, lane: .join, now: self.start) == [.refuse(6, .noConnection)])
        #expect(machine.connected(0) == [.available(true)])
        #expect(machine.submitted(7, lane: .join, now: self.start) == [.run(7, on: 0)])
    }

    @Test func anUnstartedJobKeepsItsPlace() {
        var machine = self.machine(size: 2, capacity: 10)
        #expect(machine.submitted(1, lane: .statement, now: self.start) == [.run(1, on: 1)])
        #expect(machine.submitted(2, lane: .statement, now: self.start) == [.run(2, on: 0)])
        #expect(machine.submitted(3, lane: .statement, now: self.start) == [])
        #expect(machine.lost(1, unstarted: true) == [.connect(1, after: .zero)])
        #expect(machine.nextDeadline == self.start + .seconds(1))
        #expect(machine.finished(0) == [.run(1, on: 0)])
    }

    @Test func attemptsBackOffAndEndWhenTheServerIsBack() {
        var machine = PoolStateMachine(size: 2)
        let delays = (1...9).map { _ in machine.lost(0) }
        #expect(
            delays
                == [50, 100, 200, 400, 800, 1000, 1000, 1000, 1000].map {
                    [.connect(0, after: .milliseconds($0))]
                }
        )
        #expect(machine.connected(1) == [.available(true), .connect(0, after: .zero)])
    }

    @Test func cancelledWhileWaiting() {
        var machine = self.machine(size: 1)
        _ = machine.submitted(1, lane: .statement, now: self.start)
        _ = machine.submitted(2, lane: .statement, now: self.start)
        #expect(machine.cancelled(2) == [.refuse(2, .cancelled)])
        #expect(machine.cancelled(2) == [])
        // One that runs is not interrupted.
        #expect(machine.cancelled(1) == [])
        #expect(machine.finished(0) == [])
    }

    @Test func shutDownLetsRunningJobsFinish() {
        var machine = self.machine(size: 2)
        _ = machine.submitted(1, lane: .statement, now: self.start)
        #expect(machine.shutDown() == [.stop(0)])
        #expect(machine.submitted(2, lane: .join, now: self.start) == [.refuse(2, .shutDown)])
        #expect(machine.finished(1) == [.stop(1)])
        #expect(machine.shutDown() == [])
        // What comes late changes nothing.
        #expect(machine.connected(0) == [])
        #expect(machine.lost(0) == [])
    }

    @Test func shutDownRefusesWaiters() {
        var machine = self.machine(size: 1)
        _ = machine.submitted(1, lane: .statement, now: self.start)
        _ = machine.submitted(2, lane: .statement, now: self.start)
        #expect(machine.shutDown() == [.refuse(2, .shutDown)])
        #expect(machine.lost(0) == [.stop(0)])
    }
}
