import CZlib
import EngineIO
import NIOCore
import Testing

@testable import Transport

extension WireTests {
    @Suite struct PollingWireTests {
        private static let fast = EngineConfiguration(pingInterval: .milliseconds(200), pingTimeout: .seconds(2))

        private func target(_ sid: String) -> String { TestServer.polling + "&sid=\(sid)" }

        @Test func messagesGoBothWays() async throws {
            try await TestServer.run { server in
                let (sid, client) = try await server.poll()
                let posted = try await client.post(target(sid), "4hello\u{1E}4€\u{1E}bAQID")
                #expect(posted.status == 200)
                #expect(posted.text == "ok")
                #expect(posted["content-type"] == "text/html")
                #expect(posted["cache-control"] == "no-store")
                let polled = try await client.get(target(sid))
                #expect(polled.text == "4hello\u{1E}4€\u{1E}bAQID")
                #expect(polled["content-type"] == "text/plain; charset=UTF-8")
            }
        }

        /// The session is closed, its client has been told and it is forgotten, while a POST of it is still arriving.
        @Test func aPostThatOutlivesItsSessionIsAnswered() async throws {
            try await TestServer.run { server in
                let (sid, client) = try await server.poll()
                #expect(try await client.post(target(sid), "4close").text == "ok")
                let late = try await server.client()
                try await late.send(RawClient.request("POST", target(sid), headers: ["Content-Length: 4"]) + "4x")
                await server.settle()
                #expect(try await client.get(target(sid)).text.hasSuffix("1"))
                #expect(try await client.get(target(sid)).text.contains("\"code\":1"))
                try await late.send("yz")
                #expect(try await late.reply().text == "ok")
            }
        }

        /// Packets of a POST are held back when the session ends: nobody will take them, and the request is answered.
        @Test func aPostThatWasHeldBackIsAnsweredAtTheEnd() async throws {
            try await TestServer.run { server in
                let (sid, client) = try await server.poll()
                let poster = try await server.client()
                try await poster.send(
                    RawClient.request("POST", target(sid), headers: ["Content-Length: 13"]) + "4pause\u{1E}4never")
                try await server.engine.wait(for: .text("pause"))
                let connection = try #require(server.engine.connection(sid))
                try await connection.eventLoop.submit { connection.close() }.get()
                #expect(try await poster.reply().text == "ok")
                #expect(try await client.get(target(sid)).text.hasSuffix("1"))
                #expect(!server.engine.events.contains(.text("never")))
            }
        }

        @Test func aPollWaitsForSomethingToSay() async throws {
            try await TestServer.run { server in
                let (sid, poller) = try await server.poll()
                let poster = try await server.client()
                try await poller.send(RawClient.request("GET", target(sid)))
                #expect(try await poster.post(target(sid), "4one\u{1E}4two").text == "ok")
                #expect(try await poller.reply().text == "4one\u{1E}4two")
            }
        }

        @Test func anAnswerHoldsSixteenPackets() async throws {
            try await TestServer.run { server in
                let (sid, client) = try await server.poll()
                let body = (0..<40).map { "4m\($0)" }
                #expect(try await client.post(target(sid), body.joined(separator: "\u{1E}")).status == 200)
                var counts: [Int] = []
                var all: [Substring] = []
                while all.count < 40 {
                    let part = try await client.get(target(sid)).text.split(separator: "\u{1E}")
                    counts.append(part.count)
                    all += part
                }
                #expect(counts == [16, 16, 8])
                #expect(all.map(String.init) == body)
            }
        }

        @Test func theHeartbeatReleasesAPoll() async throws {
            try await TestServer.run(Self.fast) { server in
                let (sid, client) = try await server.poll()
                for _ in 0..<3 {
                    #expect(try await client.get(target(sid)).text == "2")
                    #expect(try await client.post(target(sid), "3").text == "ok")
                }
                #expect(try await client.get(target(sid)).text == "2")
                #expect(try await client.get(target(sid)).text == "1")
                try await server.engine.wait(closed: sid, .pingTimeout)
                #expect(try await client.get(target(sid)).text.contains("\"code\":1"))
            }
        }

        /// P15, P16 and H27: whoever leaves in the middle ends the session.
        @Test(arguments: ["abort", "halfClose", "reset"])
        func aPollThatIsAbandonedEndsTheSession(how: String) async throws {
            try await TestServer.run { server in
                let (sid, client) = try await server.poll()
                try await client.send(RawClient.request("GET", target(sid)))
                await server.settle()
                switch how {
                case "abort": await client.close()
                case "halfClose": try await client.closeOutput()
                default: try await client.reset()
                }
                try await server.engine.wait(closed: sid, .transportError)
            }
        }

        @Test func aClosePacketIsAnsweredWithANoop() async throws {
            try await TestServer.run { server in
                let (sid, client) = try await server.poll()
                let poller = try await server.client()
                try await poller.send(RawClient.request("GET", target(sid)))
                await server.settle()
                #expect(try await client.post(target(sid), "4a\u{1E}1\u{1E}4b").text == "ok")
                let answer = try await poller.reply().text
                #expect(answer == "6" || answer == "4a")
                try await server.engine.wait(closed: sid, .transportClose)
                #expect(!server.engine.events.contains(.text("b")))
                #expect(try await client.post(target(sid), "4a").text.contains("\"code\":1"))
            }
        }

        /// Apart from what waits: the stock JavaScript client obeys a close packet before the messages in front of it.
        @Test func aCloseByTheServerIsHeldForTheNextPoll() async throws {
            try await TestServer.run { server in
                let (sid, client) = try await server.poll()
                #expect(try await client.post(target(sid), "4last\u{1E}4close").text == "ok")
                try await server.engine.wait(closed: sid, .forcedClose)
                #expect(try await client.post(target(sid), "4ignored").text == "ok")
                #expect(try await client.get(target(sid)).text == "4last")
                #expect(try await client.get(target(sid)).text == "1")
                #expect(try await client.get(target(sid)).text.contains("\"code\":1"))
                #expect(!server.engine.events.contains(.text("ignored")))
            }
        }

        @Test func aHeldCloseIsForgottenInTheEnd() async throws {
            var configuration = EngineConfiguration()
            configuration.pollingCloseTimeout = .milliseconds(100)
            try await TestServer.run(configuration) { server in
                let (sid, client) = try await server.poll()
                #expect(try await client.post(target(sid), "4close").text == "ok")
                let deadline = NIODeadline.now() + .seconds(5)
                while server.server.sessionCount > 0, NIODeadline.now() < deadline {
                    try await Task.sleep(for: .milliseconds(20))
                }
                #expect(server.server.sessionCount == 0)
            }
        }

        @Test func aCloseByTheServerReleasesAWaitingPoll() async throws {
            try await TestServer.run { server in
                let (sid, client) = try await server.poll()
                try await client.send(RawClient.request("GET", target(sid)))
                await server.settle()
                let connection = try #require(server.engine.connection(sid))
                try await connection.eventLoop.submit { connection.close() }.get()
                #expect(try await client.reply().text == "1")
                try await server.engine.wait(closed: sid, .forcedClose)
            }
        }

        @Test func aWaitingPollGetsTheLastWordsAndTheNextOneTheEnd() async throws {
            try await TestServer.run { server in
                let (sid, client) = try await server.poll()
                try await client.send(RawClient.request("GET", target(sid)))
                await server.settle()
                let connection = try #require(server.engine.connection(sid))
                try await connection.eventLoop.submit {
                    connection.send(.text(ByteBuffer(string: "farewell")))
                    connection.close()
                }.get()
                #expect(try await client.reply().text == "4farewell")
                try await server.engine.wait(closed: sid, .forcedClose)
                #expect(try await client.get(target(sid)).text == "1")
                #expect(try await client.get(target(sid)).text.contains("\"code\":1"))
            }
        }

        @Test(arguments: ["gzip", "deflate", "deflate, gzip", "br, gzip;q=0.5, deflate;q=0.7", "identity", "gzip;q=0"])
        func longAnswersAreCompressed(accepted: String) async throws {
            try await TestServer.run { server in
                let (sid, client) = try await server.poll()
                let long = "4" + String(repeating: "abcdefgh", count: 500)
                for body in [long, "4short"] {
                    #expect(try await client.post(target(sid), body).status == 200)
                    let reply = try await client.get(target(sid), headers: ["Accept-Encoding: \(accepted)"])
                    let isLong = body == long
                    let choice = ["gzip": "gzip", "identity": nil, "gzip;q=0": nil][accepted] ?? "deflate"
                    let expected = isLong ? choice : nil
                    #expect(reply["content-encoding"] == expected)
                    let plain = expected == nil ? reply.body : try inflate(reply.body)
                    #expect(String(buffer: plain) == body)
                }
            }
        }

        /// H09.
        @Test(arguments: ["PUT", "DELETE", "PATCH", "HEAD"])
        func otherMethodsAreRefusedAndSpareTheSession(method: String) async throws {
            try await TestServer.run { server in
                let (sid, client) = try await server.poll()
                try await client.send(RawClient.request(method, target(sid), headers: ["Content-Length: 0"]))
                let status = try await client.receive { bytes -> Int? in
                    // The answer to HEAD declares a body that it does not have.
                    let head = String(buffer: bytes)
                    guard head.contains("\r\n\r\n") else { return nil }
                    return Int(head.split(separator: " ")[1])
                }
                #expect(status == 400)
                let other = try await server.client()
                #expect(try await other.post(target(sid), "4alive").text == "ok")
            }
        }

        @Test func backpressureHoldsTheAnswerToAPost() async throws {
            try await TestServer.run { server in
                let (sid, client) = try await server.poll()
                try await client.send(
                    RawClient.request("POST", target(sid), headers: ["Content-Length: 11"]) + "4pause\u{1E}4one")
                try await server.engine.wait(for: .text("pause"))
                await server.settle()
                #expect(!server.engine.events.contains(.text("one")))
                let connection = try #require(server.engine.connection(sid))
                try await connection.eventLoop.submit { connection.resumeReading() }.get()
                #expect(try await client.reply().text == "ok")
                #expect(server.engine.events.contains(.text("one")))
            }
        }

        /// One byte below the bound, at it, above it: who has more than that waiting gets no more.
        @Test(arguments: [(1, true), (0, true), (-1, false)])
        func theBacklogIsBounded(spare: Int, isLeft: Bool) async throws {
            let message = EngineMessage.text(ByteBuffer(repeating: 0x61, count: 3000))
            var backlog = 0
            try await TestServer.run { server in
                let (sid, _) = try await server.poll()
                let connection = try #require(server.engine.connection(sid))
                backlog = try await connection.eventLoop.submit {
                    connection.send(message)
                    return connection.pendingBytes
                }.get()
            }
            #expect(backlog >= 3000)
            try await TestServer.run(configure: { $0.maxPendingBytes = backlog + spare }) { server in
                let (sid, _) = try await server.poll()
                let connection = try #require(server.engine.connection(sid))
                let isOpen = try await connection.eventLoop.submit {
                    for _ in 0..<2 { connection.send(message) }
                    return connection.isOpen
                }.get()
                #expect(isOpen == isLeft)
                if !isLeft { try await server.engine.wait(closed: sid, .slowConsumer) }
            }
        }

        @Test func whoNeverPollsIsGivenUpWithItsBacklog() async throws {
            try await TestServer.run(configure: { $0.maxPendingBytes = 5000 }) { server in
                let (sid, client) = try await server.poll()
                let connection = try #require(server.engine.connection(sid))
                try await connection.eventLoop.submit {
                    for _ in 0..<100 { connection.send(.text(ByteBuffer(repeating: 0x61, count: 100))) }
                }.get()
                try await server.engine.wait(closed: sid, .slowConsumer)
                #expect(try await client.get(target(sid)).text.contains("\"code\":1"))
            }
        }

        private func inflate(_ bytes: ByteBuffer) throws -> ByteBuffer {
            var input = Array(bytes.readableBytesView)
            var output = [UInt8](repeating: 0, count: 1 << 20)
            var stream = z_stream()
            // 15 bits, and either of the two headers.
            #expect(inflateInit2_(&stream, 15 + 32, zlibVersion(), Int32(MemoryLayout<z_stream>.size)) == Z_OK)
            defer { inflateEnd(&stream) }
            return input.withUnsafeMutableBufferPointer { input in
                output.withUnsafeMutableBufferPointer { output in
                    stream.next_in = input.baseAddress
                    stream.avail_in = UInt32(input.count)
                    stream.next_out = output.baseAddress
                    stream.avail_out = UInt32(output.count)
                    #expect(CZlib.inflate(&stream, Z_FINISH) == Z_STREAM_END)
                    return ByteBuffer(bytes: output.prefix(Int(stream.total_out)))
                }
            }
        }
    }
}
