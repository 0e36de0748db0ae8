import EngineIO
import NIOCore
import Testing

@testable import Transport

extension WireTests {
    @Suite struct WebSocketWireTests {
        @Test func messagesComeBack() async throws {
            try await TestServer.run { server in
                let (_, client) = try await server.webSocket()
                try await client.send(.text("4hello"))
                #expect(try await client.frame() == .text("4hello"))
                try await client.send(.binary([1, 2, 3]))
                #expect(try await client.frame() == .binary([1, 2, 3]))
                try await client.send(.text("bAQID"))
                #expect(try await client.frame() == .binary([1, 2, 3]))
                try await client.send(.text("4" + String(repeating: "ñ", count: 100_000)))
                #expect(try await client.frame().payload.count == 200_001)
            }
        }

        @Test func anUpgradeOnAConnectionThatPolledBefore() async throws {
            try await TestServer.run { server in
                let (_, client) = try await server.poll()
                #expect(try await client.upgrade(TestServer.webSocket).status == 101)
                #expect(try await client.frame().text.hasPrefix("0{"))
                try await client.send(.text("4x"))
                #expect(try await client.frame() == .text("4x"))
            }
        }

        /// W26 and the packets that are none: closed without a status code.
        @Test(arguments: ["", "7", "9", "x", "b!"])
        func anUnreadablePacketClosesTheSession(text: String) async throws {
            try await TestServer.run { server in
                let (sid, client) = try await server.webSocket()
                try await client.send(.text(text))
                #expect(try await client.frame() == .close())
                try await server.engine.wait(closed: sid, .parseError)
                try await client.send(.close())
                #expect(await client.isClosedByServer())
            }
        }

        @Test func aClosePacketClosesTheSession() async throws {
            try await TestServer.run { server in
                let (sid, client) = try await server.webSocket()
                try await client.send(.text("1"))
                #expect(try await client.frame() == .close())
                try await server.engine.wait(closed: sid, .transportClose)
            }
        }

        @Test(arguments: [nil, 1000, 4999])
        func aCloseFrameIsEchoed(code: Int?) async throws {
            try await TestServer.run { server in
                let (sid, client) = try await server.webSocket()
                try await client.send(.close(code))
                #expect(try await client.frame().closeCode == code)
                #expect(await client.isClosedByServer())
                try await server.engine.wait(closed: sid, .transportClose)
            }
        }

        @Test(arguments: ["close", "reset"])
        func aLostConnectionEndsTheSession(how: String) async throws {
            try await TestServer.run { server in
                let (sid, client) = try await server.webSocket()
                if how == "close" { await client.close() } else { try await client.reset() }
                try await server.engine.wait(closed: sid, how == "close" ? .transportClose : .transportError)
            }
        }

        @Test func writesOfOneTurnLeaveTogetherAndInOrder() async throws {
            try await TestServer.run { server in
                let (_, client) = try await server.webSocket()
                try await client.send(.text("4burst"))
                for number in 0..<1000 { #expect(try await client.frame() == .text("4n\(number)")) }
            }
        }

        /// Several broadcasts in one turn of the loop, with a message to one receiver between two of them.
        @Test func broadcastsOfOneTurnKeepTheirOrderForEverybody() async throws {
            try await TestServer.run { server in
                var byLoop: [ObjectIdentifier: [(EngineConnection, RawClient)]] = [:]
                // Of four on two loops, at least two are on one.
                for _ in 0..<4 {
                    let (sid, client) = try await server.webSocket()
                    let connection = try #require(server.engine.connection(sid))
                    byLoop[ObjectIdentifier(connection.eventLoop), default: []].append((connection, client))
                }
                for receivers in byLoop.values {
                    let connections = receivers.map(\.0)
                    try await connections[0].eventLoop.submit {
                        for number in 0..<5 {
                            let prepared = PreparedMessage(.text(ByteBuffer(string: "all \(number)")))
                            for connection in connections { connection.send(prepared: prepared) }
                            if number == 2 { connections[0].send(.text(ByteBuffer(string: "one"))) }
                        }
                    }.get()
                    for (index, (_, client)) in receivers.enumerated() {
                        for number in 0..<5 {
                            #expect(try await client.frame() == .text("4all \(number)"))
                            if number == 2, index == 0 { #expect(try await client.frame() == .text("4one")) }
                        }
                    }
                }
            }
        }

        @Test func aPreparedMessageIsTheSameOnBothTransports() async throws {
            try await TestServer.run { server in
                let (socketID, socket) = try await server.webSocket()
                let (pollID, poller) = try await server.poll()
                let messages = [EngineMessage.text(ByteBuffer(string: "€uro")), .binary(ByteBuffer(bytes: [1, 2, 3]))]
                for message in messages {
                    let prepared = PreparedMessage(message)
                    for id in [socketID, pollID] {
                        let connection = try #require(server.engine.connection(id))
                        try await connection.eventLoop.submit {
                            connection.send(prepared: prepared)
                            connection.send(prepared: prepared)
                        }.get()
                    }
                    let frame = try await socket.frame()
                    #expect(try await socket.frame() == frame)
                    let payload = try await poller.get(TestServer.polling + "&sid=\(pollID)").text
                    switch message {
                    case .text:
                        #expect(frame == .text("4€uro"))
                        #expect(payload == "4€uro\u{1E}4€uro")
                    case .binary:
                        #expect(frame == .binary([1, 2, 3]))
                        #expect(payload == "bAQID\u{1E}bAQID")
                    }
                }
            }
        }

        /// Frames go past the channel while nothing waits in it, and through it while the system takes no more.
        @Test func noFrameOvertakesAnother() async throws {
            try await TestServer.run(configure: { $0.maxPendingBytes = 64 << 20 }) { server in
                let (sid, client) = try await server.webSocket()
                let connection = try #require(server.engine.connection(sid))
                var sent = 0
                for _ in 0..<3 {
                    let first = sent
                    try await client.setReading(false)
                    let padding = String(repeating: "x", count: 60_000)
                    var turnsBehind = 0
                    while turnsBehind < 5 {
                        let isBehind = try await connection.eventLoop.submit { [sent] in
                            connection.send(.text(ByteBuffer(string: "\(sent) " + padding)))
                            connection.send(.text(ByteBuffer(string: "\(sent + 1) ")))
                            return connection.socket?.isBehind == true
                        }.get()
                        sent += 2
                        if isBehind { turnsBehind += 1 }
                    }
                    try await client.setReading(true)
                    for number in first..<sent {
                        let text = try await client.frame().text
                        #expect(text.prefix { $0 != " " } == "4\(number)")
                    }
                }
            }
        }

        /// W23: a peer that reads nothing is given up; nobody else notices.
        @Test func aSlowConsumerIsGivenUp() async throws {
            try await TestServer.run(configure: { $0.maxPendingBytes = 100_000 }) { server in
                let (slowID, slow) = try await server.webSocket()
                let (_, other) = try await server.webSocket()
                try await slow.setReading(false)
                let connection = try #require(server.engine.connection(slowID))
                let prepared = PreparedMessage(.text(ByteBuffer(repeating: 0x61, count: 10_000)))
                // More than any socket buffer takes.
                for _ in 0..<200 {
                    try await connection.eventLoop.submit {
                        for _ in 0..<10 { connection.send(prepared: prepared) }
                    }.get()
                }
                try await server.engine.wait(closed: slowID, .slowConsumer)
                try await other.send(.text("4alive"))
                #expect(try await other.frame() == .text("4alive"))
            }
        }

        @Test func pausedReadingHoldsMessagesBack() async throws {
            try await TestServer.run { server in
                let (sid, client) = try await server.webSocket()
                var bytes = Frame.text("4pause").masked()
                for number in 0..<100 { bytes.writeImmutableBuffer(Frame.text("4m\(number)").masked()) }
                try await client.send(bytes)
                try await server.engine.wait(for: .text("pause"))
                let connection = try #require(server.engine.connection(sid))
                #expect(server.engine.events == [.opened(sid), .text("pause")])
                try await connection.eventLoop.submit { connection.resumeReading() }.get()
                for number in 0..<100 { #expect(try await client.frame() == .text("4m\(number)")) }
            }
        }

        @Test func volatileTrafficAsksWhetherTheSocketIsWritable() async throws {
            try await TestServer.run { server in
                let (sid, client) = try await server.webSocket()
                let connection = try #require(server.engine.connection(sid))
                let states = try await connection.eventLoop.submit {
                    let before = connection.isWritable
                    connection.send(.text(ByteBuffer(string: "one")))
                    return (before, connection.isWritable)
                }.get()
                #expect(states == (true, false))
                #expect(try await client.frame() == .text("4one"))
                #expect(try await connection.eventLoop.submit { connection.isWritable }.get())
            }
        }

        private final class Echo: WebSocketDelegate {
            func webSocket(_ socket: WebSocketConnection, received message: EngineMessage) { socket.send(message) }
        }

        @Test func aPlainServiceRunsOnTheSamePipeline() async throws {
            let service = WebSocketEndpoint(
                prefix: "/echo", limits: WebSocketLimits(maxMessage: 100, maxFragments: 10),
                idleTimeout: .milliseconds(300), makeDelegate: { Echo() })
            try await TestServer.run(webSockets: [service]) { server in
                let client = try await server.client()
                #expect(try await client.upgrade("/echo?x").status == 101)
                try await client.send(.text("7 is no packet here"))
                #expect(try await client.frame() == .text("7 is no packet here"))
                #expect(try await client.frame() == .close(), "idle")
                let other = try await server.client()
                #expect(try await other.upgrade("/other").text.hasPrefix("GET /other"))
            }
        }
    }
}
