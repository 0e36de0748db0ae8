internal import NIOCore
internal import SocketIO
internal import Testing

/// What concerns members of other servers.
enum ClusterRules {
    static let all = [
        AdapterContract.Rule("A broadcast reaches the target's members of all servers, once", servers: 3) { servers in
            let members = servers.enumerated().map { $1.enter("m\($0)", in: "x", "room\($0)") }
            servers[1].emit("all")
            servers[1].emit("room", to: "x", "room0")
            servers[1].emit("some", to: "x", except: ["room0", "m2"])
            servers[1].emit("one", to: "m2")
            servers[1].emit("end")
            #expect(await servers[0].names(members[0]) == ["all", "room", "end"])
            #expect(await servers[1].names(members[1]) == ["all", "room", "some", "end"])
            #expect(await servers[2].names(members[2]) == ["all", "room", "one", "end"])
        },
        AdapterContract.Rule("Arguments and flags arrive as they were sent", servers: 2) { servers in
            _ = servers[1].enter("bob")
            let arguments = EventArguments(
                json: ByteBuffer(string: #"{"k":[null,true,-1.5,"é\n"]},{"_placeholder":true,"num":0},"x""#),
                attachments: [ByteBuffer(bytes: [0, 255])])
            let flags = BroadcastFlags(volatile: true, dispensable: true, compress: false)
            servers[0].adapter.broadcast(BroadcastEvent("ñ", arguments), to: BroadcastTarget(), flags: flags)
            guard case .delivered(let event, let packet, let ids, let received) = await servers[1].host.happenings(1)[0]
            else {
                Issue.record("nothing was delivered")
                return
            }
            #expect(event.name == "ñ" && ids == ["bob"] && received == flags)
            let decoded = (try? event.arguments.decode(), try? arguments.decode())
            #expect(decoded.0 != nil && decoded.0 == decoded.1)
            #expect(event.arguments.attachments == arguments.attachments)
            #expect(packet == PacketCodec.text.event("ñ", event.arguments, namespace: "/contract"))
        },
        AdapterContract.Rule("Broadcasts of one thread keep their order on other servers", servers: 2) { servers in
            let bob = servers[1].enter("bob", in: "x")
            for number in 0..<100 { servers[0].emit("\(number)", to: number.isMultiple(of: 2) ? "x" : "bob") }
            servers[0].emit("end")
            #expect(await servers[1].names(bob) == (0..<100).map(String.init) + ["end"])
        },
        AdapterContract.Rule("What is local stays on its server", servers: 2) { servers in
            let ana = servers[0].enter("ana", .answers([1]))
            let bob = servers[1].enter("bob", .answers([2]))
            let local = BroadcastFlags(local: true)
            servers[0].emit("local", flags: local)
            servers[0].adapter.join(BroadcastTarget(), rooms: ["x"], flags: local)
            servers[0].adapter.leave(BroadcastTarget(), rooms: ["x"], flags: local)
            servers[0].adapter.disconnect(BroadcastTarget(), close: false, flags: local)
            #expect(await servers[0].ask("vote", flags: local) == BroadcastAnswers([[1]]))
            #expect(await servers[0].adapter.members(BroadcastTarget(), flags: local).members.map(\.id) == ["ana"])
            servers[0].emit("end")
            #expect(await servers[0].names(ana) == ["local", "end"])
            #expect(await servers[1].names(bob) == ["end"])
            #expect(servers[1].host.happenings.count == 1)
            #expect(servers[1].adapter.rooms(of: bob) == ["bob"])
        },
        AdapterContract.Rule("Answers are gathered over all servers", servers: 3) { servers in
            _ = servers[0].enter("ana", .answers(["a"]), in: "x")
            _ = servers[1].enter("bob", .answers(EventArguments(binary: ByteBuffer(bytes: [9]))), in: "x")
            _ = servers[1].enter("leo", .leaves, in: "x")
            let answers = await servers[2].ask("vote", of: "x")
            #expect(answers.isComplete)
            #expect(answers.responses.count == 2)
            #expect(answers.responses.contains(["a"]))
            #expect(answers.responses.contains(EventArguments(binary: ByteBuffer(bytes: [9]))))
            _ = servers[1].enter("eve", .isSilent, in: "x")
            let some = await servers[0].ask("vote", of: "x", milliseconds: 300)
            #expect(!some.isComplete)
            #expect(some.responses.count == 2)
            #expect(await servers[0].ask("vote", of: "nowhere") == BroadcastAnswers())
        },
        AdapterContract.Rule("Members of other servers are listed with what they tell of themselves", servers: 2) {
            servers in
            _ = servers[0].enter("ana", in: "x")
            _ = servers[1].enter("bob", in: "x", "y")
            _ = servers[1].enter("eve")
            let list = await servers[0].adapter.members(BroadcastTarget(rooms: ["x"]), flags: BroadcastFlags())
            #expect(list.isComplete)
            #expect(list.members.map(\.id).sorted() == ["ana", "bob"])
            let remote = list.members.compactMap { reference -> MemberDescription? in
                guard case .remote(let description) = reference else { return nil }
                return description
            }
            #expect(
                remote == [
                    MemberDescription(
                        id: "bob", rooms: ["bob", "x", "y"], handshake: ["url": "/?id=1"], data: ["name": "bob"])
                ])
        },
        AdapterContract.Rule("Members of other servers are put into rooms, taken out, disconnected", servers: 2) {
            servers in
            let bob = servers[1].enter("bob", in: "x")
            let target = BroadcastTarget(rooms: ["x"])
            servers[0].adapter.join(target, rooms: ["y", "z"], flags: BroadcastFlags())
            servers[0].emit("joined", to: "z")
            servers[0].adapter.leave(target, rooms: ["z"], flags: BroadcastFlags())
            servers[0].emit("left", to: "z")
            servers[0].emit("end", to: "y")
            #expect(await servers[1].names(bob) == ["joined", "end"])
            #expect(servers[1].adapter.rooms(of: bob) == ["bob", "x", "y"])
            servers[0].adapter.disconnect(BroadcastTarget(rooms: ["bob"]), close: true, flags: BroadcastFlags())
            #expect(await servers[1].host.happenings(3).last == .disconnected(["bob"], close: true))
        },
    ]
}
