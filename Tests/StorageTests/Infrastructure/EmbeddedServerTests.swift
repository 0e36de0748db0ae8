import Foundation
import Glibc
import StorageTestSupport
import Testing

@testable import Storage

@Suite struct EmbeddedServerTests {
    /// The thread that stopped a server may live a moment longer than the call: what it holds must not be in the way.
    @Test func whatIsReleasedIsFree() async throws {
        let directory = try await TestDataDirectory.withCluster()
        let locks = try ServerLocks(root: directory.path, use: .gateway)
        #expect(throws: EmbeddedServerError.self) { try ServerLocks(root: directory.path, use: .gateway) }
        locks.release()
        _ = try ServerLocks(root: directory.path, use: .gateway)
        withExtendedLifetime(locks) {}
    }

    @Test func startsStopsAndKeepsItsData() async throws {
        let directory = try await TestDataDirectory.withCluster()
        var server = try await TestServer.start(in: directory)
        #expect(!server.isAdopted)
        try await Self.run(server.url, "create table kept (id int)")
        // Only through a socket that nobody else can reach.
        let socket = try #require(server.url["host"])
        var status = stat()
        #expect(lstat(socket, &status) == 0)
        #expect(status.st_mode & 0o777 == 0o700)
        #expect(try await Self.read(server.url, "select current_setting('listen_addresses')") == "")
        #expect(try await Self.read(server.url, "select current_setting('server_encoding')") == "UTF8")
        let collation = try await Self.read(
            server.url, "select datcollate from pg_database where datname = current_database()"
        )
        #expect(collation == "C.UTF-8")
        // A session of its own: Ctrl-C for the gateway is none for the server.
        let process = try #require(server.process)
        #expect(getsid(process) != getsid(0))
        await server.stop()
        #expect(server.process == nil)
        #expect(lstat(socket, &status) != 0)

        server = try await TestServer.start(in: directory)
        #expect(try await Self.read(server.url, "select count(*)::text from kept") == "0")
        await server.stop()
    }

    @Test func aSecondGatewayIsRefused() async throws {
        let directory = try await TestDataDirectory.withCluster()
        let server = try await TestServer.start(in: directory)
        do {
            _ = try await TestServer.start(in: directory)
            Issue.record("two gateways share a data directory")
        } catch {
            let error = try #require(error as? EmbeddedServerError)
            #expect(error.code == .inUse)
            #expect(error.message.contains("process \(getpid())"))
        }
        #expect(server.process != nil)
        await server.stop()
    }

    @Test func theLastUserStopsTheServer() async throws {
        let directory = try await TestDataDirectory.withCluster()
        // A command before the gateway, one beside it, one that outlasts it.
        let early = try await TestServer.start(in: directory, as: .command)
        let gateway = try await TestServer.start(in: directory)
        #expect(gateway.isAdopted)
        let late = try await TestServer.start(in: directory, as: .command)
        #expect(late.url == gateway.url)
        let process = early.process
        await early.stop()
        #expect(gateway.process == process)
        await gateway.stop()
        #expect(late.process == process)
        try await Self.run(late.url, "select 1")
        await late.stop()
        #expect(late.process == nil)
        // Stopping twice is harmless.
        await late.stop()
    }

    @Test func manyCommandsStartOneServer() async throws {
        let directory = try await TestDataDirectory.withCluster()
        let servers = try await withThrowingTaskGroup(of: EmbeddedServer.self) { group in
            for _ in 0..<4 {
                group.addTask { try await TestServer.start(in: directory, as: .command) }
            }
            return try await group.reduce(into: []) { $0.append($1) }
        }
        #expect(servers.count { !$0.isAdopted } == 1)
        #expect(Set(servers.map(\.process)).count == 1)
        for server in servers { await server.stop() }
        #expect(servers.allSatisfy { $0.process == nil })
    }

    /// The locks of a killed gateway are released by the kernel; its server lives on.
    @Test func aServerThatOutlivedItsGatewayIsAdopted() async throws {
        let directory = try await TestDataDirectory.withCluster()
        var killed: EmbeddedServer? = try await TestServer.start(in: directory)
        let process = killed?.process
        killed = nil
        let server = try await TestServer.start(in: directory)
        #expect(server.isAdopted)
        #expect(server.process == process)
        try await Self.run(server.url, "select 1")
        await server.stop()
    }

    @Test func aKilledServerLeavesNothingInTheWay() async throws {
        let directory = try await TestDataDirectory.withCluster()
        var killed: EmbeddedServer? = try await TestServer.start(in: directory)
        let process = try #require(killed?.process)
        kill(process, SIGKILL)
        killed = nil
        let server = try await TestServer.start(in: directory)
        #expect(server.process != process)
        try await Self.run(server.url, "select 1")
        await server.stop()
    }

    /// Its process id answers signals until its parent has waited for it, and some first processes never do.
    @Test(.timeLimit(.minutes(1))) func aDeadServerThatNobodyWaitsForIsNotInTheWay() async throws {
        let directory = try await TestDataDirectory.withCluster()
        var killed: EmbeddedServer? = try await TestServer.start(in: directory)
        let process = try #require(killed?.process)
        let socket = try #require(killed?.url["host"])
        let parent = Process()
        parent.executableURL = URL(fileURLWithPath: "/bin/sh")
        parent.arguments = ["-c", "sleep 0 & echo $!; exec sleep 100"]
        let output = Pipe()
        parent.standardOutput = output
        try parent.run()
        defer { parent.terminate() }
        let line = String(decoding: output.fileHandleForReading.availableData, as: UTF8.self)
        let dead = try #require(Int32(line.trimmingCharacters(in: .whitespacesAndNewlines)))
        while !PostmasterFile.hasEnded(dead) { try await Task.sleep(for: .milliseconds(5)) }

        kill(process, SIGKILL)
        while killed?.process != nil { try await Task.sleep(for: .milliseconds(5)) }
        killed = nil
        for file in ["\(directory.path)/postgres/postmaster.pid", "\(socket)/.s.PGSQL.5432.lock"] {
            let text = try String(contentsOfFile: file, encoding: .utf8)
            // Not by another file in its place: the server's user has to be its owner.
            try text.replacingOccurrences(of: "\(process)\n", with: "\(dead)\n")
                .write(toFile: file, atomically: false, encoding: .utf8)
        }
        let server = try await TestServer.start(in: directory)
        #expect(PostmasterFile.hasEnded(dead), "it was waited for: this test shows nothing")
        try await Self.run(server.url, "select 1")
        await server.stop()
    }

    @Test func anInterruptedInitdbIsForgotten() async throws {
        let directory = try TestDataDirectory()
        try FileManager.default.createDirectory(
            atPath: "\(directory.path)/postgres.new/base", withIntermediateDirectories: true
        )
        let server = try await TestServer.start(in: directory)
        try await Self.run(server.url, "select 1")
        await server.stop()
    }

    @Test(.enabled(if: geteuid() == 0, "only root's server runs as another user"))
    func anUnreachableDataDirectoryIsMoved() async throws {
        let parent = try TestDataDirectory()
        chmod(parent.path, 0o700)
        let path = "\(parent.path)/data"
        let location = try ClusterLocation.resolve(dataDirectory: path)
        #expect(location.isMoved)
        #expect(location.root == "/var/lib/puente/\(location.digest)")
        #expect(location.digest.utf8.count == 12)
        #expect(try ClusterLocation.resolve(dataDirectory: path + "/../data").root == location.root)
        rmdir(location.root)
    }

    /// What `gateway doctor` does, which changes nothing.
    @Test(.enabled(if: geteuid() == 0, "only root's server runs as another user"))
    func lookingMakesNothing() throws {
        let parent = try TestDataDirectory()
        chmod(parent.path, 0o700)
        let path = "\(parent.path)/data"
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: false)
        guard case .none = try EmbeddedServer.look(dataDirectory: path) else {
            Issue.record("there is no cluster")
            return
        }
        let location = try ClusterLocation.find(dataDirectory: path)
        #expect(location.isMoved && !FileManager.default.fileExists(atPath: location.root))
        #expect(try FileManager.default.contentsOfDirectory(atPath: path).isEmpty)
    }

    @Test func aPathThatCannotBeADirectoryIsRefused() throws {
        let error = #expect(throws: EmbeddedServerError.self) {
            try ClusterLocation.resolve(dataDirectory: "/dev/null/data")
        }
        #expect(error?.code == .notAccessible)
    }

    @Test(arguments: [
        ("postgres (PostgreSQL) 15.20 (Debian 15.20-0+deb12u1)\n", 15), ("postgres (PostgreSQL) 17beta1", 17),
        ("postgres (PostgreSQL) 9.6.24", 9),
    ])
    func versions(output: String, version: Int) {
        #expect(PostgresBinaries.version(in: output) == version)
    }

    @Test func theServerFitsTheCluster() throws {
        let installed = [17, 15, 13].map { PostgresBinaries(directory: "/pg/\($0)", version: $0) }
        #expect(try PostgresBinaries.choose(from: installed, for: nil).version == 17)
        #expect(try PostgresBinaries.choose(from: installed, for: 15).version == 15)
        let mismatch = #expect(throws: EmbeddedServerError.self) {
            try PostgresBinaries.choose(from: installed, for: 16)
        }
        #expect(mismatch?.code == .versionMismatch)
        #expect(mismatch?.message.contains("postgresql-16") == true)
        for found in [[], [PostgresBinaries(directory: "/pg/14", version: 14)]] {
            let error = #expect(throws: EmbeddedServerError.self) { try PostgresBinaries.choose(from: found, for: nil) }
            #expect(error?.code == .notInstalled)
        }
    }

    @Test func readsThePostmasterFile() {
        let text = "4711\n/data/postgres\n1795252893\n5432\n/tmp/puente-1\n\n  5432001         0\nready   \n"
        let file = PostmasterFile(parsing: text)
        #expect(file?.process == 4711)
        #expect(file?.port == 5432)
        #expect(file?.socketDirectory == "/tmp/puente-1")
        #expect(file?.isReady == true)
        #expect(PostmasterFile(parsing: text.replacingOccurrences(of: "ready   ", with: "starting"))?.isReady == false)
        for broken in ["", "4711\n", "x\n/d\n1\n5432\n/tmp\n\n\nready\n", "0\n/d\n1\n5432\n/tmp\n\n\nready\n"] {
            #expect(PostmasterFile(parsing: broken) == nil)
        }
        // A process of that number, but not this server.
        #expect(!PostmasterFile.isServer(getpid(), of: "/data/postgres"))
    }

    private static func run(_ url: DatabaseURL, _ sql: String) async throws {
        try await DedicatedThread.run("test") { try PostgresConnection(url).runScript(sql) }
    }

    private static func read(_ url: DatabaseURL, _ sql: StaticString) async throws -> String? {
        try await DedicatedThread.run("test") {
            try PostgresConnection(url).run([Statement(sql: sql)]).last?.rows.first?.text(0)
        }
    }
}
