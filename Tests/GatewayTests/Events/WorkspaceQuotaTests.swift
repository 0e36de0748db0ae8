import Assignment
import Foundation
import SocketClient
import SocketIO
import Storage
import StorageTestSupport
import Synchronization
import Testing

@testable import Gateway

/// A workspace has its own quota of a node's connections: counted exactly, refused clearly, and nobody else's business.
@Suite struct WorkspaceQuotaTests {
    @Test(arguments: [1, 2, 7]) func theBoundIsTheBound(_ limit: Int) throws {
        let quotas = WorkspaceQuotas()
        #expect(!quotas.isLimiting)
        quotas.set(["a": limit])
        #expect(quotas.isLimiting)
        var places: [WorkspaceQuotas.Place] = []
        for number in 1...limit {
            #expect(!quotas.isFull("a"), "with \(number - 1) of \(limit)")
            places.append(try #require(quotas.take("a")))
        }
        #expect(quotas.isFull("a") && quotas.take("a") == nil && quotas.connections(of: "a") == limit)
        #expect(quotas.refused == 1)
        // Nobody set one for this workspace.
        for _ in 0...limit { places.append(try #require(quotas.take("b"))) }
        #expect(quotas.connections(of: "b") == limit + 1)
        places.removeAll()
        #expect(quotas.connections(of: "a") == 0 && quotas.connections(of: "b") == 0)
    }

    @Test func aPlaceGoesBackOnce() throws {
        let quotas = WorkspaceQuotas()
        quotas.set(["a": 2])
        var first = quotas.take("a")
        let second = try #require(quotas.take("a"))
        first?.giveBack()
        first?.giveBack()
        #expect(quotas.connections(of: "a") == 1)
        first = nil
        #expect(quotas.connections(of: "a") == 1)
        second.giveBack()
        #expect(quotas.connections(of: "a") == 0)
    }

    /// Whoever is in stays in; who comes waits until there are fewer than may be.
    @Test func aQuotaCanComeDownAndGoAway() throws {
        let quotas = WorkspaceQuotas()
        var places = (0..<3).map { _ in quotas.take("a") }
        quotas.set(["a": 2])
        #expect(quotas.take("a") == nil)
        places.removeLast()
        #expect(quotas.take("a") == nil, "two of two")
        places.removeLast()
        let third = quotas.take("a")
        #expect(third != nil && quotas.take("a") == nil)
        quotas.set([:])
        let fourth = quotas.take("a")
        #expect(fourth != nil && quotas.connections(of: "a") == 3)
        third?.giveBack()
        #expect(quotas.connections(of: "a") == 2)
    }

    @Test func countedFromManyThreads() async {
        let quotas = WorkspaceQuotas()
        quotas.set(["a": 10])
        let crowd = Crowd()
        await withTaskGroup(of: Void.self) { group in
            for _ in 0..<200 {
                group.addTask {
                    guard let place = quotas.take("a") else { return }
                    let count = quotas.connections(of: "a")
                    crowd.most.withLock { $0 = max($0, count) }
                    await Task.yield()
                    place.giveBack()
                }
            }
        }
        #expect((1...10).contains(crowd.most.withLock { $0 }) && quotas.connections(of: "a") == 0)
    }

    private final class Crowd: Sendable {
        let most = Mutex(0)
        let isLocked = Atomic(false)
    }

    // MARK: The file

    @Test func aFileSaysHowMany() async throws {
        try await TestDatabase.with { test in
            let files: [(yaml: String, changes: [String], limits: [String: Int])] = [
                ("limits: {}", [], [:]),
                ("limits: {connections: 500}", ["~ limits: connections (default) -> 500"], ["default": 500]),
                ("limits: {connections: 500}", [], ["default": 500]),
                ("queues: [{name: default}]", [], ["default": 500]),
                ("csat: {window: 1d}", ["+ csat: window 86400s"], ["default": 500]),
                ("limits: {connections: 1}", ["~ limits: connections 500 -> 1"], ["default": 1]),
                ("limits: {}", ["~ limits: connections 1 -> (default)"], [:]),
            ]
            for file in files {
                #expect(try await ApplyWorkspaceTests.apply(file.yaml, to: test.database) == file.changes)
                let limits = try await test.database.transaction(.workspace("default")) {
                    try Workspaces.connectionLimits($0)
                }
                #expect(limits == file.limits, "\(file.yaml)")
            }
        }
    }

    @Test(arguments: [
        "limits: {connections: 0}", "limits: {connections: -1}", "limits: {connections: 1000001}",
        "limits: {connections: many}", "limits: {sockets: 5}", "limits: 5",
    ])
    func whatIsNoQuotaIsRefused(_ yaml: String) {
        #expect(throws: FileProblems.self) { try WorkspaceFile(parsing: yaml) }
    }

    // MARK: On the wire

    /// The one who is too many hears why, however the others left before; another workspace does not notice.
    @Test func whoIsTooManyIsToldSo() async throws {
        try await SocketHouse.with { house in
            func visit<Value: Sendable>(
                _ workspace: String = "default", _ body: (SocketClientConnection) async throws -> Value
            ) async throws -> Value {
                let token = try await house.token(.visitor, "\(UUID())", workspace: workspace)
                return try await house.client.withConnection(auth: ["token": token], body)
            }
            try await house.apply("limits: {connections: 2}")
            try await Self.eventually { house.quotas.isLimiting }
            try await visit { first in
                try await visit { _ in
                    #expect(house.quotas.connections(of: "default") == 2)
                    let refusal = await #expect(throws: SocketClientError.self) { try await visit { _ in } }
                    #expect(refusal?.code == .refused)
                    let data = try #require(refusal?.data?["data"])
                    #expect(data["code"] == "workspace_full")
                    let pause = try #require(data["retryAfterMs"]?.int)
                    #expect((5000...15_000).contains(pause))
                    try await visit("other") { other in
                        let ack = try await other.request("message:send", ["content": "hola"])
                        #expect(ack.isOK)
                    }
                    let ack = try await first.request("message:send", ["content": "hola"])
                    #expect(ack.isOK)
                }
                try await Self.eventually { house.quotas.connections(of: "default") == 1 }
                // Without a word.
                await #expect(throws: TestFailure.self) { try await visit { _ -> Void in throw TestFailure("cut") } }
                try await Self.eventually { house.quotas.connections(of: "default") == 1 }
                // Who leaves the namespace and comes back over the same connection takes one place, not two.
                try await Self.again(house, try await house.token(.visitor, "again"))
                try await Self.eventually { house.quotas.connections(of: "default") == 1 }
            }
            try await Self.eventually { house.quotas.connections(of: "default") == 0 }
        }
    }

    /// A connection that is lost while its CONNECT is being decided has no handler that would hear of its end.
    @Test func whoIsLostOnTheWayInCountsNoMore() async throws {
        try await SocketHouse.with { house in
            let owner = try await house.ownerDatabase()
            let crowd = Crowd()
            let token = try await house.token(.visitor, "v")
            try await withThrowingTaskGroup(of: Void.self) { group in
                group.addTask {
                    try await owner.transaction(.none) { sql in
                        try sql.execute("lock table presence_leases in access exclusive mode")
                        crowd.isLocked.store(true, ordering: .sequentiallyConsistent)
                        _ = try sql.query("select pg_sleep(2)")
                    }
                }
                try await Self.eventually { crowd.isLocked.load(ordering: .sequentiallyConsistent) }
                await #expect(throws: TestFailure.self) {
                    _ = try await FrameClient.messages(port: house.client.port) { message, send in
                        guard message.hasPrefix("0{") else { return }
                        try await send(#"40{"token":\#(token)}"#)
                        try await Self.eventually { house.quotas.connections(of: "default") == 1 }
                        throw TestFailure("cut")
                    }
                }
                #expect(house.quotas.connections(of: "default") == 1, "it is still being let in")
                try await group.waitForAll()
            }
            await owner.shutDown()
            try await Self.eventually { house.quotas.connections(of: "default") == 0 }
        }
    }

    /// Who says with the request whose widget it is gets 503 before there is a session; live both ways within two seconds.
    @Test func aFullWorkspaceIsKnownAtTheHandshake() async throws {
        try await TestDatabase.with { test in
            let url = test.url.description
            let key = try await GatewayProgram.widgetKey(on: url).reveal()
            try await ApplyWorkspaceTests.apply("limits: {connections: 1}", to: test.database)
            try await GatewayProgram.serving(on: url) { _, port in
                func handshake(_ query: String, _ headers: [String: String] = [:]) async throws -> String {
                    try await PlainHTTP.get("/socket.io/?EIO=4&transport=polling\(query)", port: port, headers: headers)
                }
                #expect(try await handshake("&key=\(key)").hasPrefix("HTTP/1.1 200"), "nobody is there yet")
                try await SocketClient(port: port).withConnection(auth: ["key": .string(key)]) { _ in
                    let full = try await handshake("&key=\(key)")
                    #expect(full.hasPrefix("HTTP/1.1 503") && full.lowercased().contains("\r\nretry-after: "))
                    for other in ["", "&key=wk_unknown", "&token=unknown"] {
                        #expect(try await handshake(other).hasPrefix("HTTP/1.1 200"), "\(other)")
                    }
                    #expect(
                        try await handshake("&key=\(key)", ["Authorization": "Bearer unknown"]).hasPrefix(
                            "HTTP/1.1 200"),
                        "the key does not count beside a token")
                    let metrics = try await PlainHTTP.get("/metrics", port: port)
                    #expect(metrics.contains("\npuente_workspace_full_total 1\n"))
                    try await ApplyWorkspaceTests.apply("limits: {connections: 2}", to: test.database)
                    try await Self.eventually { try await handshake("&key=\(key)").hasPrefix("HTTP/1.1 200") }
                }
            }
        }
    }

    /// Twice in and out over one connection, then gone.
    private static func again(_ house: SocketHouse, _ token: JSONValue) async throws {
        let turns = Atomic(0)
        _ = await #expect(throws: TestFailure.self) {
            _ = try await FrameClient.messages(port: house.client.port) { message, send in
                if message.hasPrefix("0{") { try await send(#"40{"token":\#(token)}"#) }
                guard message.hasPrefix("40{") else { return }
                #expect(house.quotas.connections(of: "default") == 2)
                guard turns.add(1, ordering: .relaxed).newValue < 3 else { throw TestFailure("cut") }
                try await send("41")
                try await Self.eventually { house.quotas.connections(of: "default") == 1 }
                try await send(#"40{"token":\#(token)}"#)
            }
        }
    }

    private static func eventually(_ condition: () async throws -> Bool) async throws {
        let deadline = ContinuousClock.now + .seconds(20)
        while try await !condition() {
            try #require(ContinuousClock.now < deadline)
            try await Task.sleep(for: .milliseconds(10))
        }
    }
}
