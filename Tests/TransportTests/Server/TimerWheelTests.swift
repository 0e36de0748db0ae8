import NIOCore
import Testing

@testable import Transport

private let start = NIODeadline.uptimeNanoseconds(1_000_000_000_000)

private final class Target: TimerWheelTarget {
    var deadline: NIODeadline
    var wheelPosition = TimerWheel.Position()
    let pendingBytes = 0
    var fired: [NIODeadline] = []
    var onFire: () -> Void = {}

    init(_ seconds: Double) {
        deadline = start + .nanoseconds(Int64(seconds * 1_000_000_000))
    }

    func deadlineReached(now: NIODeadline) {
        fired.append(now)
        deadline = .distantFuture
        onFire()
    }

    func serverIsClosing() {}
    func closeNow() {}
}

@Suite struct TimerWheelTests {
    private func advance(_ wheel: inout TimerWheel, to seconds: Double) {
        let now = start + .nanoseconds(Int64(seconds * 1_000_000_000))
        while let targets = wheel.popSlot(now: now) {
            for target in targets {
                if wheel.shouldFire(target, now: now) { target.deadlineReached(now: now) }
                wheel.putBack(target)
            }
        }
    }

    private func makeWheel() -> TimerWheel { TimerWheel(tick: .milliseconds(100), now: start) }

    @Test(arguments: [0.0, 0.05, 0.1, 1, 25, 51.2, 51.3, 200])
    func aTargetFiresOnceAtMostATickLate(seconds: Double) {
        var wheel = makeWheel()
        let target = Target(seconds)
        wheel.arm(target)
        for tenth in 1...2100 {
            let now = Double(tenth) / 10
            advance(&wheel, to: now)
            if !target.fired.isEmpty {
                #expect(now >= seconds && now <= seconds + 0.11)
                break
            }
        }
        #expect(target.fired.count == 1)
        #expect(wheel.count == 1, "a target stays until it is removed")
    }

    @Test func aDeadlineMayMoveBothWays() {
        var wheel = makeWheel()
        let earlier = Target(30)
        let later = Target(5)
        wheel.arm(earlier)
        wheel.arm(later)
        earlier.deadline = start + .seconds(10)
        wheel.arm(earlier)
        later.deadline = start + .seconds(20)
        advance(&wheel, to: 10.2)
        #expect(earlier.fired.count == 1)
        #expect(later.fired.isEmpty)
        advance(&wheel, to: 20.2)
        #expect(later.fired.count == 1)
    }

    @Test func aRemovedTargetIsForgotten() {
        var wheel = makeWheel()
        let targets = (0..<10).map { _ in Target(1) }
        for target in targets { wheel.arm(target) }
        for target in targets.prefix(5) { wheel.remove(target) }
        wheel.remove(targets[0])
        #expect(wheel.count == 5)
        advance(&wheel, to: 2)
        #expect(targets.prefix(5).allSatisfy { $0.fired.isEmpty })
        #expect(targets.suffix(5).allSatisfy { $0.fired.count == 1 })
    }

    @Test func theNextWakeIsNoLaterThanTheFirstDeadlineAllows() throws {
        var wheel = makeWheel()
        #expect(wheel.nextWake == nil)
        let target = Target(7.25)
        wheel.arm(target)
        let wake = try #require(wheel.nextWake)
        #expect(wake >= target.deadline && wake <= target.deadline + .milliseconds(100))
        wheel.remove(target)
        #expect(wheel.nextWake == nil)
    }

    /// Against a model: nothing fires early, twice or more than a tick late, whatever is armed and removed when.
    @Test(arguments: 0..<20)
    func agreesWithAModel(seed: UInt64) {
        var generator = SplitMix(seed: seed)
        var wheel = makeWheel()
        var live: [ObjectIdentifier: Target] = [:]
        var now = 0.0
        for _ in 0..<2000 {
            switch Int.random(in: 0..<10, using: &generator) {
            case 0..<5:
                let target = Target(now + Double.random(in: 0...120, using: &generator))
                live[ObjectIdentifier(target)] = target
                wheel.arm(target)
            case 5:
                guard let (key, target) = live.randomElement(using: &generator) else { break }
                wheel.remove(target)
                live[key] = nil
            case 6:
                guard let target = live.randomElement(using: &generator)?.value else { break }
                let seconds = now + Double.random(in: 0...80, using: &generator)
                target.deadline = start + .nanoseconds(Int64(seconds * 1e9))
                wheel.arm(target)
            default:
                now += Double.random(in: 0...3, using: &generator)
                advance(&wheel, to: now)
                let time = start + .nanoseconds(Int64(now * 1e9))
                for (key, target) in live {
                    if target.fired.isEmpty {
                        #expect(target.deadline + .milliseconds(200) > time)
                    } else {
                        wheel.remove(target)
                        live[key] = nil
                    }
                }
            }
            #expect(wheel.count == live.count)
        }
    }
}
