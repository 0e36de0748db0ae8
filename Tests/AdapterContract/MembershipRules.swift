internal import SocketIO
internal import Testing

enum MembershipRules {
    static let all = [
        AdapterContract.Rule("Members are in their own room and in those they join") { servers in
            let adapter = servers[0].adapter
            let ana = servers[0].enter("ana", in: "x", "y")
            #expect(adapter.rooms(of: ana) == ["ana", "x", "y"])
            #expect(adapter.isMember(ana, of: "ana") && adapter.isMember(ana, of: "y"))
            #expect(!adapter.isMember(ana, of: "z"))
            adapter.leave(ana, rooms: ["x", "nowhere", "ana"])
            #expect(adapter.rooms(of: ana) == ["ana", "y"])
            #expect(adapter.localCount == 1)
            #expect(adapter.localMember("ana") === ana)
            #expect(adapter.localMember("y") == nil)
        },
        AdapterContract.Rule("Who has left joins nothing") { servers in
            let adapter = servers[0].adapter
            let ana = servers[0].enter("ana", in: "x")
            #expect(adapter.remove(ana) == ["ana", "x"])
            #expect(adapter.remove(ana).isEmpty)
            #expect(!adapter.join(ana, rooms: ["x"]))
            #expect(adapter.rooms(of: ana).isEmpty)
            #expect(!adapter.isMember(ana, of: "ana"))
            #expect(adapter.localCount == 0)
            #expect(adapter.localMembers(BroadcastTarget()).isEmpty)
        },
        AdapterContract.Rule("A target is the union of its rooms without the excepted ones, each member once") {
            servers in
            let adapter = servers[0].adapter
            _ = servers[0].enter("ana", in: "x", "y")
            _ = servers[0].enter("bob", in: "y")
            _ = servers[0].enter("eve")
            func ids(_ rooms: [String], except: [String] = []) -> [String] {
                adapter.localMembers(BroadcastTarget(rooms: rooms, except: except)).map(\.id).sorted()
            }
            #expect(ids([]) == ["ana", "bob", "eve"])
            #expect(ids(["x", "y"]) == ["ana", "bob"])
            #expect(ids(["y", "y", "ana"]) == ["ana", "bob"])
            #expect(ids(["eve", "nowhere"]) == ["eve"])
            #expect(ids(["y"], except: ["x"]) == ["bob"])
            #expect(ids([], except: ["ana", "eve"]) == ["bob"])
            #expect(ids(["nowhere"]).isEmpty)
        },
        AdapterContract.Rule("Everybody in a target is put into rooms, taken out of them, disconnected") { servers in
            let adapter = servers[0].adapter
            let ana = servers[0].enter("ana", in: "x")
            let eve = servers[0].enter("eve")
            let flags = BroadcastFlags()
            adapter.join(BroadcastTarget(rooms: ["x"]), rooms: ["y", "z"], flags: flags)
            #expect(adapter.rooms(of: ana) == ["ana", "x", "y", "z"])
            #expect(adapter.rooms(of: eve) == ["eve"])
            adapter.leave(BroadcastTarget(rooms: ["y"]), rooms: ["x", "z"], flags: flags)
            #expect(adapter.rooms(of: ana) == ["ana", "y"])
            adapter.disconnect(BroadcastTarget(except: ["y"]), close: true, flags: flags)
            #expect(await servers[0].host.happenings(1) == [.disconnected(["eve"], close: true)])
        },
        AdapterContract.Rule("Members of a target can be listed") { servers in
            let ana = servers[0].enter("ana", in: "x")
            _ = servers[0].enter("eve")
            let list = await servers[0].adapter.members(BroadcastTarget(rooms: ["x"]), flags: BroadcastFlags())
            #expect(list.isComplete)
            #expect(list.members.map(\.id) == ["ana"])
            guard case .local(let member) = list.members.first else {
                Issue.record("not a local member")
                return
            }
            #expect(member === ana)
        },
    ]
}
