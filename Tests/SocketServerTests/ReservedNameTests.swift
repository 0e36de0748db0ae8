import NIOCore
import SocketIO
import SocketServer
import Testing

/// What the protocol's implementations call their own events is never sent as one of the application's: a client would take it
/// for a connection that begins or ends.
@Suite struct ReservedNameTests {
    @Test(arguments: SocketPacket.reservedNames.sorted())
    func nothingIsSentUnderAReservedName(name: String) async throws {
        let journal = Journal()
        try await TestServer.run(register: { server in
            let namespace = server.namespace("/")
            namespace.on("go") { socket, event in
                socket.emit(name, [1])
                socket.emit(name, [1], volatile: true)
                namespace.emit(name, [1])
                namespace.to(socket.id).emit(name, [1])
                let answers = await namespace.emitWithAck(name, [1])
                journal.note("\(answers.responses.count) \(answers.isComplete)")
                do {
                    _ = try await socket.emitWithAck(name, [1], timeout: .seconds(60))
                } catch {
                    journal.note("\(error)")
                }
                event.ack?("done")
            }
        }) { server in
            let client = try await server.client(in: "/")
            client.send(#"420["go"]"#)
            // Nothing comes before the answer.
            await client.expect(#"430["done"]"#)
            #expect(await journal.entries(2) == ["0 true", "reservedName"])
        }
    }

    @Test(arguments: Namespace.reservedServerSideNames.sorted())
    func nothingIsSentToServersUnderAReservedName(name: String) async throws {
        try await TestServer.run(register: { _ in }) { server in
            let answers = await server.sockets.namespace("/").serverSideEmitWithAck(name, [], timeout: .seconds(60))
            #expect(answers == BroadcastAnswers())
        }
    }
}
