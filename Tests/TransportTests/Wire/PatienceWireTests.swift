import EngineIO
import NIOCore
import Testing

@testable import Transport

extension WireTests {
    /// Peers that are slow rather than gone.
    @Suite struct PatienceWireTests {
        @Test func aBacklogAboveTheSoftMarkEndsASession() async throws {
            try await TestServer.run(configure: {
                $0.maxPendingBytes = 100_000_000
                $0.softPendingBytes = 100_000
                $0.softPendingTimeout = .milliseconds(300)
            }) { server in
                let (sid, slow) = try await server.webSocket()
                try await slow.setReading(false)
                let session = try #require(server.engine.connection(sid))
                let message = PreparedMessage(.text(ByteBuffer(repeating: 0x61, count: 1_000_000)))
                // More than any socket buffer takes.
                try await session.eventLoop.submit { for _ in 0..<20 { session.send(prepared: message) } }.get()
                try await server.engine.wait(closed: sid, .slowConsumer)
            }
        }

        /// Where memory is short, nobody is given time: whoever is behind goes, whoever is not stays.
        @Test func withoutMemoryWhoIsBehindGoes() async throws {
            try await TestServer.run(configure: { $0.softPendingBytes = 1000 }) { server in
                var ids: [String] = []
                for length in [900, 1100, 900, 1100] {
                    let (sid, _) = try await server.poll()
                    let session = try #require(server.engine.connection(sid))
                    let message = EngineMessage.text(ByteBuffer(repeating: 0x61, count: length - 100))
                    try await session.eventLoop.submit { session.send(message) }.get()
                    #expect(try await session.eventLoop.submit { session.isCongested }.get() == (length > 1000))
                    ids.append(sid)
                }
                await server.server.closeCongestedSessions()
                for sid in [ids[1], ids[3]] { try await server.engine.wait(closed: sid, .slowConsumer) }
                // What was asked of each loop is done by now.
                for sid in [ids[0], ids[2]] {
                    let session = try #require(server.engine.connection(sid))
                    #expect(try await session.eventLoop.submit { session.isOpen }.get())
                }
            }
        }

        @Test func whoCatchesUpIsLeftAlone() async throws {
            try await TestServer.run(configure: {
                $0.maxPendingBytes = 100_000_000
                $0.softPendingBytes = 100_000
                $0.softPendingTimeout = .seconds(20)
            }) { server in
                let (sid, slow) = try await server.webSocket()
                try await slow.setReading(false)
                let session = try #require(server.engine.connection(sid))
                let message = PreparedMessage(.text(ByteBuffer(repeating: 0x61, count: 1_000_000)))
                try await session.eventLoop.submit { for _ in 0..<20 { session.send(prepared: message) } }.get()
                #expect(try await session.eventLoop.submit { session.isCongested }.get())
                // The session's entry, and one that watches its backlog.
                #expect(await server.server.metrics().timers == 2)
                try await slow.setReading(true)
                for _ in 0..<20 { #expect(try await slow.frame().payload.count == 1_000_001) }
                try await eventually { await server.server.metrics().timers == 1 }
                try await slow.send(.text("4alive"))
                #expect(try await slow.frame() == .text("4alive"))
            }
        }

        @Test func whoDoesNotFetchItsBacklogIsGivenUp() async throws {
            try await TestServer.run(configure: {
                $0.softPendingBytes = 1000
                $0.softPendingTimeout = .milliseconds(200)
            }) { server in
                let (lazyID, _) = try await server.poll()
                let (busyID, busy) = try await server.poll()
                for sid in [lazyID, busyID] {
                    let session = try #require(server.engine.connection(sid))
                    session.eventLoop.execute { session.send(.text(ByteBuffer(repeating: 0x61, count: 2000))) }
                }
                let target = "\(TestServer.polling)&sid=\(busyID)"
                #expect(try await busy.get(target).body.readableBytes == 2001)
                try await server.engine.wait(closed: lazyID, .slowConsumer)
                #expect(try await busy.post(target, "4x").text == "ok")
            }
        }

        /// H24: a trickle buys no time.
        @Test func aBodyThatTricklesIsGivenUp() async throws {
            try await TestServer.run(configure: {
                $0.bodyGrace = .milliseconds(200)
                $0.minBodyRate = 100_000
            }) { server in
                let (sid, client) = try await server.poll()
                let target = TestServer.polling + "&sid=\(sid)"
                try await client.send(RawClient.request("POST", target, headers: ["Content-Length: 1000"]) + "4")
                #expect(try await client.reply().status == 408)
                try await server.engine.wait(closed: sid, .transportError)
            }
        }

        @Test func aBodyThatKeepsComingHasItsTime() async throws {
            try await TestServer.run(configure: {
                $0.bodyGrace = .milliseconds(1)
                $0.minBodyRate = 100
            }) { server in
                let (sid, client) = try await server.poll()
                let target = TestServer.polling + "&sid=\(sid)"
                let half = String(repeating: "x", count: 999)
                try await client.send(RawClient.request("POST", target, headers: ["Content-Length: 1999"]) + "4" + half)
                // The first half has bought ten seconds; longer than the grace is what is needed.
                try await Task.sleep(for: .milliseconds(150))
                try await client.send(half)
                #expect(try await client.reply().text == "ok")
            }
        }

        @Test func aHeadThatIsArrivingAtTheEndIsStillAnswered() async throws {
            try await TestServer.run { server in
                let clients = [try await server.client(), try await server.client()]
                let idle = [try await server.client(), try await server.client()]
                for client in clients { try await client.send("GET /late HTTP/1.1\r\nHo") }
                for client in idle { _ = try await client.get("/settle") }
                await server.settle()
                async let ending: Void = server.server.shutdown(deadline: .seconds(10))
                for client in idle { #expect(await client.isClosedByServer()) }
                for client in clients {
                    try await client.send("st: test\r\n\r\n")
                    let reply = try await client.reply()
                    #expect(reply.text == "GET /late ")
                    #expect(reply["connection"] == "close")
                    #expect(await client.isClosedByServer())
                    await client.close()
                }
                try await ending
            }
        }
    }
}
