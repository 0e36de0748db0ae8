internal import NIOCore
internal import SocketIO
internal import Testing

enum BroadcastRules {
    static let all = [
        AdapterContract.Rule("One broadcast is one delivery, encoded once; none where nobody listens") { servers in
            _ = servers[0].enter("ana", in: "x", "y")
            _ = servers[0].enter("bob", in: "y")
            let event = BroadcastEvent("m", EventArguments(binary: ByteBuffer(bytes: [1, 2])))
            let flags = BroadcastFlags(volatile: true, dispensable: true, compress: false)
            servers[0].adapter.broadcast(event, to: BroadcastTarget(rooms: ["nowhere"]), flags: flags)
            servers[0].adapter.broadcast(event, to: BroadcastTarget(rooms: ["x", "y"]), flags: flags)
            let packet = PacketCodec.text.event("m", event.arguments, namespace: "/contract")
            #expect(await servers[0].host.happenings(1) == [.delivered(event, packet, to: ["ana", "bob"], flags)])
        },
        AdapterContract.Rule("Broadcasts of one thread keep their order") { servers in
            let ana = servers[0].enter("ana", in: "x")
            for number in 0..<100 { servers[0].emit("\(number)", to: number.isMultiple(of: 2) ? "x" : "ana") }
            servers[0].emit("end")
            #expect(await servers[0].names(ana) == (0..<100).map(String.init) + ["end"])
        },
        AdapterContract.Rule("Answers of all, with all their arguments") { servers in
            let file = EventArguments(binary: ByteBuffer(bytes: [7]))
            _ = servers[0].enter("ana", .answers(["a", 1]), in: "x")
            _ = servers[0].enter("bob", .answers(file), in: "x")
            _ = servers[0].enter("eve", .leaves, in: "x")
            let answers = await servers[0].ask("vote", of: "x")
            #expect(answers.isComplete)
            #expect(answers.responses.count == 2)
            #expect(answers.responses.contains(["a", 1]) && answers.responses.contains(file))
            #expect(
                await servers[0].host.happenings(1) == [
                    .asked(BroadcastEvent("vote", ["?"]), of: ["ana", "bob", "eve"])
                ])
        },
        AdapterContract.Rule("Answers that came in time, where somebody is silent; none where nobody is asked") {
            servers in
            _ = servers[0].enter("ana", .answers(["a"]), in: "x")
            _ = servers[0].enter("eve", .isSilent, in: "x")
            let answers = await servers[0].ask("vote", of: "x", milliseconds: 50)
            #expect(answers == BroadcastAnswers([["a"]], isComplete: false))
            #expect(await servers[0].ask("vote", of: "nowhere") == BroadcastAnswers())
        },
    ]
}
