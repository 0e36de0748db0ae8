internal import Assignment
internal import Synchronization

/// One authenticated socket: who it is, and what lives exactly as long as the connection.
///
/// Its events are handled one after the other (`Namespace.onUnhandled`): a client that sends three messages without waiting for acks
/// gets them numbered in that order.
final class Session: Sendable {
    private struct State {
        var principal: Principal
        var modes: [String: JoinMode] = [:]
        /// What was said over this connection; nil where nothing was, so that what is stored holds.
        var consent: Bool?
        /// The expiry of which the client was told.
        var warnedOf: Timestamp?
        /// Where the visitor's last message went that named no chat.
        var usualChat: String?
        var actionSecond: (start: ContinuousClock.Instant, count: Int)?
        /// Events in a row that came too fast.
        var strikes = 0
        /// Chats of others into which they looked, as far as the audit knows.
        var looked: Set<String> = []
    }

    let socket: any ClientSocket
    private let state: Mutex<State>

    init(principal: Principal, socket: any ClientSocket, consent: Bool? = nil) {
        self.socket = socket
        self.state = Mutex(State(principal: principal, consent: consent))
    }

    var principal: Principal { self.state.withLock { $0.principal } }

    /// The same identity with a later expiry, after `session:refresh`.
    func renew(_ principal: Principal) {
        self.state.withLock { $0.principal = principal }
    }

    /// - Returns: Whether the client has not been told of this expiry yet.
    func warn(of expiry: Timestamp) -> Bool {
        self.state.withLock { state in
            guard state.warnedOf != expiry else { return false }
            state.warnedOf = expiry
            return true
        }
    }

    /// Counts an event that came too fast, or forgets those that did.
    ///
    /// - Returns: Whether there were so many in a row that whoever sends them does not listen to the answers.
    func strike(_ isTooFast: Bool) -> Bool {
        self.state.withLock { state in
            state.strikes = isTooFast ? state.strikes + 1 : 0
            return state.strikes >= Limits.strikes
        }
    }

    /// Whether the visitor lets their actions be observed.
    var hasConsented: Bool {
        get { self.state.withLock { $0.consent ?? false } }
        set { self.state.withLock { $0.consent = newValue } }
    }

    /// Takes over what the visitor said another time, unless they said something over this connection.
    func recallConsent(_ tracking: Bool) {
        self.state.withLock { if $0.consent == nil { $0.consent = tracking } }
    }

    /// Whether one more `visitor:action` is relayed: 5 a second, the others are dropped.
    func mayRelayAction(now: ContinuousClock.Instant = .now) -> Bool {
        self.state.withLock { state in
            if let second = state.actionSecond, now - second.start < .seconds(1) {
                state.actionSecond?.count += 1
                return second.count < 5
            }
            state.actionSecond = (now, 1)
            return true
        }
    }

    /// The chat to which this visitor's messages go that name none, as far as this connection knows: it may have been
    /// closed since.
    var usualChat: String? {
        get { self.state.withLock { $0.usualChat } }
        set { self.state.withLock { $0.usualChat = newValue } }
    }

    /// How this socket joined a chat; nil where it did not.
    func mode(in chat: String) -> JoinMode? {
        self.state.withLock { $0.modes[chat] }
    }

    func setMode(_ mode: JoinMode?, in chat: String) {
        self.state.withLock { $0.modes[chat] = mode }
    }

    /// The chats that this socket joined, with how.
    var modes: [String: JoinMode] { self.state.withLock { $0.modes } }

    /// Whether the audit says that they looked into a chat that was not theirs.
    func hasLooked(into chat: String) -> Bool { self.state.withLock { $0.looked.contains(chat) } }

    /// It does by now. What is forgotten for want of room is noted once more.
    func looked(into chat: String) {
        self.state.withLock { state in
            if state.looked.count >= 1000 { state.looked = [] }
            state.looked.insert(chat)
        }
    }
}
