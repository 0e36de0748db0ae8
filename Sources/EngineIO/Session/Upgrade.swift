package import NIOCore

/// The move of a polling session to a WebSocket: candidate, probe, upgrade.
package struct Upgrade: Sendable, Equatable {
    package enum Phase: Sendable, Equatable {
        /// No candidate.
        case none
        /// A WebSocket with this session's id is open.
        case candidate(until: NIODeadline)
        /// It was probed: polls are released at once, so that the client can stop polling.
        case probed(until: NIODeadline)
        /// The client said `5` while a POST of its was still under way; its packets come first.
        case awaitingPost(until: NIODeadline)
    }

    package private(set) var phase = Phase.none

    package init() {}

    /// When the candidate is given up.
    package var deadline: NIODeadline? {
        switch phase {
        case .none: nil
        case .candidate(let until), .probed(let until), .awaitingPost(let until): until
        }
    }

    /// Whether polls are answered at once.
    package var releasesPolls: Bool {
        switch phase {
        case .none, .candidate: false
        case .probed, .awaitingPost: true
        }
    }

    /// A WebSocket asks to become the transport; false if another one already does.
    package mutating func candidateArrived(now: NIODeadline, timing: SessionTiming) -> Bool {
        guard phase == .none else { return false }
        phase = .candidate(until: now + timing.upgradeTimeout)
        return true
    }

    package enum PacketAction: Sendable, Equatable {
        case answerProbe
        /// The candidate becomes the transport.
        case complete
        /// The same, once the POST is done; the candidate is not read until then.
        case awaitPost
        /// The candidate broke the rules; the session goes on polling.
        case closeCandidate
    }

    /// A packet arrived on the candidate. `5` is accepted only after a probe (upstream takes it without, [U04]).
    package mutating func packetReceived(_ packet: EnginePacket, isPosting: Bool) -> PacketAction {
        switch (phase, packet) {
        case (.candidate(let until), .ping(probe: true)):
            phase = .probed(until: until)
            return .answerProbe
        case (.probed(let until), .upgrade):
            guard !isPosting else {
                phase = .awaitingPost(until: until)
                return .awaitPost
            }
            phase = .none
            return .complete
        case (.none, _), (.candidate, _), (.probed, _), (.awaitingPost, _):
            phase = .none
            return .closeCandidate
        }
    }

    /// The POST under way ended; true if the upgrade waited for it and is complete now.
    package mutating func postEnded() -> Bool {
        guard case .awaitingPost = phase else { return false }
        phase = .none
        return true
    }

    /// Whether the client has left polling.
    package var isDecided: Bool {
        switch phase {
        case .none, .candidate, .probed: false
        case .awaitingPost: true
        }
    }

    /// The session closes: only a candidate whose probe was answered stays, for its client polls no more.
    package mutating func sessionClosing() {
        switch phase {
        case .none, .probed: break
        case .candidate, .awaitingPost: phase = .none
        }
    }

    /// The candidate is gone.
    package mutating func candidateClosed() { phase = .none }

    /// Time has passed; true if the candidate took too long.
    package mutating func timerFired(now: NIODeadline) -> Bool {
        guard let deadline, now >= deadline else { return false }
        phase = .none
        return true
    }
}
