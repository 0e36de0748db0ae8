import EngineIO
import NIOCore
import Testing

@testable import Transport

extension WireTests {
    /// permessage-deflate over real sockets. The peer's side is zlib through our own wrapper; that both agree with the
    /// rest of the world is Autobahn's and the browsers' business.
    @Suite struct DeflateWireTests {
        private static let offer = ["Sec-WebSocket-Extensions: permessage-deflate; client_max_window_bits"]
        private static let long = String(repeating: "compress me, please; ", count: 100)

        private func run(
            _ options: PerMessageDeflate? = PerMessageDeflate(), maxPayload: Int = 1_000_000,
            _ body: (TestServer) async throws -> Void
        ) async throws {
            try await TestServer.run(
                EngineConfiguration(maxPayload: maxPayload), configure: { $0.perMessageDeflate = options }, body)
        }

        /// A session whose WebSocket compresses.
        private func open(_ server: TestServer) async throws -> (sid: String, client: RawClient) {
            let client = try await server.client()
            let reply = try await client.upgrade(TestServer.webSocket, headers: Self.offer)
            #expect(reply["sec-websocket-extensions"]?.hasPrefix("permessage-deflate") == true)
            let open = try await client.frame().text
            return (String(open.dropFirst(9).prefix(20)), client)
        }

        private func compressed(_ text: String, opcode: UInt8 = 1) throws -> Frame {
            let deflater = try #require(MessageDeflater(windowBits: 15, level: 6))
            let payload = try #require(deflater.compress(ByteBuffer(string: text)))
            return Frame(first: 0xC0 | opcode, payload: Array(payload.readableBytesView))
        }

        private func restored(_ frame: Frame) throws -> String {
            let inflater = try #require(MessageInflater(windowBits: 15))
            return String(buffer: try inflater.inflate(ByteBuffer(bytes: frame.payload), limit: 10_000_000))
        }

        @Test func offByDefault() async throws {
            try await run(nil) { server in
                let client = try await server.client()
                let reply = try await client.upgrade(TestServer.webSocket, headers: Self.offer)
                #expect(reply.status == 101)
                #expect(reply["sec-websocket-extensions"] == nil)
                _ = try await client.frame()
                try await client.send(try compressed("4x"))
                #expect(try await client.frame().closeCode == 1002)
            }
        }

        @Test func negotiation() async throws {
            try await run { server in
                let plain = try await server.client()
                let reply = try await plain.upgrade(TestServer.webSocket)
                #expect(reply["sec-websocket-extensions"] == nil)
                let broken = try await server.client()
                let refusal = try await broken.upgrade(
                    TestServer.webSocket, headers: ["Sec-WebSocket-Extensions: permessage-deflate; ="])
                #expect(refusal.status == 400)
            }
        }

        @Test func longMessagesAreCompressedAndShortOnesAreNot() async throws {
            try await run { server in
                let (_, client) = try await open(server)
                try await client.send(try compressed("4" + Self.long))
                let echo = try await client.frame()
                #expect(echo.first == 0xC1)
                #expect(echo.payload.count < 200)
                #expect(try restored(echo) == "4" + Self.long)
                try await client.send(try compressed("4short"))
                #expect(try await client.frame() == .text("4short"))
                try await client.send(.text("4" + Self.long))
                #expect(try restored(try await client.frame()) == "4" + Self.long)
                let bytes = [UInt8](repeating: 7, count: 5000)
                try await client.send(.binary(bytes))
                let binary = try await client.frame()
                #expect(binary.first == 0xC2)
                #expect(try restored(binary) == String(decoding: bytes, as: UTF8.self))
            }
        }

        @Test func fragmentsOfACompressedMessage() async throws {
            try await run { server in
                let (_, client) = try await open(server)
                let payload = try compressed("4" + Self.long).payload
                try await client.send(Frame(first: 0x41, payload: Array(payload.prefix(5))))
                try await client.send(.ping([1]))
                try await client.send(Frame(first: 0x00, payload: []))
                try await client.send(Frame(first: 0x80, payload: Array(payload.dropFirst(5))))
                #expect(try await client.frame() == Frame(first: 0x8A, payload: [1]))
                #expect(try restored(try await client.frame()) == "4" + Self.long)
            }
        }

        /// RSV1 where it may not be, W16, and text that is none.
        @Test(arguments: [
            ([Frame(first: 0xC9, payload: [])], 1002),
            ([Frame.text("4a", isFinal: false), Frame(first: 0xC0, payload: [])], 1002),
            ([Frame(first: 0xE1, payload: [])], 1002),
            ([Frame(first: 0xC1, payload: [0xFF, 0xFF])], 1002),
            ([Frame(first: 0xC1, payload: [0x06, 0x00])], 1002),
            ([Frame(first: 0xC1, payload: [0x00, 0x02, 0x00, 0xFD, 0xFF, 0x34, 0xFF, 0x00])], 1007),
        ])
        func illegal(frames: [Frame], code: Int) async throws {
            try await run { server in
                let (sid, client) = try await open(server)
                for frame in frames { try await client.send(frame) }
                #expect(try await client.frame().closeCode == code)
                try await server.engine.wait(closed: sid, .transportError)
            }
        }

        /// W15.
        @Test func aBombIsTooBig() async throws {
            try await run(maxPayload: 10_000) { server in
                let (sid, client) = try await open(server)
                try await client.send(try compressed("4" + String(repeating: "0", count: 50_000_000)))
                #expect(try await client.frame().closeCode == 1009)
                try await server.engine.wait(closed: sid, .transportError)
            }
        }

        @Test func aMessageOfExactlyTheLimitPasses() async throws {
            try await run(maxPayload: 10_000) { server in
                let (_, client) = try await open(server)
                let text = "4" + String(repeating: "0", count: 9_999)
                try await client.send(try compressed(text))
                #expect(try restored(try await client.frame()) == text)
            }
        }

        @Test func windowsThatSpanMessages() async throws {
            try await run(PerMessageDeflate(serverNoContextTakeover: false, clientNoContextTakeover: false)) { server in
                let (_, client) = try await open(server)
                let deflater = try #require(MessageDeflater(windowBits: 15, level: 6))
                let inflater = try #require(MessageInflater(windowBits: 15))
                var sizes: [Int] = []
                var generator = SeededGenerator(seed: 1)
                let noise = "4" + (0..<500).map { _ in "\(UInt16.random(in: 0...9999, using: &generator))" }.joined()
                for _ in 0..<3 {
                    let payload = try #require(deflater.compress(ByteBuffer(string: noise)))
                    try await client.send(Frame(first: 0xC1, payload: Array(payload.readableBytesView)))
                    let echo = try await client.frame()
                    sizes.append(echo.payload.count)
                    let text = try inflater.inflate(ByteBuffer(bytes: echo.payload), limit: 10_000)
                    #expect(String(buffer: text) == noise)
                }
                #expect(sizes[1] < sizes[0] / 4)
            }
        }

        /// One broadcast, made once: sockets that compress share a frame, the others the plain one.
        @Test func preparedMessages() async throws {
            try await run { server in
                let (first, compressing) = try await open(server)
                let (second, plain) = try await server.webSocket()
                let message = PreparedMessage(.text(ByteBuffer(string: Self.long)))
                let uncompressed = PreparedMessage(.text(ByteBuffer(string: Self.long)), compress: false)
                for sid in [first, second] {
                    let session = try #require(server.engine.connection(sid))
                    session.eventLoop.execute {
                        session.send(prepared: message)
                        session.send(prepared: uncompressed)
                        session.send(.text(ByteBuffer(string: Self.long)), compress: false)
                    }
                }
                let shared = try await compressing.frame()
                #expect(shared.first == 0xC1)
                #expect(try restored(shared) == "4" + Self.long)
                #expect(try await compressing.frame() == .text("4" + Self.long))
                #expect(try await compressing.frame() == .text("4" + Self.long))
                for _ in 0..<3 { #expect(try await plain.frame() == .text("4" + Self.long)) }
                var made = 0
                for _ in 0..<2 {
                    _ = message.compressedFrame { _ in
                        made += 1
                        return nil
                    }
                }
                #expect(made == 0)
            }
        }

        /// The candidate of an upgrade often arrives on another loop than its session's and moves there.
        @Test func upgradedSessionsCompressToo() async throws {
            try await run { server in
                for _ in 0..<4 {
                    let (sid, poller) = try await server.poll()
                    let client = try await server.client()
                    let reply = try await client.upgrade("\(TestServer.webSocket)&sid=\(sid)", headers: Self.offer)
                    #expect(reply["sec-websocket-extensions"]?.hasPrefix("permessage-deflate") == true)
                    try await client.send(.text("2probe"))
                    #expect(try await client.frame() == .text("3probe"))
                    try await client.send(.text("5"))
                    try await client.send(try compressed("4" + Self.long))
                    #expect(try restored(try await client.frame()) == "4" + Self.long)
                    await client.close()
                    await poller.close()
                }
            }
        }
    }
}
