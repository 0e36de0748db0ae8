import Assignment
import HTTPTypes
import Hummingbird
import Logging
import NIOCore
import SocketIO
import Storage
import StorageTestSupport
import Testing
import Transport

@testable import Gateway

/// `GET /v1/chats`: the open chats that somebody may see, and nobody else's.
@Suite struct ChatListTests {
    private struct House {
        let database: Database
        let tokens: Tokens
        let fallback: HTTPFallback

        init(_ test: TestDatabase) async {
            self.database = test.database
            self.tokens = await Tokens(key: TokenForge.key, settings: JWTSettings())
            let directory = CredentialDirectory(
                database: test.database, configuredOrigins: [], logger: TestDatabase.silence)
            let router = Router(context: GatewayRequestContext.self, options: .autoGenerateHeadEndpoints)
            let authenticator = Authenticator(
                tokens: self.tokens, directory: directory, queryCredentials: true, now: { 1_000_000 })
            let configuration = GatewayConfiguration()
            GetChats(
                authenticator: authenticator, database: test.database,
                addresses: CountedAddress(http: configuration.http, limits: configuration.limits)
            ).add(to: router)
            self.fallback = HTTPFallback(router: router, logger: TestDatabase.silence)
        }

        func token(_ role: Role, _ subject: String, workspace: String = "default") async throws -> String {
            try await self.tokens.mint(
                TokenClaims(
                    subject: subject, role: role, workspace: workspace, scopes: role == .ai ? [.messaging] : [],
                    expiresAt: 1_000_060, issuedAt: 1_000_000)
            ).reveal()
        }

        func get(_ token: String?) async throws -> (status: Int, headers: HTTPFields, body: JSONValue) {
            var headers: HTTPFields = [:]
            if let token { headers[.authorization] = "Bearer \(token)" }
            let response = await self.fallback.respond(
                to: FallbackRequest(
                    head: HTTPRequest(
                        method: .get, scheme: "http", authority: "x", path: "/v1/chats", headerFields: headers),
                    body: ByteBuffer(), remoteAddress: "127.0.0.1", isSecure: false))
            guard case .complete(let body) = response.body else { throw TestFailure("a streamed body") }
            return (
                response.head.status.code, response.head.headerFields,
                body.readableBytes == 0 ? .null : try JSONReader.decode(body)
            )
        }

        /// The chats that somebody sees, by their visitors' ids.
        func visitors(_ role: Role, _ subject: String, workspace: String = "default") async throws -> [String] {
            let answer = try await self.get(self.token(role, subject, workspace: workspace))
            #expect(answer.status == 200)
            return (answer.body[dynamic: "chats"].array ?? [])
                .compactMap { $0[dynamic: "visitor"][dynamic: "id"].string }
        }

        /// An open chat in a queue.
        @discardableResult
        func chat(_ visitor: String, queue: String = "default", workspace: String = "default") async throws -> ChatRow {
            try await self.database.transaction(.workspace(workspace)) { sql in
                try Workspaces.ensure(sql, workspace)
                try Workspaces.ensureQueue(sql, workspace, name: queue)
                try Visitors.upsert(sql, workspace, visitor, isVerified: true, name: visitor.uppercased())
                return try Chats.createOrLockOpen(
                    sql, workspace,
                    NewChat(visitorID: visitor, entry: .waiting(slackMilliseconds: 0), queue: queue)
                ).chat
            }
        }
    }

    @Test func everybodySeesWhatIsTheirs() async throws {
        try await TestDatabase.with { test in
            let house = await House(test)
            try await house.chat("v1")
            try await house.chat("v2", queue: "ventas")
            try await house.chat("v3", workspace: "other")
            let closed = try await house.chat("v4")
            try await house.database.transaction(.workspace("default")) { sql in
                guard let chat = try Chats.lock(sql, "default", closed.id) else { return }
                _ = try Chats.close(sql, chat, reason: .resolved, by: .system)
                _ = try Commercials.seen(sql, "default", Participant(role: .commercial, id: "ana"), defaultCap: 5)
            }
            // Newest first; a commercial those of their queues, a visitor their own.
            for role in [Role.supervisor, .admin, .ai] {
                #expect(try await house.visitors(role, "x") == ["v2", "v1"], "\(role)")
            }
            #expect(try await house.visitors(.commercial, "ana") == ["v1"])
            #expect(try await house.visitors(.commercial, "nobody") == [])
            #expect(try await house.visitors(.visitor, "v1") == ["v1"])
            #expect(try await house.visitors(.visitor, "v4") == [])
            #expect(try await house.visitors(.admin, "x", workspace: "other") == ["v3"])
        }
    }

    @Test func theFormIsThatOfTheSession() async throws {
        try await TestDatabase.with { test in
            let house = await House(test)
            let chat = try await house.chat("v1")
            let answer = try await house.get(house.token(.supervisor, "boss"))
            #expect(answer.headers[.contentType] == "application/json")
            #expect(answer.headers[.cacheControl] == "no-store")
            let listed = try #require(answer.body[dynamic: "chats"].array?.first)
            #expect(listed[dynamic: "chatId"] == .string(chat.id))
            #expect(listed[dynamic: "status"] == "waiting")
            #expect(listed.object?["assignedTo"] == .null)
            #expect(listed[dynamic: "visitor"] == ["id": "v1", "name": "V1"])
            #expect(listed[dynamic: "lastNoteSeq"] == 0)
            // A visitor does not learn that there are notes.
            let own = try await house.get(house.token(.visitor, "v1"))
            #expect(own.body[dynamic: "chats"].array?.first?.object?["lastNoteSeq"] == nil)
        }
    }

    @Test func withoutACredentialThereIsAProblem() async throws {
        try await TestDatabase.with { test in
            let house = await House(test)
            for token in [nil, "nonsense", "\(try await house.token(.admin, "x"))x"] {
                let answer = try await house.get(token)
                #expect(answer.status == 401)
                #expect(answer.headers[.wwwAuthenticate] == "Bearer")
                #expect(answer.headers[.contentType] == "application/problem+json")
                #expect(answer.body[dynamic: "code"] == "unauthenticated")
            }
        }
    }
}
