import Foundation
import Testing

@testable import Gateway

/// Secrets that come in files: `jwt.secretFile`, `databaseUrlFile`, and who may read what holds one (row Z05).
@Suite struct SecretFileTests {
    private static let secret = "a signing secret of the tests, long enough"

    private func withFile(
        _ text: String, mode: Int = 0o600, _ body: (String) async throws -> Void
    ) async throws {
        let path = FileManager.default.temporaryDirectory.appendingPathComponent("puente-\(UUID().uuidString)").path
        #expect(
            FileManager.default.createFile(
                atPath: path, contents: Data(text.utf8), attributes: [.posixPermissions: mode]))
        defer { try? FileManager.default.removeItem(atPath: path) }
        try await body(path)
    }

    private func load(_ environment: [String: String], file: String? = nil) async throws -> GatewayConfiguration {
        try await ConfigurationLoader(environment: environment, file: file).load().configuration
    }

    private func refusal(_ environment: [String: String], file: String? = nil) async -> ConfigurationError? {
        do {
            _ = try await self.load(environment, file: file)
            return nil
        } catch {
            return error as? ConfigurationError
        }
    }

    @Test(arguments: ["", "\n", "\r\n", "\nsecond line\n"]) func theFirstLineIsTheSecret(end: String) async throws {
        try await self.withFile(Self.secret + end) { path in
            let configuration = try await self.load(["PUENTE_JWT_SECRET_FILE": path])
            #expect(configuration.jwt.secret == Secret(Self.secret))
        }
        try await self.withFile("postgresql://u:p@h/d" + end) { path in
            let configuration = try await self.load(["PUENTE_DATABASE_URL_FILE": path])
            #expect(configuration.storage.databaseURL == Secret("postgresql://u:p@h/d"))
        }
    }

    @Test func theFileIsKnownToEveryLayer() async throws {
        try await self.withFile(Self.secret) { path in
            try await self.withFile("jwt:\n  secretFile: \(path)\n", mode: 0o644) { yaml in
                // Where the secret lies is none.
                let configuration = try await self.load([:], file: yaml)
                #expect(configuration.jwt.secret == Secret(Self.secret))
                #expect(
                    await self.refusal(["PUENTE_JWT_SECRET": Self.secret], file: yaml)
                        == ConfigurationError(
                            key: "jwt.secretFile", problem: "is set beside jwt.secret: one of the two"))
            }
        }
    }

    @Test(arguments: [0o640, 0o604, 0o620, 0o644, 0o666, 0o610]) func whatOthersMayReadIsRefused(mode: Int) async throws
    {
        try await self.withFile(Self.secret, mode: mode) { path in
            let refusal = await self.refusal(["PUENTE_JWT_SECRET_FILE": path])
            #expect(refusal?.key == "jwt.secretFile")
            #expect(refusal?.problem == "\(path) can be read by others: chmod 600 it, or replace it")
        }
    }

    @Test func whatIsNotThereOrEmptyIsRefused() async throws {
        #expect(
            await self.refusal(["PUENTE_JWT_SECRET_FILE": "/nowhere"])?.problem == "/nowhere does not exist")
        try await self.withFile("\n") { path in
            #expect(await self.refusal(["PUENTE_DATABASE_URL_FILE": path])?.problem == "\(path) is empty")
        }
        try await self.withFile("short") { path in
            #expect(await self.refusal(["PUENTE_JWT_SECRET_FILE": path])?.key == "jwt.secret")
        }
    }

    @Test(arguments: [
        ("jwt:\n  secret: \"\(Self.secret)\"", "jwt.secret" as String?),
        ("databaseUrl: postgresql://u:p@h/d", "databaseUrl"),
        ("databaseUrl: postgresql://u@h/d", nil), ("port: 1", nil),
    ])
    func aFileWithASecretInItIsOnesOwn(yaml: String, key: String?) async throws {
        try await self.withFile(yaml, mode: 0o644) { path in
            #expect(await self.refusal([:], file: path)?.key == key)
        }
        try await self.withFile(yaml) { path in #expect(await self.refusal([:], file: path) == nil) }
    }

    /// Ours is ours alone; of root's files the group may read, as with Debian's keys and systemd's credentials.
    @Test(arguments: [
        (0o600, 1000, 1000, false), (0o400, 1000, 1000, false), (0o640, 1000, 1000, true), (0o604, 1000, 1000, true),
        (0o640, 0, 1000, false), (0o440, 0, 1000, false), (0o660, 0, 1000, true), (0o644, 0, 1000, true),
        (0o640, 0, 0, true), (0o600, 0, 0, false),
    ])
    func whoseFileItIsCounts(mode: Int, owner: Int, user: Int, isOpen: Bool) {
        #expect(FileMode.isOpen(mode, owner: owner, to: user) == isOpen)
    }

    @Test func aLinkIsAsOpenAsWhatItPointsTo() async throws {
        try await self.withFile(Self.secret) { path in
            let link = path + ".link"
            try FileManager.default.createSymbolicLink(atPath: link, withDestinationPath: path)
            defer { try? FileManager.default.removeItem(atPath: link) }
            #expect(!FileMode.isOpenToOthers(link))
            chmod(path, 0o644)
            #expect(FileMode.isOpenToOthers(link))
        }
    }
}
