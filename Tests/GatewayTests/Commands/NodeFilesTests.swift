import Foundation
import SocketClient
import SocketIO
import Storage
import StorageTestSupport
import Testing

@testable import Gateway

/// What a gateway on an operator's database keeps in files: its name, where a directory is named for it, else nothing.
@Suite struct NodeFilesTests {
    private func serve(_ test: TestDatabase, _ arguments: String...) throws -> GatewayProgram {
        try GatewayProgram(
            ["serve", "--port", "0", "--loops", "1", "--database-url", test.url.description] + arguments)
    }

    private func leases(_ test: TestDatabase) async throws -> [(node: String, life: String)] {
        try await test.database.transaction(.workspace("default")) { sql in
            try sql.query("select node_id, node_life from presence_leases").map {
                (node: try $0.text(0), life: try $0.text(1))
            }
        }
    }

    /// Leads a life that ends by SIGKILL while a visitor is connected.
    private func diesWithAVisitor(_ gateway: GatewayProgram, key: Secret) async throws {
        let port = try await gateway.ready()
        try await SocketClient(port: port).withConnection(auth: ["key": .string(key.reveal())]) { connection in
            let ack = try await connection.request("message:send", ["content": "hola"])
            #expect(ack["ok"] == true, "\(ack)")
            gateway.signal(SIGKILL)
        }
        _ = await gateway.end()
    }

    @Test func aNamedDirectoryKeepsTheNamesOfLives() async throws {
        try await TestDatabase.with { test in
            let folder = FileManager.default.temporaryDirectory.appendingPathComponent("puente-\(UUID().uuidString)")
                .path
            defer { try? FileManager.default.removeItem(atPath: folder) }
            let key = try await GatewayProgram.widgetKey(on: test.url.description)
            try await self.diesWithAVisitor(try self.serve(test, "--data-dir", folder), key: key)
            #expect(try FileManager.default.contentsOfDirectory(atPath: folder) == ["node-id"])
            let left = try await self.leases(test)
            #expect(try left.map(\.node) == [PrivateFile.text(at: "\(folder)/node-id", isSecret: false) { "" }])

            // A lease lasts 30 seconds; its node's next life does not wait for that.
            let second = try self.serve(test, "--data-dir", folder)
            _ = try await second.ready()
            let deadline = ContinuousClock.now + .seconds(15)
            while try await !self.leases(test).isEmpty {
                try #require(ContinuousClock.now < deadline, "the lease of the earlier life stays")
                try await Task.sleep(for: .milliseconds(50))
            }
            second.signal(SIGTERM)
            #expect(await second.end().status == 0)
        }
    }

    @Test func withoutADirectoryALifeHasANameOfItsOwn() async throws {
        try await TestDatabase.with { test in
            let key = try await GatewayProgram.widgetKey(on: test.url.description)
            for _ in 1...2 { try await self.diesWithAVisitor(try self.serve(test), key: key) }
            let left = try await self.leases(test)
            #expect(Set(left.map(\.node)).count == 2)
            #expect(left.allSatisfy { $0.node == $0.life })
        }
    }
}
