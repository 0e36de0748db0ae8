package import NIOCore

/// The heartbeat: in revision 4 the server pings and the client answers, in revision 3 it is the other way round.
/// Messages never count.
package struct Heartbeat: Sendable, Equatable {
    package enum Phase: Sendable, Equatable, CaseIterable {
        /// The next ping is due at the deadline.
        case resting
        /// A ping is on its way; its answer is due by the deadline.
        case awaitingPong
        /// Revision 3: the client's next ping is due by the deadline.
        case awaitingPing
    }

    package private(set) var phase: Phase
    package private(set) var deadline: NIODeadline

    package init(revision: Revision, now: NIODeadline, timing: SessionTiming) {
        switch revision {
        case .v3:
            phase = .awaitingPing
            deadline = now + timing.pingInterval + timing.pingTimeout
        case .v4:
            phase = .resting
            deadline = now + timing.pingInterval
        }
    }

    package enum TimerAction: Sendable, Equatable {
        case wait
        case sendPing
        case expire
    }

    /// Time has passed.
    package mutating func timerFired(now: NIODeadline, timing: SessionTiming) -> TimerAction {
        guard now >= deadline else { return .wait }
        switch phase {
        case .resting:
            phase = .awaitingPong
            deadline = now + timing.pingTimeout
            return .sendPing
        case .awaitingPong, .awaitingPing:
            return .expire
        }
    }

    /// A pong arrived. One that nobody asked for is a benign race or noise and must not move the timer
    /// (CVE-2026-48802).
    package mutating func pongReceived(now: NIODeadline, timing: SessionTiming) {
        switch phase {
        case .awaitingPong:
            phase = .resting
            deadline = now + timing.pingInterval
        case .resting, .awaitingPing:
            break
        }
    }

    /// A ping arrived, in revision 3.
    package mutating func pingReceived(now: NIODeadline, timing: SessionTiming) {
        switch phase {
        case .awaitingPing: deadline = now + timing.pingInterval + timing.pingTimeout
        case .resting, .awaitingPong: break
        }
    }
}
