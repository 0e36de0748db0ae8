import Foundation
import SocketClient
import SocketIO
import StorageTestSupport
import Testing

@testable import Gateway

/// What docs/operations.md says about backups, done: a dump while the gateway runs, and a copy of the folder while it does
/// not. Each becomes a new install, in which the visitor's old token still works.
@Suite(.serialized) struct BackupTests {
    private static func shell(_ command: String) throws {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/bin/sh")
        process.arguments = ["-ec", command]
        process.standardOutput = FileHandle.nullDevice
        let errors = Pipe()
        process.standardError = errors
        try process.run()
        let said = String(decoding: errors.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
        process.waitUntilExit()
        try #require(process.terminationStatus == 0, "\(said)")
    }

    private func serve(_ path: String) throws -> GatewayProgram {
        try GatewayProgram(["serve", "--port", "0", "--data-dir", path, "--loops", "1"])
    }

    /// A visitor writes two messages.
    ///
    /// - Returns: the visitor's token and chat.
    private func write(_ port: Int, on path: String) async throws -> (token: JSONValue, chat: JSONValue) {
        let made = try await GatewayProgram.run(["widgetkey", "create", "--data-dir", path])
        return try await SocketClient(port: port)
            .withConnection(auth: ["key": .string(String(made.output.dropLast()))]) { visitor in
                let session = try #require(await visitor.events.first { $0.name == "session" }).payload
                var chat: JSONValue = .null
                for text in ["uno", "dos"] {
                    chat = try #require(try await visitor.request("message:send", ["content": .string(text)])["chatId"])
                }
                return (try #require(session["token"]), chat)
            }
    }

    /// The visitor comes back to an install and finds everything, and goes on.
    private func expectEverything(_ port: Int, _ visitor: (token: JSONValue, chat: JSONValue)) async throws {
        try await SocketClient(port: port).withConnection(auth: ["token": visitor.token]) { connection in
            let ack = try await connection.request("message:send", ["content": "tres"])
            #expect(ack["chatId"] == visitor.chat && ack["seq"] == 3, "\(ack)")
            let join = try await connection.request("chat:join", ["chatId": visitor.chat])
            #expect(join["messages"]?.array?.compactMap { $0["content"]?.string } == ["uno", "dos", "tres"])
        }
    }

    private func end(_ gateway: GatewayProgram) async {
        gateway.signal(SIGTERM)
        #expect(await gateway.end().status == 0)
    }

    @Test(.timeLimit(.minutes(2))) func aDumpOfARunningGateway() async throws {
        let (old, new) = (try await TestDataDirectory.withCluster(), try await TestDataDirectory.withCluster())
        let first = try self.serve(old.path)
        let visitor = try await self.write(try await first.ready(), on: old.path)
        let dump = "\(old.path)/backup.dump"
        let socket = { (path: String) in "$(sed -n 5p \(path)/postgres/postmaster.pid)" }
        try Self.shell("pg_dump -h \"\(socket(old.path))\" -U puente -Fc -f \(dump) puente")
        await self.end(first)

        let empty = try self.serve(new.path)
        _ = try await empty.ready()
        // The gateway goes on looking at its tables: whoever of the two has to yield, it is not the restore.
        try Self.shell(
            "PGOPTIONS='-c deadlock_timeout=1h' pg_restore --clean --if-exists --single-transaction -h \"\(socket(new.path))\" -U puente -d puente \(dump)"
        )
        await self.end(empty)
        try Self.shell("cp \(old.path)/signing-key \(new.path)/signing-key")
        let second = try self.serve(new.path)
        try await self.expectEverything(try await second.ready(), visitor)
        await self.end(second)
    }

    @Test(.timeLimit(.minutes(2))) func aCopyOfTheFolder() async throws {
        let (old, new) = (try await TestDataDirectory.withCluster(), try TestDataDirectory())
        let first = try self.serve(old.path)
        let visitor = try await self.write(try await first.ready(), on: old.path)
        await self.end(first)
        try Self.shell("cp -a \(old.path)/. \(new.path)/")
        let second = try self.serve(new.path)
        try await self.expectEverything(try await second.ready(), visitor)
        await self.end(second)
    }
}
