internal import NIOCore
internal import SocketIO
internal import Testing

/// What must hold of sessions whose connection was lost: where an adapter recovers them, and where it does not.
enum RecoveryRules {
    /// For every adapter, with nothing to recover configured.
    static let none = [
        AdapterContract.Rule("Without recovery nobody gets a ticket, and nobody comes back") { servers in
            let adapter = servers[0].adapter
            let ana = servers[0].enter("ana", in: "x")
            #expect(adapter.makeTicket() == nil)
            #expect(await adapter.session(pid: "p", offset: "o-1") == nil)
            #expect(adapter.resume(ContractMember("ana"), pid: "p", offset: "o-1") == nil)
            #expect(adapter.localMembers(BroadcastTarget()).map(\.id) == ["ana"])
            servers[0].emit("end")
            // As it was emitted, without an offset.
            #expect(await servers[0].host.events(of: ana).map(\.arguments) == [[]])
            let packet = PacketCodec.text.event("end", [], namespace: "/contract")
            #expect(servers[0].host.happenings.contains { $0.packet == packet })
        },
        AdapterContract.Rule("What is sent to one member reaches that one alone", servers: 1) { servers in
            let ana = servers[0].enter("ana", in: "x")
            let bob = servers[0].enter("bob", in: "x")
            servers[0].adapter.send(BroadcastEvent("yours", [1]), to: ana, flags: BroadcastFlags(local: true))
            servers[0].emit("end")
            #expect(await servers[0].names(ana) == ["yours", "end"])
            #expect(await servers[0].names(bob) == ["end"])
        },
    ]

    /// For adapters that recover sessions.
    static let all = [
        rule("Every member gets a ticket of its own") { server in
            let tickets = (0..<100).compactMap { _ in server.adapter.makeTicket() }
            #expect(tickets.count == 100)
            #expect(Set(tickets.map(\.pid)).count == 100)
        },
        rule("Events carry an offset behind their arguments; volatile ones and questions do not") { server in
            let ana = server.enter("ana")
            server.emit("a")
            server.adapter.send(BroadcastEvent("b", [1]), to: ana, flags: BroadcastFlags(local: true))
            server.emit("v", flags: BroadcastFlags(volatile: true))
            server.emit("end")
            _ = await server.names(ana)
            let offsets = ["a", "b", "end"].compactMap { server.host.offset(of: $0) }
            #expect(Set(offsets).count == 3)
            #expect(server.host.arguments(of: "a")?.count == 1)
            #expect(server.host.arguments(of: "b")?.first == 1)
            #expect(server.host.arguments(of: "v") == [])
            // Who listens on the server hears what was emitted, and no more.
            #expect(await server.host.events(of: ana).map(\.arguments) == [[], [1], [], []])
        },
        rule("What is sent to a member before it is entered reaches it, and it alone") { server in
            let bob = server.enter("bob")
            let ana = ContractMember("ana")
            server.adapter.send(BroadcastEvent("early"), to: ana, flags: BroadcastFlags(local: true))
            server.emit("end")
            #expect(await server.names(bob) == ["end"])
            #expect(server.host.recipients(of: "early") == [["ana"]])
        },
        rule("Who comes back is where it was, and gets what it missed, in order") { server in
            let lost = try await Lost.ana(of: server)
            server.emit("all")
            server.emit("room", to: "x")
            server.emit("elsewhere", to: "y")
            server.emit("spared", except: ["x"])
            server.emit("volatile", flags: BroadcastFlags(volatile: true))
            server.emit("dispensable", flags: BroadcastFlags(dispensable: true))
            server.emit("own", to: "ana")
            let session = try #require(await server.adapter.session(pid: lost.pid, offset: lost.offset))
            #expect(session.sid == "ana")
            #expect(Set(session.rooms) == ["ana", "x"])
            #expect(session.data as? ContractMember === lost.member)
            let again = ContractMember("ana")
            let missed = try #require(server.adapter.resume(again, pid: lost.pid, offset: lost.offset))
            #expect(missed.compactMap { Lost.event($0)?.name } == ["all", "room", "own"])
            // With the offsets that they would have had.
            #expect(Set(missed.compactMap { Lost.event($0)?.arguments.last }).count == 3)
            // Otherwise nothing would ever reach it.
            try #require(server.adapter.localMember("ana") === again)
            try #require(Set(server.adapter.rooms(of: again)) == ["ana", "x"])
            server.emit("end", to: "x")
            #expect(await server.names(again).last == "end")
        },
        rule("Nothing is missed twice: the offset says from where") { server in
            let lost = try await Lost.ana(of: server)
            _ = server.enter("bob")
            server.emit("a")
            server.emit("b")
            server.emit("c")
            let offset = try #require(server.host.offset(of: "b"))
            let missed = server.adapter.resume(ContractMember("ana"), pid: lost.pid, offset: offset)
            #expect(missed?.compactMap { Lost.event($0)?.name } == ["c"])
        },
        rule("A session comes back once") { server in
            let lost = try await Lost.ana(of: server)
            #expect(server.adapter.resume(ContractMember("ana"), pid: lost.pid, offset: lost.offset) != nil)
            #expect(await server.adapter.session(pid: lost.pid, offset: lost.offset) == nil)
            #expect(server.adapter.resume(ContractMember("ana"), pid: lost.pid, offset: lost.offset) == nil)
        },
        rule("Ids and offsets that were never given open nothing, and leave the session where it is") { server in
            let lost = try await Lost.ana(of: server)
            for (pid, offset) in [
                ("", ""), ("ana", lost.offset), (lost.pid, ""), (lost.pid, "forged"), (lost.pid, "forged-1"),
                (lost.pid, lost.offset + "0000"), (lost.pid, String(repeating: "9", count: 10_000)),
                (String(lost.pid.dropLast()), lost.offset), (lost.pid + "\0", lost.offset),
            ] {
                #expect(await server.adapter.session(pid: pid, offset: offset) == nil, "\(pid) \(offset.prefix(40))")
                let stranger = ContractMember("ana")
                #expect(server.adapter.resume(stranger, pid: pid, offset: offset) == nil, "\(pid) \(offset.prefix(40))")
                #expect(server.adapter.localMember("ana") == nil)
            }
            #expect(await server.adapter.session(pid: lost.pid, offset: lost.offset) != nil)
        },
        rule("Nobody is given what was said before it came") { server in
            _ = server.enter("bob")
            server.emit("before")
            let early = try #require(server.host.offset(of: "before"))
            server.emit("secret")
            let lost = try await Lost.ana(of: server)
            #expect(await server.adapter.session(pid: lost.pid, offset: early) == nil)
            #expect(server.adapter.resume(ContractMember("ana"), pid: lost.pid, offset: early) == nil)
        },
        rule("Who missed more than is kept starts afresh", { $0.maxPackets = 2 }) { server in
            let lost = try await Lost.ana(of: server)
            _ = server.enter("bob")
            for _ in 0..<4 { server.emit("m") }
            #expect(await server.adapter.session(pid: lost.pid, offset: lost.offset) == nil)
            #expect(server.adapter.resume(ContractMember("ana"), pid: lost.pid, offset: lost.offset) == nil)
        },
        rule("A session expires", { $0.maxDisconnectionDuration = .milliseconds(20) }) { server in
            let lost = try await Lost.ana(of: server)
            let end = ContinuousClock.now + .seconds(5)
            while await server.adapter.session(pid: lost.pid, offset: lost.offset) != nil, .now < end {
                try await Task.sleep(for: .milliseconds(1))
            }
            #expect(server.adapter.resume(ContractMember("ana"), pid: lost.pid, offset: lost.offset) == nil)
        },
    ]

    private static func rule(
        _ description: String, _ configure: @Sendable (inout RecoveryConfiguration) -> Void = { _ in },
        _ body: @escaping @Sendable (ContractServer) async throws -> Void
    ) -> AdapterContract.Rule {
        var configuration = RecoveryConfiguration()
        configure(&configuration)
        return AdapterContract.Rule(description, recovery: configuration) { try await body($0[0]) }
    }
}

/// A member that was in `x`, has heard one event, and lost its connection.
private struct Lost {
    let member: ContractMember
    let pid: String
    /// Of the event that it has heard.
    let offset: String

    static func ana(of server: ContractServer) async throws -> Lost {
        let ticket = try #require(server.adapter.makeTicket())
        let ana = server.enter("ana", in: "x")
        server.emit("heard", to: "ana")
        let offset = try #require(server.host.offset(of: "heard"))
        let rooms = server.adapter.remove(ana)
        server.adapter.store(RecoverableSession(sid: "ana", ticket: ticket, rooms: rooms, data: ana), of: ana)
        return Lost(member: ana, pid: ticket.pid, offset: offset)
    }

    /// What a packet that a client would get says.
    static func event(_ packet: EncodedPacket) -> (name: String, arguments: [JSONValue])? {
        var reassembler = PacketReassembler(codec: .text)
        guard let packet = try? reassembler.receiveText(packet.text, now: .now()),
            let arguments = try? packet.arguments.decode()
        else { return nil }
        return (packet.name, arguments)
    }
}

extension ContractHost.Happening {
    /// The packet that members were given.
    fileprivate var packet: EncodedPacket? {
        if case .delivered(_, let packet, _, _) = self { packet } else { nil }
    }
}

extension ContractHost {
    /// Who was sent the events of this name.
    fileprivate func recipients(of name: String) -> [[String]] {
        self.happenings.compactMap { happening in
            guard case .delivered(let event, _, let ids, _) = happening, event.name == name else { return nil }
            return ids
        }
    }

    /// The arguments, as members were sent them, of the last event of this name.
    fileprivate func arguments(of event: String) -> [JSONValue]? {
        self.happenings.reversed().lazy.compactMap(\.packet).compactMap(Lost.event).first { $0.name == event }?
            .arguments
    }

    fileprivate func offset(of event: String) -> String? { self.arguments(of: event)?.last?.string }
}
