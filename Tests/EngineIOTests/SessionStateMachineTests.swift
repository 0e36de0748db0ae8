import NIOCore
import Testing

@testable import EngineIO

private let timing = SessionTiming(EngineConfiguration())
private let start = NIODeadline.uptimeNanoseconds(1_000_000_000_000)

private func after(_ seconds: Int64) -> NIODeadline { start + .seconds(seconds) }

/// Every state that a session can be in, as far as its inputs tell them apart.
private enum Situation: String, CaseIterable, CustomTestStringConvertible {
    case pollingIdle, pollingHeld, posting, candidate, probed, awaitingPost, webSocket
    case closingHeld, closingProbed, closed

    var testDescription: String { rawValue }

    var isOpen: Bool {
        switch self {
        case .pollingIdle, .pollingHeld, .posting, .candidate, .probed, .awaitingPost, .webSocket: true
        case .closingHeld, .closingProbed, .closed: false
        }
    }

    var machine: SessionStateMachine { machine(.v4) }

    func machine(_ revision: Revision) -> SessionStateMachine {
        var machine = SessionStateMachine(
            transport: self == .webSocket ? .webSocket : .polling, revision: revision, timing: timing, now: start)
        switch self {
        case .pollingIdle, .webSocket: break
        case .pollingHeld: _ = machine.pollArrived(hasWaiting: false)
        case .posting: _ = machine.postArrived()
        case .candidate: _ = machine.candidateArrived(now: start)
        case .probed:
            _ = machine.candidateArrived(now: start)
            _ = machine.candidatePacketReceived(.ping(probe: true))
        case .awaitingPost:
            _ = machine.candidateArrived(now: start)
            _ = machine.candidatePacketReceived(.ping(probe: true))
            _ = machine.postArrived()
            _ = machine.candidatePacketReceived(.upgrade)
        case .closingHeld: _ = machine.closeRequested(hasWaiting: false, now: start)
        case .closingProbed:
            _ = machine.candidateArrived(now: start)
            _ = machine.candidatePacketReceived(.ping(probe: true))
            _ = machine.closeRequested(hasWaiting: true, now: start)
        case .closed: _ = machine.failed(.transportError)
        }
        return machine
    }
}

@Suite struct SessionStateMachineTests {
    @Test(arguments: Situation.allCases)
    fileprivate func pollArrived(_ situation: Situation) {
        typealias Row = [SessionStateMachine.PollAction]
        let expected: Row =
            switch situation {
            // With nothing waiting, and with something.
            case .pollingIdle, .posting, .candidate: [.hold, .answer]
            case .pollingHeld: [.overlap, .overlap]
            case .probed, .awaitingPost: [.answerNoop, .answer]
            case .webSocket: [.refuse(.badRequest), .refuse(.badRequest)]
            case .closingHeld, .closingProbed: [.answerClose, .answer]
            case .closed: [.refuse(.sessionUnknown), .refuse(.sessionUnknown)]
            }
        for (hasWaiting, action) in zip([false, true], expected) {
            var machine = situation.machine
            #expect(machine.pollArrived(hasWaiting: hasWaiting) == action)
            let isOver = action == .overlap || action == .answerClose || situation == .closed
            #expect((machine.state == .closed) == isOver)
        }
    }

    @Test(arguments: Situation.allCases)
    fileprivate func postArrived(_ situation: Situation) {
        var machine = situation.machine
        let expected: SessionStateMachine.PostAction =
            switch situation {
            case .pollingIdle, .pollingHeld, .candidate, .probed: .receive
            case .posting, .awaitingPost: .overlap
            case .webSocket: .refuse(.badRequest)
            case .closingHeld, .closingProbed: .discard
            case .closed: .refuse(.sessionUnknown)
            }
        #expect(machine.postArrived() == expected)
        #expect((machine.state == .closed) == (expected == .overlap || situation == .closed))
    }

    @Test(arguments: Situation.allCases)
    fileprivate func postCompletedCompletesAWaitingUpgrade(_ situation: Situation) {
        var machine = situation.machine
        #expect(machine.postCompleted() == (situation == .awaitingPost ? .completeUpgrade : .none))
        #expect((machine.transport == .webSocket) == (situation == .awaitingPost || situation == .webSocket))
    }

    @Test(arguments: Situation.allCases)
    fileprivate func abortsEndTheSessionOnlyWhileTheyAreUnanswered(_ situation: Situation) {
        var polled = situation.machine
        #expect(polled.pollAborted() == (situation == .pollingHeld ? .close(.transportError) : .ignore))
        var posted = situation.machine
        let isPosting = situation == .posting || situation == .awaitingPost
        #expect(posted.postAborted() == (isPosting ? .close(.transportError) : .ignore))
    }

    @Test func anAbortAfterTheEndIsARace() {
        var machine = Situation.pollingHeld.machine
        _ = machine.failed(.parseError)
        #expect(machine.pollAborted() == .ignore)
        machine = Situation.posting.machine
        _ = machine.failed(.parseError)
        #expect(machine.postAborted() == .ignore)
    }

    static let packets: [EnginePacket] = [
        .open(ByteBuffer(string: "{\"sid\":\"x\"}")), .close, .ping(probe: false), .ping(probe: true),
        .pong(probe: false), .pong(probe: true), .message(.text(ByteBuffer(string: "a"))),
        .message(.binary(ByteBuffer(bytes: [1]))), .upgrade, .noop,
    ]

    @Test(arguments: Situation.allCases, packets)
    fileprivate func packetReceived(_ situation: Situation, _ packet: EnginePacket) {
        for revision in Revision.allCases {
            var machine = situation.machine(revision)
            let expected: SessionStateMachine.ReceiveAction =
                switch (packet, revision) {
                case _ where !situation.isOpen: .ignore
                case (.message(let message), _): .deliver(message)
                case (.close, _): .close(.transportClose, answeringPollWith: .noop)
                case (.ping, .v3): .answerPing
                case (.ping, .v4), (.pong, .v3): .close(.transportError, answeringPollWith: .close)
                case (.pong, .v4), (.open, _), (.upgrade, _), (.noop, _): .ignore
                }
            #expect(machine.packetReceived(packet, now: start) == expected)
            #expect(machine.transport == (situation == .webSocket ? .webSocket : .polling))
        }
    }

    @Test(arguments: Situation.allCases, packets)
    fileprivate func candidatePacketReceived(_ situation: Situation, _ packet: EnginePacket) {
        var machine = situation.machine
        let expected: SessionStateMachine.CandidatePacketAction =
            switch (situation, packet) {
            case (.candidate, .ping(probe: true)): .answerProbe
            case (.probed, .upgrade): .complete
            case (.closingProbed, .upgrade): .completeAndClose
            default: .closeCandidate
            }
        #expect(machine.candidatePacketReceived(packet) == expected)
        #expect((machine.state == .open) == situation.isOpen, "whatever a candidate does, the session goes on")
        if expected == .completeAndClose { #expect(machine.state == .closed) }
        if expected == .closeCandidate { #expect(!machine.isUpgrading) }
        let isWebSocket = expected == .complete || expected == .completeAndClose || situation == .webSocket
        #expect(machine.transport == (isWebSocket ? .webSocket : .polling))
    }

    @Test func anUpgradeWaitsForThePostUnderWay() {
        var machine = Situation.probed.machine
        #expect(machine.postArrived() == .receive)
        #expect(machine.candidatePacketReceived(.upgrade) == .awaitPost)
        #expect(machine.transport == .polling)
        #expect(machine.postCompleted() == .completeUpgrade)
        #expect(machine.transport == .webSocket)
        #expect(!machine.isUpgrading)
    }

    @Test(arguments: Situation.allCases)
    fileprivate func candidateArrived(_ situation: Situation) {
        var machine = situation.machine
        let expected: SessionStateMachine.CandidateAction =
            switch situation {
            case .pollingIdle, .pollingHeld, .posting: .accept
            case .candidate, .probed, .awaitingPost, .webSocket: .closeAtOnce
            case .closingHeld, .closingProbed, .closed: .refuse(.sessionUnknown)
            }
        #expect(machine.candidateArrived(now: start) == expected)
        #expect(machine.isUpgrading == ![.webSocket, .closingHeld, .closed].contains(situation))
    }

    @Test(arguments: Situation.allCases)
    fileprivate func aLostCandidateLeavesTheSessionAsItWas(_ situation: Situation) {
        var machine = situation.machine
        machine.candidateClosed()
        #expect(!machine.isUpgrading)
        #expect(machine.state == situation.machine.state)
        #expect(machine.transport == situation.machine.transport)
    }

    @Test(arguments: Situation.allCases)
    fileprivate func closeRequested(_ situation: Situation) {
        typealias Row = [SessionStateMachine.CloseAction]
        let expected: Row =
            switch situation {
            case .pollingIdle, .posting, .candidate, .probed: [.hold, .hold]
            case .awaitingPost: [.completeAndClose, .completeAndClose]
            case .pollingHeld: [.answerPoll, .hold]
            case .webSocket: [.closeWebSocket, .closeWebSocket]
            case .closingHeld, .closingProbed, .closed: [.none, .none]
            }
        for (hasWaiting, action) in zip([false, true], expected) {
            var machine = situation.machine
            #expect(machine.closeRequested(hasWaiting: hasWaiting, now: start) == action)
            #expect(machine.state != .open)
            // Only a client whose probe was answered still counts on its candidate.
            let staysForTheClient = situation == .probed || situation == .closingProbed
            #expect(machine.isUpgrading == staysForTheClient)
        }
    }

    @Test(arguments: Situation.allCases)
    fileprivate func failed(_ situation: Situation) {
        var machine = situation.machine
        #expect(machine.failed(.parseError) == (situation.isOpen ? .close(.parseError) : .ignore))
        #expect(machine.failed(.parseError) == .ignore)
    }

    @Test(arguments: Situation.allCases)
    fileprivate func timersFireAtTheirDeadlineAndNotBefore(_ situation: Situation) {
        var machine = situation.machine
        guard let deadline = machine.deadline else {
            #expect(situation == .closed)
            return
        }
        #expect(machine.timerFired(now: deadline - .nanoseconds(1)) == .wait)
        let expected: SessionStateMachine.TimerAction =
            switch situation {
            case .pollingIdle, .pollingHeld, .posting, .webSocket: .sendPing
            case .candidate, .probed, .awaitingPost, .closingProbed: .closeCandidate
            case .closingHeld: .forget
            case .closed: .wait
            }
        #expect(machine.timerFired(now: deadline) == expected)
        #expect(machine.timerFired(now: deadline) == .wait)
    }

    @Test func theHeartbeatRunsOnTheServersClock() {
        var machine = Situation.webSocket.machine
        #expect(machine.deadline == after(25))
        #expect(machine.timerFired(now: after(25)) == .sendPing)
        #expect(machine.deadline == after(45))
        _ = machine.packetReceived(.pong(probe: false), now: after(30))
        #expect(machine.deadline == after(55))
        #expect(machine.timerFired(now: after(55)) == .sendPing)
        #expect(machine.timerFired(now: after(75)) == .close(.pingTimeout))
        #expect(machine.state == .closed)
        #expect(machine.deadline == nil)
    }

    @Test func messagesAndUnaskedPongsDoNotMoveTheHeartbeat() {
        var machine = Situation.webSocket.machine
        for second in 0..<20 {
            _ = machine.packetReceived(.pong(probe: false), now: after(Int64(second)))
            _ = machine.packetReceived(.message(.text(ByteBuffer(string: "x"))), now: after(Int64(second)))
            #expect(machine.deadline == after(25))
        }
    }

    /// Clients of revision 3 ping; what else they send says nothing about their heart.
    @Test func theHeartbeatOfRevision3RunsOnTheClientsClock() {
        var machine = Situation.webSocket.machine(.v3)
        #expect(machine.deadline == after(45))
        #expect(machine.timerFired(now: after(44)) == .wait)
        _ = machine.packetReceived(.message(.text(ByteBuffer(string: "x"))), now: after(44))
        #expect(machine.deadline == after(45))
        #expect(machine.packetReceived(.ping(probe: false), now: after(44)) == .answerPing)
        #expect(machine.deadline == after(89))
        #expect(machine.timerFired(now: after(88)) == .wait)
        #expect(machine.timerFired(now: after(89)) == .close(.pingTimeout))
        #expect(machine.deadline == nil)
    }

    /// Random inputs for ever: no state is left that has no way out, and a closed session stays closed.
    @Test(arguments: 0..<50)
    func randomInputsKeepTheRules(seed: Int) {
        var generator = SeededGenerator(seed: UInt64(seed))
        let first: TransportName = Bool.random(using: &generator) ? .polling : .webSocket
        let revision: Revision = seed % 2 == 0 ? .v4 : .v3
        var machine = SessionStateMachine(transport: first, revision: revision, timing: timing, now: start)
        var now = start
        var hasClosed = false
        for _ in 0..<400 {
            now = now + .milliseconds(Int64.random(in: 0...2_000, using: &generator))
            let packet = Self.packets.randomElement(using: &generator) ?? .noop
            let hasWaiting = Bool.random(using: &generator)
            let transport = machine.transport
            switch Int.random(in: 0..<60, using: &generator) {
            case 0..<12: _ = machine.pollArrived(hasWaiting: hasWaiting)
            case 12..<20: machine.pollAnswered()
            case 20..<26: _ = machine.postArrived()
            case 26..<32: _ = machine.postCompleted()
            case 32..<44:
                // What ends the session at once is tested above.
                switch (packet, revision) {
                case (.close, _), (.ping, .v4), (.pong, .v3): continue
                default: break
                }
                _ = machine.packetReceived(packet, now: now)
            case 44..<47: _ = machine.candidateArrived(now: now)
            case 47..<53: _ = machine.candidatePacketReceived(packet)
            case 53: machine.candidateClosed()
            case 54: if seed % 3 == 0 { _ = machine.closeRequested(hasWaiting: hasWaiting, now: now) }
            default: while machine.timerFired(now: now) != .wait {}
            }
            if transport == .webSocket { #expect(machine.transport == .webSocket) }
            #expect((machine.deadline == nil) == (machine.state == .closed))
            if hasClosed { #expect(machine.state == .closed) }
            hasClosed = machine.state == .closed
        }
    }
}
