package import NIOCore

/// The heartbeat of revision 4: the server pings, the client answers. Messages never count.
///
/// Revision 3 turns the direction round (the client pings); its phases will be further cases here.
package struct Heartbeat: Sendable, Equatable {
    package enum Phase: Sendable, Equatable, CaseIterable {
        /// The next ping is due at the deadline.
        case resting
        /// A ping is on its way; its answer is due by the deadline.
        case awaitingPong
    }

    package private(set) var phase = Phase.resting
    package private(set) var deadline: NIODeadline

    package init(now: NIODeadline, timing: SessionTiming) {
        deadline = now + timing.pingInterval
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
        case .awaitingPong:
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
        case .resting:
            break
        }
    }
}
