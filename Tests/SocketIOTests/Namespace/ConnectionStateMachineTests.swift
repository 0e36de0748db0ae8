import NIOCore
import Testing

@testable import SocketIO

/// Every pair of a namespace's state and an input.
@Suite struct ConnectionStateMachineTests {
    /// What an action says, comparable.
    enum Outcome: Equatable {
        case none
        case awaitAttachments
        case connect(String)
        case withdraw
        case deliver(SocketPacket.Kind)
        case leave
        case close(ProtocolViolation)
    }

    enum Standing: CaseIterable {
        case never, joining, joined, leftByClient, leftByServer, refused, closed
    }

    private static let connect = "0/n,"
    private static let disconnect = "1/n,"
    private static let event = #"2/n,["m"]"#
    private static let ack = "3/n,5[]"
    private static let connectError = #"4/n,{"message":"x"}"#

    private static let table: [(Standing, String, Outcome)] = [
        (.never, connect, .connect("/n")),
        (.never, disconnect, .close(.notConnected)),
        (.never, event, .close(.notConnected)),
        (.never, ack, .close(.notConnected)),
        (.never, connectError, .close(.unexpectedConnectError)),
        (.joining, connect, .close(.alreadyConnected)),
        (.joining, disconnect, .withdraw),
        (.joining, event, .none),
        (.joining, ack, .none),
        (.joining, connectError, .close(.unexpectedConnectError)),
        (.joined, connect, .close(.alreadyConnected)),
        (.joined, disconnect, .leave),
        (.joined, event, .deliver(.event)),
        (.joined, ack, .deliver(.ack)),
        (.joined, connectError, .close(.unexpectedConnectError)),
        (.leftByClient, connect, .connect("/n")),
        (.leftByClient, disconnect, .none),
        (.leftByClient, event, .none),
        (.leftByClient, ack, .none),
        (.leftByClient, connectError, .close(.unexpectedConnectError)),
        (.leftByServer, connect, .connect("/n")),
        (.leftByServer, disconnect, .none),
        (.leftByServer, event, .none),
        (.leftByServer, ack, .none),
        (.leftByServer, connectError, .close(.unexpectedConnectError)),
        (.refused, connect, .connect("/n")),
        (.refused, disconnect, .close(.notConnected)),
        (.refused, event, .close(.notConnected)),
        (.refused, ack, .close(.notConnected)),
        (.refused, connectError, .close(.unexpectedConnectError)),
        (.closed, connect, .none),
        (.closed, disconnect, .none),
        (.closed, event, .none),
        (.closed, ack, .none),
        (.closed, connectError, .none),
    ]

    @Test(arguments: table.indices)
    func pair(row: Int) throws {
        let (standing, input, expected) = Self.table[row]
        var machine = try Self.machine(in: standing)
        #expect(Self.receive(input, &machine) == expected)
    }

    @Test func everyPairIsInTheTable() {
        #expect(Self.table.count == Standing.allCases.count * 5)
    }

    @Test("Bad packets close, whatever the state", arguments: Standing.allCases)
    func badPacket(standing: Standing) throws {
        var machine = try Self.machine(in: standing)
        #expect(Self.receive("9", &machine) == .close(.badPacket(.unknownType)))
        #expect(ProtocolViolation.badPacket(.unknownType).reason == .forcedClose)
        #expect(ProtocolViolation.notConnected.reason == .forcedServerClose)
    }

    // MARK: Joining

    @Test func waitingPacketsComeBackInOrder() throws {
        var machine = ConnectionStateMachine()
        let token = try #require(Self.token(machine.receiveText(ByteBuffer(string: "0"), now: .now())))
        for name in ["a", "b"] {
            #expect(Self.receive("2[\"\(name)\"]", &machine) == .none)
        }
        #expect(!machine.hasJoined)
        guard case .join(let waiting) = machine.accept(token) else {
            Issue.record("the CONNECT was not withdrawn")
            return
        }
        #expect(waiting.map(\.name) == ["a", "b"])
        #expect(machine.hasJoined)
        #expect(machine.members == [token])
    }

    @Test func tooManyWaitingPacketsClose() throws {
        var machine = ConnectionStateMachine()
        _ = Self.receive("0", &machine)
        for _ in 0..<16 { #expect(Self.receive(#"2["m"]"#, &machine) == .none) }
        #expect(Self.receive(#"2["m"]"#, &machine) == .close(.tooManyWaitingPackets))

        var other = ConnectionStateMachine()
        _ = Self.receive("0", &other)
        let big = "2[\"m\",\"" + String(repeating: "x", count: 40_000) + "\"]"
        #expect(Self.receive(big, &other) == .none)
        #expect(Self.receive(big, &other) == .close(.tooManyWaitingPackets))
    }

    @Test("A decision after the CONNECT was withdrawn counts for nothing, also when there is a new one")
    func lateDecision() throws {
        var machine = ConnectionStateMachine()
        let first = try #require(Self.token(machine.receiveText(ByteBuffer(string: "0"), now: .now())))
        #expect(Self.receive("1", &machine) == .withdraw)
        let second = try #require(Self.token(machine.receiveText(ByteBuffer(string: "0"), now: .now())))
        guard case .forget = machine.accept(first) else {
            Issue.record("joined by a withdrawn CONNECT")
            return
        }
        let isRefused = machine.refuse(first)
        #expect(!isRefused)
        #expect(machine.members.isEmpty)
        guard case .join = machine.accept(second) else {
            Issue.record("the second CONNECT was forgotten")
            return
        }
        #expect(machine.members == [second])
    }

    @Test func decisionAfterTheEndIsForgotten() throws {
        var machine = ConnectionStateMachine()
        let token = try #require(Self.token(machine.receiveText(ByteBuffer(string: "0"), now: .now())))
        #expect(machine.close().isEmpty)
        guard case .forget = machine.accept(token) else {
            Issue.record("joined after the end")
            return
        }
    }

    @Test("Row S06: 16 namespaces and no more; refused ones leave nothing behind")
    func namespacesAreCapped() throws {
        var machine = ConnectionStateMachine()
        for number in 0..<10_000 {
            let token = try #require(
                Self.token(machine.receiveText(ByteBuffer(string: "0/x\(number),"), now: .now())))
            let isRefused = machine.refuse(token)
            #expect(isRefused)
        }
        for number in 0..<16 { try Self.join("/n\(number)", &machine) }
        #expect(Self.receive("0/n16,", &machine) == .close(.tooManyNamespaces))
        #expect(machine.close().count == 16)
    }

    @Test("Leaving one namespace keeps the others")
    func namespacesAreIndependent() throws {
        var machine = ConnectionStateMachine()
        let first = try Self.join("/a", &machine)
        let second = try Self.join("/b", &machine)
        #expect(Self.receive("1/a,", &machine) == .leave)
        #expect(Self.receive(#"2/b,["m"]"#, &machine) == .deliver(.event))
        let left = [machine.leave(first), machine.leave(second)]
        #expect(left == [false, true])
        #expect(machine.members.isEmpty)
    }

    @Test func attachmentsAreForTheirNamespace() throws {
        var machine = ConnectionStateMachine()
        try Self.join("/n", &machine)
        let header = #"51-/n,["m",{"_placeholder":true,"num":0}]"#
        #expect(Self.receive(header, &machine) == .awaitAttachments)
        let action = machine.receiveBinary(ByteBuffer(bytes: [1]), now: .now())
        #expect(Self.outcome(action) == .deliver(.event))
    }

    /// Nothing is kept for somebody who may not send it: 8 MB of attachments would be, for ten seconds.
    @Test(
        "Binary packets before CONNECT are refused at their header",
        arguments: [#"51-["m"]"#, #"51-/other,["m"]"#, "61-7"])
    func binaryBeforeConnect(header: String) throws {
        var machine = ConnectionStateMachine()
        #expect(Self.receive(header, &machine) == .close(.notConnected))
        var elsewhere = ConnectionStateMachine()
        try Self.join("/n", &elsewhere)
        #expect(Self.receive(header, &elsewhere) == .close(.notConnected))
    }

    @Test func attachmentsOfANamespaceThatWasLeftAreIgnored() throws {
        var machine = ConnectionStateMachine()
        let membership = try Self.join("/n", &machine)
        let left = machine.leave(membership)
        #expect(left)
        #expect(Self.receive(#"51-/n,["m",{"_placeholder":true,"num":0}]"#, &machine) == .awaitAttachments)
        #expect(Self.outcome(machine.receiveBinary(ByteBuffer(bytes: [1]), now: .now())) == .none)
    }

    /// While middleware is at work, attachments count among the bytes that wait before the last of them is here.
    @Test func attachmentsWaitWithinTheLimit() throws {
        var limits = PacketLimits()
        limits.waitingBytes = 100
        var machine = ConnectionStateMachine(limits: limits)
        _ = try #require(Self.token(machine.receiveText(ByteBuffer(string: "0/n,"), now: .now())))
        #expect(Self.receive(#"53-/n,["m"]"#, &machine) == .awaitAttachments)
        let part = ByteBuffer(repeating: 0, count: 60)
        #expect(Self.outcome(machine.receiveBinary(part, now: .now())) == .awaitAttachments)
        #expect(Self.outcome(machine.receiveBinary(part, now: .now())) == .close(.tooManyWaitingPackets))
    }

    @Test("A query behind the namespace hides no member")
    func attachmentsWithAQuery() throws {
        var machine = ConnectionStateMachine(dialect: .revision4)
        _ = machine.opened()
        try Self.join("/n", &machine)
        #expect(Self.receive(#"51-/n?a=b,["m",{"_placeholder":true,"num":0}]"#, &machine) == .awaitAttachments)
        #expect(Self.outcome(machine.receiveBinary(ByteBuffer(bytes: [1]), now: .now())) == .deliver(.event))
    }

    // MARK: Building

    private static func machine(in standing: Standing) throws -> ConnectionStateMachine {
        var machine = ConnectionStateMachine()
        switch standing {
        case .never:
            break
        case .joining:
            _ = self.receive(Self.connect, &machine)
        case .joined:
            try self.join("/n", &machine)
        case .leftByClient:
            try self.join("/n", &machine)
            _ = self.receive(Self.disconnect, &machine)
        case .leftByServer:
            let membership = try self.join("/n", &machine)
            _ = machine.leave(membership)
        case .refused:
            let token = try #require(self.token(machine.receiveText(ByteBuffer(string: Self.connect), now: .now())))
            _ = machine.refuse(token)
        case .closed:
            try self.join("/n", &machine)
            _ = machine.close()
        }
        return machine
    }

    @discardableResult
    private static func join(
        _ namespace: String, _ machine: inout ConnectionStateMachine
    ) throws -> ConnectionStateMachine.Membership {
        let action = machine.receiveText(ByteBuffer(string: "0\(namespace),"), now: .now())
        let membership = try #require(self.token(action))
        _ = machine.accept(membership)
        return membership
    }

    private static func receive(_ text: String, _ machine: inout ConnectionStateMachine) -> Outcome {
        self.outcome(machine.receiveText(ByteBuffer(string: text), now: .now()))
    }

    private static func token(
        _ action: ConnectionStateMachine.ReceiveAction
    ) -> ConnectionStateMachine.Membership? {
        guard case .connect(let token, _, _) = action else { return nil }
        return token
    }

    private static func outcome(_ action: ConnectionStateMachine.ReceiveAction) -> Outcome {
        switch action {
        case .none: .none
        case .awaitAttachments: .awaitAttachments
        case .connect(_, let namespace, _): .connect(namespace)
        case .withdraw: .withdraw
        case .deliver(_, let packet): .deliver(packet.kind)
        case .leave: .leave
        case .close(let violation): .close(violation)
        }
    }
}
