import Foundation
import NIOCore
import SocketIO
import Storage
import StorageTestSupport
import Testing

@testable import Gateway

/// `gateway doctor` as an operator runs it.
@Suite struct DoctorCommandTests {
    private func findings(_ outcome: GatewayProgram.Outcome) throws -> [String: [Finding.Verdict]] {
        let report = try JSONReader.decode(.init(string: outcome.output))
        var findings: [String: [Finding.Verdict]] = [:]
        for finding in try #require(report[dynamic: "findings"].array) {
            let verdict = try #require(finding[dynamic: "verdict"].string.flatMap(Finding.Verdict.init(rawValue:)))
            findings[try #require(finding[dynamic: "subject"].string), default: []].append(verdict)
        }
        let verdicts = findings.values.flatMap { $0 }
        #expect(outcome.status == (verdicts.contains(.failed) ? 1 : 0))
        return findings
    }

    @Test func anInstallThatWorks() async throws {
        try await TestDatabase.with { test in
            let before = try await GatewayProgram.run(["doctor", "--json", "--database-url", test.url.description])
            let found = try self.findings(before)
            #expect(found["settings"] == [.ok] && found["database"] == [.ok] && found["clock"] == [.ok])
            #expect(found["schema"] == [.ok])
            // The tests' server may lose what it likes, and that is said.
            #expect(found["durability"] == [.failed])
            #expect(found["keys"] == [.warning], "there is none yet: \(before.output)")

            let key = try await GatewayProgram.widgetKey(on: test.url.description).reveal()
            let after = try await GatewayProgram.run(["doctor", "--database-url", test.url.description])
            #expect(after.output.contains("ok       keys         workspace default: 1 widget keys, 0 API keys"))
            #expect(after.output.contains("failed   durability   fsync = off, full_page_writes = off: "))
            #expect(!after.output.contains(key) && after.errors.isEmpty, "\(after.errors)")
        }
    }

    @Test func whatIsWrongIsNamedWithoutSecrets() async throws {
        let away = try await GatewayProgram.run(
            ["doctor", "--json"],
            environment: ["PUENTE_DATABASE_URL": "postgresql://u:canary-password@127.0.0.1:1/x"])
        #expect(try self.findings(away)["database"] == [.failed])
        #expect(away.status == 1)
        #expect(!(away.output + away.errors).contains("canary-password"))
        let setting = try await GatewayProgram.run(
            ["doctor", "--json"], environment: ["PUENTE_PRESENCE_GRACE": "soon"])
        #expect(try self.findings(setting) == ["settings": [.failed]])
        #expect(setting.output.contains("presence.grace"))
    }

    @Test func aDataDirectoryIsLookedAtAndLeftAlone() async throws {
        let missing = FileManager.default.temporaryDirectory.appendingPathComponent("puente-\(UUID().uuidString)").path
        let none = try self.findings(try await GatewayProgram.run(["doctor", "--json", "--data-dir", missing]))
        #expect(none["database"] == [.ok])
        #expect(!FileManager.default.fileExists(atPath: missing))

        let directory = try await TestDataDirectory.withCluster()
        let stopped = try self.findings(
            try await GatewayProgram.run(["doctor", "--json", "--data-dir", directory.path]))
        #expect(stopped["database"] == [.warning])
        #expect(!FileManager.default.fileExists(atPath: directory.path + "/postgres/postmaster.pid"), "it was started")

        let gateway = try GatewayProgram(["serve", "--port", "0", "--data-dir", directory.path, "--loops", "1"])
        _ = try await gateway.ready()
        let running = try self.findings(
            try await GatewayProgram.run(["doctor", "--json", "--data-dir", directory.path]))
        #expect(running["database"] == [.ok] && running["schema"] == [.ok] && running["files"] == [.ok])
        // Somebody was careless.
        chmod(directory.path + "/signing-key", 0o644)
        let open = try self.findings(try await GatewayProgram.run(["doctor", "--json", "--data-dir", directory.path]))
        #expect(open["files"] == [.failed])
        gateway.signal(SIGTERM)
        #expect(await gateway.end().status == 0)
    }

    @Test func theCertificateIsLookedAt() async throws {
        try await TestDatabase.with { test in
            let folder = FileManager.default.temporaryDirectory.appendingPathComponent("puente-\(UUID().uuidString)")
                .path
            try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
            defer { try? FileManager.default.removeItem(atPath: folder) }
            let (pem, key) = ("\(SecureServeTests.certificates)/first.pem", "\(folder)/first.key")
            try FileManager.default.copyItem(atPath: "\(SecureServeTests.certificates)/first.key", toPath: key)
            chmod(key, 0o640)
            let arguments = [
                "doctor", "--json", "--database-url", test.url.description, "--tls-cert", pem, "--tls-key", key,
            ]
            let open = try self.findings(try await GatewayProgram.run(arguments))
            #expect(open["tls"] == [.ok] && open["files"] == [.failed])
            chmod(key, 0o600)
            let closed = try self.findings(try await GatewayProgram.run(arguments))
            #expect(closed["files"] == nil && closed["tls"] == [.ok])
        }
    }
}
