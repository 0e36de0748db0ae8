package import NIOCore

/// The rules of one Engine.IO session: which request, packet or silence leads to what.
///
/// Inputs are methods, each with its own small action declared above it; performing the action is the caller's
/// part. Three kinds of "cannot happen" are told apart: what a peer may not do closes the session or refuses the
/// request; a benign race (an abort of a poll already answered, a timer that came early) is ignored; and what only a
/// fault of ours could cause is not representable here.
package struct SessionStateMachine: Sendable {
    package enum State: Sendable, Equatable {
        case open
        /// Over for the layer above; a polling client has yet to be told, until the deadline.
        case closing(until: NIODeadline)
        case closed
    }

    package private(set) var state = State.open
    /// The transport that carries messages now.
    package private(set) var transport: TransportName
    package let revision: Revision
    private let timing: SessionTiming
    private var heartbeat: Heartbeat
    private var upgrade = Upgrade()
    private var gate = PollGate()

    package init(transport: TransportName, revision: Revision, timing: SessionTiming, now: NIODeadline) {
        self.transport = transport
        self.revision = revision
        self.timing = timing
        heartbeat = Heartbeat(revision: revision, now: now, timing: timing)
    }

    /// When ``timerFired(now:)`` must be called at the latest; nil once nothing is due any more.
    package var deadline: NIODeadline? {
        switch state {
        case .open: upgrade.deadline.map { min($0, heartbeat.deadline) } ?? heartbeat.deadline
        case .closing(let until): upgrade.deadline.map { min($0, until) } ?? until
        case .closed: nil
        }
    }

    /// Whether a GET waits for its answer.
    package var isPolling: Bool { gate.isPolling }

    /// Whether a candidate is under way.
    package var isUpgrading: Bool { upgrade.phase != .none }

    // MARK: Polling

    package enum PollAction: Sendable, Equatable {
        /// Keep the GET until there is something to say.
        case hold
        /// Answer with what waits.
        case answer
        /// Answer with a noop: the client is about to leave polling.
        case answerNoop
        /// Answer with the close packet; that ends the session.
        case answerClose
        /// Refuse this GET with an empty 400, answer the other with the close packet, close as a transport error.
        case overlap
        case refuse(EngineError)
    }

    /// A GET of this session arrived.
    ///
    /// - Parameter hasWaiting: whether there is something for the client.
    package mutating func pollArrived(hasWaiting: Bool) -> PollAction {
        switch (state, transport) {
        case (.closed, _): return .refuse(.sessionUnknown)
        case (.open, .webSocket), (.closing, .webSocket): return .refuse(.badRequest)
        case (.closing, .polling):
            guard !hasWaiting else { return .answer }
            end()
            return .answerClose
        case (.open, .polling):
            guard gate.beginPoll() else {
                end()
                return .overlap
            }
            guard !hasWaiting else { return .answer }
            return upgrade.releasesPolls ? .answerNoop : .hold
        }
    }

    /// The waiting GET has been answered.
    package mutating func pollAnswered() { gate.endPoll() }

    package enum AbortAction: Sendable, Equatable {
        /// The request had been answered before.
        case ignore
        case close(CloseReason)
    }

    /// The client went away while its GET waited.
    package mutating func pollAborted() -> AbortAction {
        guard gate.isPolling else { return .ignore }
        gate.endPoll()
        return abort()
    }

    package enum PostAction: Sendable, Equatable {
        case receive
        /// The session is over but for telling its client: take the body and ignore it.
        case discard
        /// Refuse this POST with an empty 400 and close as a transport error.
        case overlap
        case refuse(EngineError)
    }

    /// A POST of this session arrived, with or without its body.
    package mutating func postArrived() -> PostAction {
        switch (state, transport) {
        case (.closed, _): return .refuse(.sessionUnknown)
        case (.open, .webSocket), (.closing, .webSocket): return .refuse(.badRequest)
        case (.closing, .polling): return .discard
        case (.open, .polling):
            guard gate.beginPost() else {
                end()
                return .overlap
            }
            return .receive
        }
    }

    package enum PostEndAction: Sendable, Equatable {
        case none
        /// The candidate that waited for this POST becomes the transport.
        case completeUpgrade
    }

    /// All packets of the POST under way have been received.
    package mutating func postCompleted() -> PostEndAction {
        gate.endPost()
        guard state == .open, upgrade.postEnded() else { return .none }
        transport = .webSocket
        return .completeUpgrade
    }

    /// The client went away before the end of its POST.
    package mutating func postAborted() -> AbortAction {
        guard gate.isPosting else { return .ignore }
        gate.endPost()
        return abort()
    }

    private mutating func abort() -> AbortAction {
        switch state {
        case .open:
            end()
            return .close(.transportError)
        case .closing, .closed: return .ignore
        }
    }

    // MARK: Packets

    package enum ReceiveAction: Sendable, Equatable {
        case deliver(EngineMessage)
        case ignore
        /// Send a pong.
        case answerPing
        /// Close; a waiting GET is answered with `packet`.
        case close(CloseReason, answeringPollWith: EnginePacket)
    }

    /// A packet arrived by the current transport. The time is asked for only where it matters: for the heartbeat.
    package mutating func packetReceived(
        _ packet: consuming EnginePacket, now: @autoclosure () -> NIODeadline
    ) -> ReceiveAction {
        guard state == .open else { return .ignore }
        switch packet {
        case .message(let message):
            return .deliver(message)
        case .pong where revision == .v4:
            heartbeat.pongReceived(now: now(), timing: timing)
            return .ignore
        case .ping where revision == .v3:
            heartbeat.pingReceived(now: now(), timing: timing)
            return .answerPing
        case .open, .upgrade, .noop:
            return .ignore
        case .close:
            end()
            return .close(.transportClose, answeringPollWith: .noop)
        case .ping, .pong:
            // "invalid heartbeat direction": clients ping in revision 3 and answer in revision 4.
            end()
            return .close(.transportError, answeringPollWith: .close)
        }
    }

    package enum FailureAction: Sendable, Equatable {
        case ignore
        case close(CloseReason)
    }

    /// The current transport failed or broke a rule: unreadable packet, illegal frame, wrong content type, too much
    /// waiting. What waits is dropped.
    package mutating func failed(_ reason: CloseReason) -> FailureAction {
        guard state == .open else { return .ignore }
        end()
        return .close(reason)
    }

    // MARK: Upgrade

    package enum CandidateAction: Sendable, Equatable {
        case accept
        /// Accept the WebSocket and close it at once, as Node does: the session has, or is getting, another one.
        case closeAtOnce
        case refuse(EngineError)
    }

    /// A WebSocket with this session's id asks to be let in.
    package mutating func candidateArrived(now: NIODeadline) -> CandidateAction {
        switch (state, transport) {
        case (.closed, _), (.closing, _): return .refuse(.sessionUnknown)
        case (.open, .webSocket): return .closeAtOnce
        case (.open, .polling):
            return upgrade.candidateArrived(now: now, timing: timing) ? .accept : .closeAtOnce
        }
    }

    package enum CandidatePacketAction: Sendable, Equatable {
        case answerProbe
        /// The candidate becomes the transport.
        case complete
        /// The same, but the session is over: send what waits on the candidate, and close it.
        case completeAndClose
        /// The same as `complete`, once the POST is done; the candidate is not read until then.
        case awaitPost
        /// The candidate broke the rules; the session goes on polling.
        case closeCandidate
    }

    /// A packet arrived on the candidate.
    package mutating func candidatePacketReceived(_ packet: EnginePacket) -> CandidatePacketAction {
        guard state != .closed, transport == .polling else { return .closeCandidate }
        // What a closing session is posted is not looked at: nothing to wait for.
        switch upgrade.packetReceived(packet, isPosting: state == .open && gate.isPosting) {
        case .answerProbe: return .answerProbe
        case .awaitPost: return .awaitPost
        case .closeCandidate: return .closeCandidate
        case .complete:
            transport = .webSocket
            guard state == .open else {
                state = .closed
                return .completeAndClose
            }
            return .complete
        }
    }

    /// The candidate is gone, or sent something unreadable; the session goes on.
    package mutating func candidateClosed() { upgrade.candidateClosed() }

    // MARK: End

    package enum CloseAction: Sendable, Equatable {
        case none
        /// Answer the waiting GET with the close packet.
        case answerPoll
        /// Keep what waits for the next GETs, until the deadline, and the close packet for the one after; a GET that is
        /// here gets its share at once.
        case hold
        /// Send what waits and a close frame.
        case closeWebSocket
        /// The same on the candidate, which the client has moved to.
        case completeAndClose
    }

    /// The layer above closes the session; the client gets what waits first.
    ///
    /// A polling client gets the close packet in an answer of its own: the JavaScript client, since version 4, obeys it before
    /// it has looked at the messages of the same answer, and would take a farewell (`41`) for a lost connection.
    package mutating func closeRequested(hasWaiting: Bool, now: NIODeadline) -> CloseAction {
        guard state == .open else { return .none }
        switch transport {
        case .webSocket:
            state = .closed
            return .closeWebSocket
        case .polling where upgrade.isDecided:
            transport = .webSocket
            end()
            return .completeAndClose
        case .polling where gate.isPolling && !hasWaiting:
            end()
            return .answerPoll
        case .polling:
            // A client whose probe was answered polls no more: it would never hear what waits, nor of the end.
            upgrade.sessionClosing()
            state = .closing(until: now + timing.pollingCloseTimeout)
            return .hold
        }
    }

    package enum TimerAction: Sendable, Equatable {
        /// Nothing is due before ``deadline``.
        case wait
        case sendPing
        case closeCandidate
        /// Close; a waiting GET is answered with the close packet.
        case close(CloseReason)
        /// The client of a closing session never came back.
        case forget
    }

    /// Time has passed. One action at a time: call again until it says `wait`.
    package mutating func timerFired(now: NIODeadline) -> TimerAction {
        switch state {
        case .open:
            if upgrade.timerFired(now: now) { return .closeCandidate }
            switch heartbeat.timerFired(now: now, timing: timing) {
            case .wait: return .wait
            case .sendPing: return .sendPing
            case .expire:
                end()
                return .close(.pingTimeout)
            }
        case .closing(let until):
            if upgrade.timerFired(now: now) { return .closeCandidate }
            guard now >= until else { return .wait }
            end()
            return .forget
        case .closed:
            return .wait
        }
    }

    private mutating func end() {
        state = .closed
        upgrade.candidateClosed()
    }
}
