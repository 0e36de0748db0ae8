import Assignment
import Testing

@testable import Gateway

/// When a node takes on less, and what (at limit - 1, limit and limit + 1).
@Suite struct AdmissionControlTests {
    private let start = ContinuousClock.now

    private func control(countsDelays: Bool = true) -> AdmissionControl { AdmissionControl(countsDelays: countsDelays) }

    /// The levels that the same sample leads to, looked at every 100 ms.
    private func levels(
        _ control: inout AdmissionControl, _ sample: AdmissionControl.Sample, from: Int = 0, times: Int = 16
    ) -> [AdmissionControl.Level] {
        (from..<(from + times)).map { number in
            control.observe(sample, now: self.start + .milliseconds(100 * number))
            return control.level
        }
    }

    @Test(arguments: [
        (AdmissionControl.Sample(queueDelay: .milliseconds(99)), false),
        (AdmissionControl.Sample(queueDelay: .milliseconds(100)), false),
        (AdmissionControl.Sample(queueDelay: .milliseconds(101)), true),
        (AdmissionControl.Sample(loopLag: .milliseconds(199)), false),
        (AdmissionControl.Sample(loopLag: .milliseconds(200)), false),
        (AdmissionControl.Sample(loopLag: .milliseconds(201)), true),
    ])
    func delays(sample: AdmissionControl.Sample, isTooLate: Bool) {
        var control = self.control()
        let levels = self.levels(&control, sample)
        #expect(levels.prefix(5).allSatisfy { $0 == .everything }, "not before it has been so for 500 ms")
        #expect(levels[5] == (isTooLate ? .noNewcomers : .everything))
        #expect(levels[9] == (isTooLate ? .noNewcomers : .everything))
        #expect(levels[10] == (isTooLate ? .noHistory : .everything))
        #expect(levels[15] == (isTooLate ? .noVisitors : .everything))
        // There is nothing further to refuse, and it comes back the same way.
        #expect(self.levels(&control, sample, from: 16).last == (isTooLate ? .noVisitors : .everything))
        guard isTooLate else { return }
        let back = self.levels(&control, .init(), from: 32)
        #expect([back[4], back[5], back[10], back[15]] == [.noVisitors, .noHistory, .noNewcomers, .everything])
    }

    /// One quick answer within the interval, and nothing is too late.
    @Test func aPeakIsNoOverload() {
        var control = self.control()
        for number in 0..<100 {
            let delay: Duration = number % 5 == 4 ? .zero : .seconds(1)
            control.observe(.init(queueDelay: delay), now: self.start + .milliseconds(100 * number))
            #expect(control.level == .everything)
        }
    }

    /// Nor do such peaks keep a node at the level that an overload brought it to.
    @Test func peaksDoNotKeepOthersOut() {
        var control = self.control()
        let late = AdmissionControl.Sample(queueDelay: .seconds(1))
        #expect(self.levels(&control, late).last == .noVisitors)
        for number in 16..<40 {
            let sample = number % 3 == 0 ? AdmissionControl.Sample() : late
            control.observe(sample, now: self.start + .milliseconds(100 * number))
        }
        #expect(control.level == .everything)
    }

    /// What hovers at the bound stays on one side of it.
    @Test func enoughMemoryIsLessThanTooMuch() {
        var control = self.control()
        let levels = [0.79, 0.81, 0.79, 0.76, 0.75, 0.79, 0.81].enumerated().map { number, share in
            control.observe(.init(memory: share), now: self.start + .milliseconds(100 * number))
            return control.isShortOfMemory
        }
        #expect(levels == [false, true, true, true, false, false, true])
    }

    @Test(arguments: [(0.79, false), (0.8, false), (0.81, true), (5, true)])
    func memory(share: Double, isShort: Bool) {
        for countsDelays in [true, false] {
            var control = self.control(countsDelays: countsDelays)
            let levels = self.levels(&control, .init(memory: share), times: 100)
            #expect(levels.allSatisfy { $0 == (isShort ? .noNewcomers : .everything) })
            #expect(control.isShortOfMemory == isShort)
            #expect(self.levels(&control, .init(), from: 100, times: 1) == [.everything])
        }
    }

    @Test func delaysCountOnlyWithLimits() {
        var control = self.control(countsDelays: false)
        let late = AdmissionControl.Sample(queueDelay: .seconds(9), loopLag: .seconds(9))
        #expect(self.levels(&control, late, times: 50).allSatisfy { $0 == .everything })
    }

    /// Every event of the table by everybody at every level: what is refused is listed here, and nothing else is.
    @Test func whatIsRefusedFirst() throws {
        let load = LoadLevel()
        for level in AdmissionControl.Level.allCases {
            load.level = level
            for event in EventTable.events {
                for role in EventSample.everybody {
                    var isRefused = level >= .noHistory && event.name == "chat:history"
                    if level >= .noVisitors, role == .visitor {
                        isRefused = isRefused || ["message:send", "chat:create"].contains(event.name)
                    }
                    var refusal: EventError?
                    do throws(EventError) {
                        try load.admit(event, by: role)
                    } catch {
                        refusal = error
                    }
                    #expect((refusal != nil) == isRefused, "\(event.name) by \(role) at \(level)")
                    #expect(refusal.map { $0.code == .unavailable && $0.retryAfterMs == 1000 } ?? true)
                }
            }
        }
    }

    @Test func theGroupsLimitIsFound() {
        #expect(ProcessMemory.group(in: "0::/\n") == "")
        #expect(ProcessMemory.group(in: "0::/system.slice/puente.service\n") == "/system.slice/puente.service")
        #expect(ProcessMemory.group(in: "12:cpu:/x\n1:name=systemd:/y\n") == nil)
        #expect(ProcessMemory.limit(in: "1073741824\n") == 1 << 30)
        #expect(ProcessMemory.limit(in: "max\n") == nil)
        #expect(ProcessMemory.resident > 1 << 20)
    }
}
