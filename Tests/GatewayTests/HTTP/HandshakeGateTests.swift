import EngineIO
import NIOHTTP1
import Testing

@testable import Gateway
@testable import Transport

/// Who is let through to the Socket.IO server, and with which status the others are told to come back.
@Suite struct HandshakeGateTests {
    private final class Server: EngineHandler {
        let admission: Admission

        init(_ admission: Admission = .accept) {
            self.admission = admission
        }

        func admit(_ handshake: EngineHandshake) -> Admission { self.admission }
        func opened(_ connection: EngineConnection) {}
        func received(_ message: EngineMessage, on connection: EngineConnection) {}
        func closed(_ connection: EngineConnection, reason: CloseReason) {}
    }

    private func gate(
        _ state: ServiceState, server: Server = Server(), proxies: [String] = [],
        limits: LimitSettings = LimitSettings()
    ) -> HandshakeGate {
        var http = HTTPSettings()
        http.trustedProxies = proxies
        return HandshakeGate(before: server, state: state, http: http, limits: limits, jitter: { 0 })
    }

    private func handshake(from address: String, forwardedFor: String? = nil) -> EngineHandshake {
        EngineHandshake(
            url: "/socket.io/?EIO=4&transport=polling",
            headers: forwardedFor.map { [(name: "X-Forwarded-For", value: $0)] } ?? [],
            remoteAddress: address, isSecure: false, transport: .polling, form: WireForm(revision: .v4)
        )
    }

    private var accepting: ServiceState {
        let state = ServiceState()
        state.enter(.accepting)
        return state
    }

    private func status(_ admission: Admission) -> Int? {
        if case .reject(let rejection) = admission { rejection.status } else { nil }
    }

    /// An address has its place back when its handshake comes to nothing.
    @Test func whatIsAbandonedCountsNoMore() {
        var limits = LimitSettings()
        limits.connectionsPerAddress = 2
        let gate = self.gate(self.accepting, limits: limits)
        let visitor = self.handshake(from: "203.0.113.1")
        for _ in 0..<2 { #expect(gate.admit(visitor) == .accept) }
        #expect(self.status(gate.admit(visitor)) == 429)
        gate.abandoned(visitor)
        #expect(gate.admit(visitor) == .accept)
        #expect(self.status(gate.admit(visitor)) == 429)
    }

    @Test func nobodyIsLetInWhoCouldNotBeServed() {
        let state = ServiceState()
        let gate = self.gate(state)
        let visitor = self.handshake(from: "203.0.113.1")
        let away = Admission.reject(Rejection(status: 503, message: "Service Unavailable", retryAfter: 1))
        #expect(gate.admit(visitor) == away)
        state.enter(.accepting)
        #expect(gate.admit(visitor) == .accept)
        state.isStorageAvailable = false
        #expect(gate.admit(visitor) == away)
        state.isStorageAvailable = true
        #expect(gate.admit(visitor) == .accept)
        state.enter(.draining)
        #expect(gate.admit(visitor) == away)
    }

    @Test func anAddressHasItsShare() {
        let gate = self.gate(self.accepting, limits: LimitSettings(connectionsPerAddress: 2))
        for _ in 0..<2 { #expect(gate.admit(self.handshake(from: "203.0.113.1")) == .accept) }
        #expect(
            gate.admit(self.handshake(from: "203.0.113.1"))
                == .reject(Rejection(status: 429, message: "Too Many Requests", retryAfter: 10))
        )
        #expect(gate.admit(self.handshake(from: "203.0.113.2")) == .accept)
        // One IPv6 subscriber has a /64.
        for last in 1...2 { #expect(gate.admit(self.handshake(from: "2001:db8::\(last)")) == .accept) }
        #expect(self.status(gate.admit(self.handshake(from: "2001:db8::3"))) == 429)
    }

    /// Row U12: sessions are secrets, and guessing at them costs the address its handshakes.
    @Test func whoGuessesAtSessionsIsNotListenedTo() {
        let gate = self.gate(self.accepting, limits: LimitSettings(unknownSessionsPerMinute: 20))
        func guess(_ cause: ConnectionError.Cause, times: Int) {
            let head = HTTPRequestHead(
                version: .http1_1, method: .GET, uri: "/socket.io/?EIO=4&transport=polling&sid=x")
            let request = EngineRequest(head, remoteAddress: "203.0.113.1", isSecure: false)
            for _ in 0..<times { gate.refused(ConnectionError(request: request, cause: cause)) }
        }
        guess(.unknownTransport("carrier pigeon"), times: 100)
        guess(.unknownSession("x"), times: 19)
        #expect(gate.admit(self.handshake(from: "203.0.113.1")) == .accept)
        guess(.unknownSession("x"), times: 2)
        #expect(self.status(gate.admit(self.handshake(from: "203.0.113.1"))) == 429)
        #expect(gate.admit(self.handshake(from: "203.0.113.2")) == .accept)
    }

    @Test func loopbackIsExemptUntilProxiesAreConfigured() {
        let limits = LimitSettings(connectionsPerAddress: 1)
        let open = self.gate(self.accepting, limits: limits)
        for _ in 0..<3 {
            #expect(open.admit(self.handshake(from: "127.0.0.1", forwardedFor: "203.0.113.1")) == .accept)
        }

        let proxied = self.gate(self.accepting, proxies: ["127.0.0.1"], limits: limits)
        #expect(proxied.admit(self.handshake(from: "127.0.0.1", forwardedFor: "203.0.113.1")) == .accept)
        #expect(
            self.status(proxied.admit(self.handshake(from: "127.0.0.1", forwardedFor: "9.9.9.9, 203.0.113.1"))) == 429)
        #expect(proxied.admit(self.handshake(from: "127.0.0.1", forwardedFor: "203.0.113.2")) == .accept)
    }

    @Test func limitsCanBeSwitchedOff() {
        let gate = self.gate(self.accepting, limits: LimitSettings(enabled: false, connectionsPerAddress: 1))
        for _ in 0..<5 { #expect(gate.admit(self.handshake(from: "203.0.113.1")) == .accept) }
    }

    @Test func whatTheServerRefusesCountsForNobody() {
        let refusal = Admission.reject(Rejection(status: 403))
        let gate = self.gate(
            self.accepting, server: Server(refusal), limits: LimitSettings(connectionsPerAddress: 1)
        )
        for _ in 0..<3 { #expect(gate.admit(self.handshake(from: "203.0.113.1")) == refusal) }
    }
}
