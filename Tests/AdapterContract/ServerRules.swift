internal import SocketIO
internal import Testing

/// What servers tell one another.
enum ServerRules {
    static let all = [
        AdapterContract.Rule("A server alone has nobody to tell") { servers in
            servers[0].host.answerServers(with: ["me"])
            servers[0].adapter.serverSideEmit(BroadcastEvent("hello"))
            #expect(await servers[0].askServers("hello") == BroadcastAnswers())
            #expect(await servers[0].adapter.serverCount() == 1)
            #expect(servers[0].host.happenings.isEmpty)
        },
        AdapterContract.Rule("An event for servers reaches all others, and nobody else", servers: 3) { servers in
            _ = servers[1].enter("bob")
            servers[0].adapter.serverSideEmit(BroadcastEvent("hello", ["é", 1]))
            for server in servers[1...] {
                #expect(
                    await server.host.happenings(1) == [
                        .serverSide(BroadcastEvent("hello", ["é", 1]), wantsAnswer: false)
                    ])
            }
            #expect(servers[0].host.happenings.isEmpty)
        },
        AdapterContract.Rule("Answers of servers, one of each, and those that came in time", servers: 3) { servers in
            servers[1].host.answerServers(with: [1])
            servers[2].host.answerServers(with: [2, "more"])
            let all = await servers[0].askServers("who")
            #expect(all.isComplete)
            #expect(Set(all.responses) == [[1], [2, "more"]])
            servers[2].host.answerServers(with: nil)
            #expect(await servers[0].askServers("who", milliseconds: 300) == BroadcastAnswers([[1]], isComplete: false))
        },
        AdapterContract.Rule("A server that has closed is not counted, asked or waited for", servers: 3) { servers in
            _ = servers[0].enter("ana", .answers([1]))
            _ = servers[2].enter("eve", .answers([3]))
            #expect(await servers[0].adapter.serverCount() == 3)
            servers[2].adapter.close()
            #expect(await servers[0].adapter.serverCount() == 2)
            #expect(await servers[1].ask("vote") == BroadcastAnswers([[1]]))
            servers[1].host.answerServers(with: [2])
            #expect(await servers[0].askServers("who") == BroadcastAnswers([[2]]))
            #expect(await servers[1].adapter.members(BroadcastTarget(), flags: BroadcastFlags()).isComplete)
            #expect(servers[2].host.happenings.isEmpty)
        },
    ]
}
