import NIOCore
import Testing

@testable import SocketIO

/// What connections of Socket.IO 2 clients do otherwise.
@Suite struct DialectTests {
    private static let now = NIODeadline.uptimeNanoseconds(1)

    private func connect(
        _ text: String, _ machine: inout ConnectionStateMachine
    ) throws -> (membership: ConnectionStateMachine.Membership, namespace: String, data: String) {
        guard case .connect(let membership, let namespace, let data) = self.receive(text, &machine) else {
            throw PacketError.unknownType
        }
        return (membership, namespace, String(buffer: data))
    }

    private func receive(
        _ text: String, _ machine: inout ConnectionStateMachine
    ) -> ConnectionStateMachine.ReceiveAction {
        machine.receiveText(ByteBuffer(string: text), now: Self.now)
    }

    @Test func theConnectionJoinsTheRootByItself() {
        var machine = ConnectionStateMachine(dialect: .revision4)
        guard case .connect(let membership, "/", let data) = machine.opened() else {
            Issue.record("no CONNECT")
            return
        }
        #expect(data.readableBytes == 0)
        // What comes before the decision waits, as after any CONNECT.
        guard case .none = self.receive(#"2["early"]"#, &machine) else {
            Issue.record("not queued")
            return
        }
        guard case .join(let waiting) = machine.accept(membership) else {
            Issue.record("not joined")
            return
        }
        #expect(waiting.map(\.name) == ["early"])
        #expect(machine.hasJoined)
        guard case .close(.alreadyConnected) = self.receive("0", &machine) else {
            Issue.record("joined twice")
            return
        }
    }

    @Test func laterClientsSendTheirConnect() {
        var machine = ConnectionStateMachine()
        guard case .none = machine.opened() else {
            Issue.record("joined by itself")
            return
        }
        guard case .connect(_, "/a?b=c", _) = self.receive("0/a?b=c,", &machine) else {
            Issue.record("the name is not taken as it is")
            return
        }
    }

    @Test(arguments: [
        ("0/admin", "/admin", ""), ("0/admin,", "/admin", ""), ("0/admin?,", "/admin", ""),
        ("0/admin?&,", "/admin", ""),
        ("0/admin?token=secret", "/admin", #"{"token":"secret"}"#),
        ("0/admin?token=secret,", "/admin", #"{"token":"secret"}"#),
        ("0/a?b=1&b=2&c,", "/a", #"{"b":"2","c":""}"#), ("0/a?=x&b=c=d,", "/a", #"{"":"x","b":"c=d"}"#),
        ("0/a?t=%3Cscript%3E+%C3%A9%22,", "/a", #"{"t":"<script> é\""}"#), ("0/a?b?c=d,", "/a", #"{"b?c":"d"}"#),
        ("0/?token=x,", "/", #"{"token":"x"}"#),
    ])
    func aQueryTravelsBehindTheName(text: String, namespace: String, data: String) throws {
        var machine = ConnectionStateMachine(dialect: .revision4)
        let connect = try self.connect(text, &machine)
        #expect(connect.namespace == namespace)
        #expect(connect.data == data)
    }

    @Test(arguments: [
        "0/a?b=%ZZ,", "0/a?b=%,", "0/a?b=%4,", "0/a?%G0=1,", "0/a?b=%FF,", "0/a?b=%ED%A0%80,",
        "0/admin?token=<script>&a=%ZZ", "0/a?" + (0...64).map { "p\($0)" }.joined(separator: "&"),
    ])
    func aQueryThatCannotBeReadCloses(text: String) {
        var machine = ConnectionStateMachine(dialect: .revision4)
        guard case .close(.badPacket(.invalidQuery)) = self.receive(text, &machine) else {
            Issue.record("not closed")
            return
        }
    }

    @Test func theQueryDoesNotHideThatTheNamespaceIsJoined() throws {
        var machine = ConnectionStateMachine(dialect: .revision4)
        let membership = try self.connect("0/a?x=1,", &machine).membership
        _ = machine.accept(membership)
        guard case .deliver(membership, let packet) = self.receive(#"2/a,["m"]"#, &machine), packet.name == "m" else {
            Issue.record("not delivered")
            return
        }
        guard case .deliver(membership, _) = self.receive(#"2/a?x=1,["m"]"#, &machine) else {
            Issue.record("not delivered with a query")
            return
        }
        guard case .close(.alreadyConnected) = self.receive("0/a?x=2,", &machine) else {
            Issue.record("joined twice")
            return
        }
    }

    /// A token is longer than a name may be.
    @Test func aQueryHasALimitOfItsOwn() throws {
        var limits = PacketLimits()
        limits.queryLength = 1000
        let name = "/" + String(repeating: "n", count: 250)
        for (length, isFine) in [(10, true), (1000 - 2, true), (5000, false)] {
            let query = "t=" + String(repeating: "x", count: length)
            for end in ["", ","] {
                var machine = ConnectionStateMachine(limits: limits, dialect: .revision4)
                let connect = try? self.connect("0\(name)?\(query)\(end)", &machine)
                #expect(connect?.namespace == (isFine ? name : nil))
                // Nobody else may write more than a name.
                var later = ConnectionStateMachine(limits: limits)
                guard case .close(.badPacket(.namespaceTooLong)) = self.receive("0\(name)?\(query)\(end)", &later)
                else {
                    Issue.record("a name of \(length + 250) bytes")
                    return
                }
            }
        }
        var machine = ConnectionStateMachine(limits: limits, dialect: .revision4)
        guard case .close(.badPacket(.namespaceTooLong)) = self.receive("0/" + name + name, &machine) else {
            Issue.record("a name of 500 bytes")
            return
        }
    }

    @Test func answersAreBare() {
        func text(_ packet: EncodedPacket) -> String { String(buffer: packet.text) }
        #expect(text(PacketEncoder.connect(sid: "s", dialect: .revision4)) == "0")
        #expect(text(PacketEncoder.connect(sid: "s", namespace: "/a", dialect: .revision4)) == "0/a,")
        #expect(text(PacketEncoder.connectError(message: "no \"", dialect: .revision4)) == #"4"no \"""#)
        #expect(
            text(PacketEncoder.connectError(message: "no", data: ["code": 7], namespace: "/a", dialect: .revision4))
                == #"4/a,{"code":7}"#)
    }

    @Test func idsAreWhatTheClientComputes() {
        #expect(SocketID.derived(from: "abc", namespace: "/") == "abc")
        #expect(SocketID.derived(from: "abc", namespace: "/chat") == "/chat#abc")
    }
}
