import Foundation
import Storage
import StorageTestSupport
import Synchronization
import Testing

@testable import Gateway

/// Keys that come from an address: what is taken, how often it is asked for, and that a failure takes nothing away.
@Suite struct KeySetTests {
    static let address = "https://id.example/keys"

    private static func payload(_ workspace: String = "acme") -> String {
        #"{"sub":"ana","role":"commercial","workspace":"\#(workspace)","exp":2000000}"#
    }

    /// What stands at the address, and what was asked of it.
    final class Server: Sendable {
        struct Away: Error {}

        private let state: Mutex<(document: String?, asked: [String])>

        init(_ document: String?) {
            self.state = Mutex((document, []))
        }

        var asked: [String] { self.state.withLock { $0.asked } }
        func put(_ document: String?) { self.state.withLock { $0.document = document } }

        @Sendable func fetch(_ url: String) async throws -> String {
            try self.state.withLock { state in
                state.asked.append(url)
                guard let document = state.document, KeySetDocument(parsing: document) != nil else { throw Away() }
                return document
            }
        }
    }

    private static func keeper(
        _ house: AuthenticatorTests.House, _ server: Server, pause: Int64 = 30_000
    ) -> KeySetKeeper {
        let keeper = KeySetKeeper(
            database: house.database, directory: house.directory,
            pace: KeySetKeeper.Pace(interval: 600_000, retry: 0, pause: pause), logger: TestDatabase.silence,
            fetch: server.fetch)
        house.directory.setFetcher { await keeper.refresh($0) }
        return keeper
    }

    private static func set(_ house: AuthenticatorTests.House, url: String = address) async throws {
        try await house.database.transaction(.workspace("acme")) { sql in
            try Workspaces.ensure(sql, "acme")
            try Trust.set(sql, KeySetRow(workspaceID: "acme", url: url))
            try Profiles.bumpRevision(sql, "acme")
        }
        try await house.directory.renew()
    }

    private static func accepts(_ token: Secret, _ house: AuthenticatorTests.House) async -> Bool {
        (try? await house.authenticator.authenticate(PresentedCredentials(authToken: .text(token)))) != nil
    }

    @Test func aKeySetIsFetchedRotatedAndNeverLost() async throws {
        try await TestDatabase.with { test in
            let house = await AuthenticatorTests.House(test)
            let (old, new) = try await (TestSigner.make(.rs256, id: "2025"), TestSigner.make(.es256, id: "2026"))
            let server = Server(TestSigner.keySet(old))
            let keeper = Self.keeper(house, server, pause: 0)
            try await Self.set(house)
            try await keeper.refreshDue()
            #expect(try await Self.accepts(old.token(Self.payload()), house))
            #expect(server.asked == [Self.address])
            try await keeper.refreshDue()
            #expect(server.asked.count == 1, "not due")

            // Rotation: the first token that names the new key has it fetched.
            server.put(TestSigner.keySet(old, new))
            #expect(try await Self.accepts(new.token(Self.payload()), house))
            #expect(try await Self.accepts(old.token(Self.payload()), house))
            #expect(server.asked.count == 2)
            server.put(TestSigner.keySet(new))
            #expect(try await !Self.accepts(TestSigner.make(.es256, id: "x").token(Self.payload()), house))
            #expect(try await !Self.accepts(old.token(Self.payload()), house), "retired")

            // The address fails in every way; what is known stays, for this node and for the next one.
            let stranger = try await TestSigner.make(.es256, id: "stranger")
            for failure in [nil, "", "{}", #"{"keys":[]}"#, #"{"keys":[{"kty":"oct","kid":"k","k":"eA"}]}"#, "<html>"] {
                server.put(failure)
                #expect(try await !Self.accepts(stranger.token(Self.payload()), house))
                #expect(try await Self.accepts(new.token(Self.payload()), house))
            }
            let next = await AuthenticatorTests.House(test)
            try await next.directory.renew()
            #expect(try await Self.accepts(new.token(Self.payload()), next))
        }
    }

    /// Row A05: made-up names of keys cost one request in the pause, whoever makes them up, and none for other workspaces.
    @Test func unknownNamesAskOnce() async throws {
        try await TestDatabase.with { test in
            let house = await AuthenticatorTests.House(test)
            let server = Server(TestSigner.keySet(try await TestSigner.make(.es256, id: "known")))
            let keeper = Self.keeper(house, server)
            try await Self.set(house)
            let signers = try await (0..<8).asyncMap { try await TestSigner.make(.es256, id: "made-up-\($0)") }
            await withDiscardingTaskGroup { group in
                for signer in signers {
                    for workspace in ["acme", "other"] {
                        group.addTask {
                            if let token = try? signer.token(Self.payload(workspace)) {
                                #expect(await !Self.accepts(token, house))
                            }
                        }
                    }
                }
            }
            #expect(server.asked == [Self.address])
            // Another node of the same install sees that somebody has just asked.
            let second = await AuthenticatorTests.House(test)
            let secondKeeper = Self.keeper(second, server)
            try await second.directory.renew()
            #expect(try await !Self.accepts(signers[0].token(Self.payload()), second))
            try await secondKeeper.refreshDue()
            try await keeper.refreshDue()
            #expect(server.asked == [Self.address])
        }
    }

    /// VD1: nothing that a token says is ever asked.
    @Test func tokensNameNoAddress() async throws {
        try await TestDatabase.with { test in
            let house = await AuthenticatorTests.House(test)
            let server = Server(nil)
            let keeper = Self.keeper(house, server, pause: 0)
            let signer = try await TestSigner.make(.es256, id: "k")
            for workspace in ["acme", "default", "http://169.254.169.254"] {
                let payload =
                    #"{"iss":"http://169.254.169.254/","sub":"a","role":"admin","workspace":"\#(workspace)","exp":2000000}"#
                let header =
                    #"{"alg":"ES256","kid":"http://169.254.169.254/","jku":"https://evil.example/","x5u":"https://evil.example/","jwk":{"kty":"EC"}}"#
                #expect(try await !Self.accepts(signer.token(payload, header: header), house))
            }
            try await Self.set(house)
            #expect(
                try await !Self.accepts(
                    signer.token(Self.payload(), header: #"{"alg":"ES256","kid":"x","jku":"https://evil.example/"}"#),
                    house))
            #expect(server.asked == [Self.address])
            withExtendedLifetime(keeper) {}
        }
    }

    @Test func anotherAddressForgetsTheKeysOfTheFirst() async throws {
        try await TestDatabase.with { test in
            let house = await AuthenticatorTests.House(test)
            let signer = try await TestSigner.make(.edDSA, id: "k")
            let server = Server(TestSigner.keySet(signer))
            let keeper = Self.keeper(house, server)
            try await Self.set(house)
            try await keeper.refreshDue()
            #expect(try await Self.accepts(signer.token(Self.payload()), house))
            server.put(nil)
            try await Self.set(house, url: "https://elsewhere.example/keys")
            try await keeper.refreshDue()
            #expect(try await !Self.accepts(signer.token(Self.payload()), house))
            #expect(server.asked == [Self.address, "https://elsewhere.example/keys"])
        }
    }

    @Test func onlyKeysThatCanVerifyAreRead() async throws {
        let signers = try await (
            TestSigner.make(.rs256, id: "r"), TestSigner.make(.es256, id: "e"), TestSigner.make(.edDSA, id: "d")
        )
        let all = try #require(KeySetDocument(parsing: TestSigner.keySet(signers.0, signers.1, signers.2)))
        #expect(all.entries.map(\.key.algorithm) == [.rs256, .es256, .edDSA])
        let good = signers.1.published
        for (change, with) in [
            (#""kid":"e","#, ""), (#""use":"sig""#, #""use":"enc""#), (#""alg":"ES256""#, #""alg":"ES384""#),
            (#""crv":"P-256""#, #""crv":"P-521""#), (#""kty":"EC""#, #""kty":"oct","k":"eA""#),
            (#""kty":"EC""#, #""kty":"EC","d":"secret""#), (#""kid":"e""#, #""kid":7"#), (#""x":"#, #""z":"#),
        ] {
            let bad = good.replacingOccurrences(of: change, with: with)
            #expect(bad != good)
            #expect(KeySetDocument(parsing: #"{"keys":[\#(bad)]}"#) == nil, "\(with)")
            // What is of no use beside it takes nothing away from what is.
            #expect(KeySetDocument(parsing: #"{"keys":[\#(bad),\#(good)]}"#)?.entries.count == 1)
        }
        // Without use and alg, which are optional.
        let plain = good.replacingOccurrences(of: #""use":"sig","alg":"ES256","#, with: "")
        #expect(KeySetDocument(parsing: #"{"keys":[\#(plain)]}"#)?.entries.map(\.id) == ["e"])
        let many = (0..<100).map { good.replacingOccurrences(of: #""kid":"e""#, with: #""kid":"e\#($0)""#) }
        #expect(
            KeySetDocument(parsing: #"{"keys":[\#(many.joined(separator: ","))]}"#)?.entries.count
                == KeySetDocument.maximumKeys)
    }
}

extension Sequence where Element: Sendable {
    fileprivate func asyncMap<Value>(_ transform: (Element) async throws -> Value) async rethrows -> [Value] {
        var values: [Value] = []
        for element in self { values.append(try await transform(element)) }
        return values
    }
}
