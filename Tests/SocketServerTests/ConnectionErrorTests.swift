import EngineIO
import Foundation
import FoundationNetworking
import NIOCore
import SocketIO
import SocketServer
import Synchronization
import Testing
import Transport

/// What an application is told of connections that did not come about.
@Suite struct ConnectionErrorTests {
    private final class Notes: Sendable {
        let errors = Mutex<[ConnectionError]>([])
        let refusals = Mutex<[RefusedConnect]>([])
    }

    @Test("Requests that the engine refuses: code, message, context and the request")
    func engine() async throws {
        let notes = Notes()
        try await TestServer.run(register: { server in
            server.onConnectionError { error in notes.errors.withLock { $0.append(error) } }
        }) { server in
            let path = "/socket.io/?EIO=7&transport=polling&user=%C3%A9"
            var request = URLRequest(url: try #require(URL(string: "http://127.0.0.1:\(server.port)\(path)")))
            request.setValue("yes", forHTTPHeaderField: "X-Probe")
            let (body, _) = try await URLSession.shared.data(for: request)
            #expect(String(decoding: body, as: UTF8.self) == #"{"code":5,"message":"Unsupported protocol version"}"#)
            let error = try #require(notes.errors.withLock { $0.first })
            #expect(error.code.rawValue == 5)
            #expect(error.message == "Unsupported protocol version")
            #expect(error.context == ["protocol": "7"])
            #expect("\(error)" == "5 Unsupported protocol version")
            #expect(error.request.query.first { $0.name == "user" }?.value == "é")
            #expect(error.request.url == path)
            #expect(error.request.header("x-probe") == "yes")
        }
    }

    @Test("CONNECTs that a namespace refuses, each once")
    func namespaces() async throws {
        struct Broken: Error {}
        let notes = Notes()
        let journal = Journal()
        let refusal = ConnectRefusal(message: "not authorized", data: ["code": 401])
        try await TestServer.run(register: { server in
            server.namespace("/private").use { _ in throw refusal }
            server.namespace("/broken").use { _ in throw Broken() }
            server.onConnectRefused { refused in
                notes.refusals.withLock { $0.append(refused) }
                journal.note(refused.namespace)
            }
        }) { server in
            let client = try await server.client()
            client.send("40/nope,")
            await client.expect(#"44/nope,{"message":"Invalid namespace"}"#)
            client.send("40/private,")
            await client.expect(#"44/private,{"message":"not authorized","data":{"code":401}}"#)
            client.send("40/broken,")
            await client.expectClosed()
            #expect(await journal.entries(3) == ["/nope", "/private", "/broken"])
            let refusals = notes.refusals.withLock { $0 }
            guard case .unknownNamespace = refusals[0].reason, case .refused(let said) = refusals[1].reason,
                case .failed(let error) = refusals[2].reason
            else {
                Issue.record("\(refusals)")
                return
            }
            #expect(said == refusal)
            #expect(error is Broken)
            #expect(refusals.allSatisfy { $0.handshake.queryValue("transport") == "websocket" })
        }
    }
}
