import NIOCore
import Testing

@testable import AdapterContract
@testable import SocketIO

@Suite struct SessionRecoveryTests {
    private static func makeRecovery(
        _ configuration: RecoveryConfiguration = RecoveryConfiguration()
    ) -> (SessionRecovery<ContractMember>, ContractHost) {
        let host = ContractHost()
        return (SessionRecovery(configuration, AdapterContext(namespace: "/", host: host)), host)
    }

    @Test("What has expired is forgotten without anybody asking", .timeLimit(.minutes(1)))
    func expiry() async throws {
        var configuration = RecoveryConfiguration()
        configuration.maxDisconnectionDuration = .milliseconds(20)
        let (recovery, _) = Self.makeRecovery(configuration)
        let ana = ContractMember("ana")
        let session = RecoverableSession(sid: "ana", ticket: recovery.makeTicket(), rooms: ["ana"], data: nil)
        recovery.publish(BroadcastEvent("m"), to: BroadcastTarget(), flags: BroadcastFlags()) { [ana] }
        recovery.store(session, of: ana)
        #expect(recovery.kept == (1, 1))
        while recovery.kept != (0, 0) { await Task.yield() }
        // The timer ends with the last of it, and begins anew.
        recovery.store(session, of: ana)
        while recovery.kept != (0, 0) { await Task.yield() }
    }

    @Test("Events carry their offset; what nobody can ask for later is not kept")
    func events() {
        let (recovery, host) = Self.makeRecovery()
        let ana = ContractMember("ana")
        recovery.publish(BroadcastEvent("unheard"), to: BroadcastTarget(), flags: BroadcastFlags()) { [] }
        #expect(recovery.kept == (0, 0))
        recovery.publish(BroadcastEvent("m", [1]), to: BroadcastTarget(), flags: BroadcastFlags()) { [ana] }
        #expect(recovery.kept == (1, 0))
        guard case .delivered(let event, let packet, ["ana"], _) = host.happenings.first else {
            Issue.record("nothing was delivered")
            return
        }
        #expect(event == BroadcastEvent("m", [1]), "observers see the event as it was emitted")
        let text = String(buffer: packet.text)
        #expect(text.hasPrefix(#"2["m",1,""#) && text.hasSuffix(#"-1"]"#))
    }

    @Test("A session is entered before another event gets a number")
    func resume() {
        let (recovery, _) = Self.makeRecovery()
        let ana = ContractMember("ana")
        let ticket = recovery.makeTicket()
        recovery.publish(BroadcastEvent("a"), to: BroadcastTarget(), flags: BroadcastFlags()) { [ana] }
        recovery.store(RecoverableSession(sid: "ana", ticket: ticket, rooms: ["ana", "x"], data: nil), of: ana)
        recovery.publish(BroadcastEvent("b"), to: BroadcastTarget(rooms: ["x"]), flags: BroadcastFlags()) { [] }
        #expect(recovery.kept == (2, 1))
        #expect(recovery.session(pid: ticket.pid, offset: "forged-1") == nil)
        var entered: [String] = []
        #expect(recovery.resume(pid: ticket.pid, offset: "forged-1") { entered = $0.rooms } == nil)
        #expect(entered.isEmpty)
    }
}
