import EngineIO
import Foundation
import FoundationNetworking
import Logging
import NIOCore
import NIOPosix
import SocketIO
import SocketServer
import Testing
import Transport

/// `compress` on the wire: of polls' answers the header, of WebSocket frames the bit RSV1, where both may be compressed.
@Suite struct CompressTests {
    private static let long = String(repeating: "compress me, please; ", count: 200)

    /// A server that compresses all it may, on which `plain` and `small` say how they want to be answered.
    private func run(recovery: RecoveryConfiguration? = nil, _ body: (TestServer) async throws -> Void) async throws {
        var configuration = SocketServerConfiguration()
        configuration.recovery = recovery
        try await TestServer.run(
            configuration, transport: { $0.perMessageDeflate = PerMessageDeflate() },
            register: { server in
                server.namespace("/")
                    .inLoop.onConnection { $0.join("room") }
                    .inLoop.on("emit") { socket, event in
                        let compress = (try? event.arguments.decode().first) == true
                        socket.emit("m", [.string(Self.long)], compress: compress)
                    }
                    .inLoop.on("ask") { socket, event in
                        let compress = (try? event.arguments.decode().first) == true
                        socket.emit("m", [.string(Self.long)], compress: compress) { _ in }
                    }
                    .inLoop.on("broadcast") { socket, event in
                        let compress = (try? event.arguments.decode().first) == true
                        socket.namespace.to("room").compress(compress).emit("m", [.string(Self.long)])
                    }
            }, body)
    }

    @Test(arguments: ["emit", "ask", "broadcast"], [true, false])
    func webSocket(event: String, compress: Bool) async throws {
        try await self.run { server in
            // With two members a broadcast is prepared once for both.
            var clients: [WireClient] = []
            for _ in 0..<2 {
                let client = try await WireClient.connect(
                    port: server.port, group: server.group, extensions: "permessage-deflate")
                client.send("40")
                _ = try await client.expect(prefix: "40{\"sid\":\"")
                clients.append(client)
            }
            clients[0].send("42[\"\(event)\",\(compress)]")
            for client in event == "broadcast" ? clients : [clients[0]] {
                let received = await client.next()
                guard case .compressed(let length) = received else {
                    guard case .text(let text) = received else { throw Unexpected(what: "\(received)") }
                    #expect(!compress)
                    #expect(text.contains(Self.long))
                    continue
                }
                #expect(compress)
                #expect(length < Self.long.utf8.count / 10)
            }
        }
    }

    @Test(arguments: ["emit", "ask", "broadcast"], [true, false])
    func polling(event: String, compress: Bool) async throws {
        try await self.run { server in try await self.checkPolling(event, compress, server) }
    }

    @Test("Where sessions are recovered a single socket's events go through the adapter", arguments: [true, false])
    func recovered(compress: Bool) async throws {
        try await self.run(recovery: RecoveryConfiguration()) { server in
            try await self.checkPolling("emit", compress, server)
        }
    }

    private func checkPolling(_ event: String, _ compress: Bool, _ server: TestServer) async throws {
        let client = PollingClient(port: server.port)
        let sid = try await client.open()
        _ = try await client.post("40", sid)
        _ = try await client.poll(sid)
        _ = try await client.post("42[\"\(event)\",\(compress)]", sid)
        let answer = try await client.poll(sid)
        #expect(answer.isCoded == compress)
        #expect(answer.text.contains(Self.long))
    }

    struct Unexpected: Error {
        let what: String
    }
}

/// Polls through Foundation, which undoes the compression that it asked for.
private struct PollingClient {
    let port: Int
    private let session: URLSession

    init(port: Int) {
        self.port = port
        let configuration = URLSessionConfiguration.ephemeral
        configuration.timeoutIntervalForRequest = 20
        self.session = URLSession(configuration: configuration)
    }

    private func exchange(_ sid: String?, post body: String? = nil) async throws -> (text: String, isCoded: Bool) {
        let suffix = sid.map { "&sid=" + $0 } ?? ""
        guard let url = URL(string: "http://127.0.0.1:\(self.port)/socket.io/?EIO=4&transport=polling" + suffix) else {
            throw CompressTests.Unexpected(what: suffix)
        }
        var request = URLRequest(url: url)
        request.setValue("gzip", forHTTPHeaderField: "Accept-Encoding")
        if let body {
            request.httpMethod = "POST"
            request.setValue("text/plain;charset=UTF-8", forHTTPHeaderField: "Content-Type")
            request.httpBody = Data(body.utf8)
        }
        let (data, response) = try await self.session.data(for: request)
        let head = response as? HTTPURLResponse
        return (String(decoding: data, as: UTF8.self), head?.value(forHTTPHeaderField: "Content-Encoding") == "gzip")
    }

    func open() async throws -> String {
        let text = try await self.exchange(nil).text
        guard text.hasPrefix("0{\"sid\":\"") else { throw CompressTests.Unexpected(what: text) }
        return String(text.dropFirst(9).prefix(20))
    }

    func post(_ body: String, _ sid: String) async throws -> (text: String, isCoded: Bool) {
        try await self.exchange(sid, post: body)
    }

    func poll(_ sid: String) async throws -> (text: String, isCoded: Bool) { try await self.exchange(sid) }
}
