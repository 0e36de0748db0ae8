import Assignment
import Foundation
import SocketClient
import SocketIO
import Storage
import StorageTestSupport
import Testing

@testable import Gateway

/// Every bad token, at every entrance of a running gateway: one verdict everywhere.
@Suite(.serialized) struct ParityTests {
    /// What comes of a credential.
    enum Verdict: Sendable, Equatable {
        case comesIn
        case refused(String)
    }

    struct Case: Sendable {
        var name: String
        var token: Secret
        var verdict: Verdict

        init(_ name: String, _ token: Secret, _ verdict: Verdict = .refused("unauthenticated")) {
            (self.name, self.token, self.verdict) = (name, token, verdict)
        }
    }

    private static let now = Int64(Date().timeIntervalSince1970)

    private static func claims(
        _ more: String = "", exp: Int64 = now + 3600, workspace: String = "default", role: Role = .commercial
    ) -> String {
        #"{"sub":"ana","role":"\#(role.rawValue)","workspace":"\#(workspace)","exp":\#(exp)\#(more)}"#
    }

    /// Every token case, with signers that the workspace `default` trusts, and one that is `other`'s.
    ///
    /// - Parameter role: Whose tokens the good ones are.
    private static func cases(
        _ rsa: TestSigner, _ ec: TestSigner, _ foreign: TestSigner, role: Role = .commercial
    ) throws -> [Case] {
        func claims(_ more: String = "", exp: Int64 = now + 3600, workspace: String = "default") -> String {
            Self.claims(more, exp: exp, workspace: workspace, role: role)
        }
        let good = claims()
        func own(_ header: String, _ payload: String = good) -> Secret {
            TokenForge.token(header: header, payload: payload)
        }
        let hs256 = TokenForge.header
        let strict = #","iss":"https://id.example","aud":"puente""#
        return [
            Case("the install's own", own(hs256), .comesIn),
            Case("a workspace's RS256", try rsa.token(good), .comesIn),
            Case("a workspace's ES256", try ec.token(claims(strict)), .comesIn),
            Case("empty", Secret(" ")),
            Case("not a token", Secret("hello")),
            Case("two dots", Secret("..")),
            Case(
                "no signature", Secret(own(hs256).reveal().split(separator: ".").prefix(2).joined(separator: ".") + ".")
            ),
            Case("alg none", own(#"{"alg":"none"}"#)),
            Case("alg nOnE", own(#"{"alg":"nOnE"}"#)),
            Case("no alg", own(#"{"typ":"JWT"}"#)),
            Case(
                "the RSA key as a secret",
                TokenForge.token(header: #"{"alg":"HS256","kid":"rsa"}"#, payload: good, key: rsa.material)),
            Case("another algorithm than the key's", try rsa.token(good, header: #"{"alg":"ES256","kid":"rsa"}"#)),
            Case("unknown kid", own(#"{"alg":"HS256","kid":"../../etc/passwd"}"#)),
            Case("kid of SQL", own(#"{"alg":"HS256","kid":"' or 1=1 --"}"#)),
            Case("jku", own(#"{"alg":"ES256","kid":"x","jku":"https://evil.example/"}"#)),
            Case("crit", own(#"{"alg":"HS256","crit":["x"]}"#)),
            Case("b64", own(#"{"alg":"HS256","b64":false}"#)),
            Case(
                "forged",
                TokenForge.token(header: hs256, payload: good, key: "another secret, as long as the first one")),
            Case("forged for a workspace", try rsa.token(good) { Array($0.reversed()) }),
            Case("psychic", try ec.token(claims(strict)) { Array(repeating: 0, count: $0.count) }),
            Case("another workspace's key", try foreign.token(good)),
            Case("for another workspace", try rsa.token(claims(workspace: "other"))),
            Case("expired", own(hs256, claims(exp: Self.now - 1))),
            Case("exp missing", own(hs256, #"{"sub":"ana","role":"commercial"}"#)),
            Case("exp a float", own(hs256, #"{"sub":"ana","role":"commercial","exp":1.5e10}"#)),
            Case("not yet", own(hs256, claims(#","nbf":\#(Self.now + 600)"#))),
            Case("issued in the future", own(hs256, claims(#","iat":\#(Self.now + 600)"#))),
            Case("wrong iss", try ec.token(claims(#","iss":"https://evil.example","aud":"puente""#))),
            Case("wrong aud", try ec.token(claims(#","iss":"https://id.example","aud":["x"]"#))),
            Case("no aud", try ec.token(good)),
            Case("role system", own(hs256, #"{"sub":"ana","role":"system","exp":\#(Self.now + 600)}"#)),
            Case("too long", own(hs256, claims(#","pad":"\#(String(repeating: "x", count: 9000))""#))),
            Case("revoked", own(hs256, claims(#","jti":"stolen""#))),
            Case(
                "revoked subject",
                own(hs256, #"{"sub":"eva","role":"commercial","iat":\#(Self.now - 60),"exp":\#(Self.now + 600)}"#)),
            Case("mistyped API key", Secret("puente_ak_" + String(repeating: "0", count: 38))),
            Case("API key of nobody", KeySecret.generate(.api)),
        ]
    }

    @Test func everyTokenCaseHasOneVerdict() async throws {
        let rsa = try await TestSigner.make(.rs256, id: "rsa")
        let ec = try await TestSigner.make(.es256, id: "ec")
        let foreign = try await TestSigner.make(.es256, id: "ec")
        try await TestDatabase.with { test in
            for (workspace, rows) in [
                ("default", [rsa.row("default"), ec.row("default", issuer: "https://id.example", audience: "puente")]),
                ("other", [foreign.row("other")]),
            ] {
                try await test.database.transaction(.workspace(workspace)) { sql in
                    try Workspaces.ensure(sql, workspace)
                    for row in rows { try Trust.set(sql, row) }
                    try Trust.revoke(sql, workspace, tokenID: "stolen")
                    try Trust.revoke(sql, workspace, subject: "eva", role: .commercial)
                    try Profiles.bumpRevision(sql, workspace)
                }
            }
            let key = KeySecret.generate(.widget)
            try await test.database.transaction(.workspace("default")) { sql in
                _ = try Keys.createWidgetKey(sql, "default", hash: KeySecret.hash(key), origins: nil)
            }
            let environment = ["PUENTE_JWT_SECRET": TokenForge.secret]
            try await GatewayProgram.serving(on: test.url.description, environment: environment) { gateway, port in
                let house = Entrances(port: port)
                // One after the other they would take half a minute.
                try await withThrowingTaskGroup { group in
                    for item in try Self.cases(rsa, ec, foreign) {
                        group.addTask {
                            for (entrance, verdict) in try await house.verdicts(on: item.token.reveal()) {
                                #expect(verdict == item.verdict, "\(item.name) at \(entrance)")
                            }
                        }
                    }
                    // Only a visitor's token makes an anonymous visitor somebody.
                    for item in try Self.cases(rsa, ec, foreign, role: .visitor) {
                        group.addTask {
                            let verdict = try await house.identified(by: item.token.reveal(), key: key.reveal())
                            #expect(verdict == item.verdict, "\(item.name) at visitor:identify")
                        }
                    }
                    try await group.waitForAll()
                }
                // None at all.
                for (entrance, verdict) in try await house.verdicts(.init()) {
                    #expect(verdict == .refused("unauthenticated"), "nothing at \(entrance)")
                }
                // Ruling 1: the first one that is there decides, and no later one rescues it.
                let good = try rsa.token(Self.claims()).reveal()
                for (given, verdict) in [
                    (Entrances.Given(header: "Bearer \(good)", query: "bad"), Verdict.comesIn),
                    (.init(header: "Bearer bad", query: good), .refused("unauthenticated")),
                    (.init(header: "Basic \(good)", query: good), .refused("unauthenticated")),
                    (.init(header: "Bearer", query: good), .refused("unauthenticated")),
                ] {
                    for (entrance, found) in try await house.verdicts(given) {
                        #expect(found == verdict, "\(given.query ?? "") at \(entrance)")
                    }
                }
                for (auth, verdict) in [
                    (#"{"token":"bad","key":"demo"}"#, Verdict.refused("unauthenticated")),
                    (#"{"token":7}"#, .refused("unauthenticated")),
                    (#"{"token":{"a":1}}"#, .refused("unauthenticated")),
                    (#"{"token":["\#(good)"]}"#, .refused("unauthenticated")),
                    (#"{"token":null}"#, .comesIn), (#"{"token":""}"#, .refused("unauthenticated")),
                ] {
                    let given = Entrances.Given(auth: auth, header: "Bearer \(good)")
                    for (entrance, found) in try await house.verdicts(given) where entrance != "REST" {
                        #expect(found == verdict, "\(auth) at \(entrance)")
                    }
                }
                #expect(!gateway.errors.contains(good), "a token in the log")
            }
        }
    }
}

/// The ways into a running gateway.
struct Entrances: Sendable {
    let port: Int

    /// What is presented, by place.
    struct Given: Sendable {
        /// The payload of CONNECT.
        var auth: String?
        var header: String?
        var query: String?
    }

    /// The verdict on a token at every entrance, in every place that the entrance has.
    func verdicts(on token: String) async throws -> [(entrance: String, verdict: ParityTests.Verdict)] {
        var verdicts = try await self.verdicts(Given(header: "Bearer \(token)"))
        let auth = JSONValue.object(["token": .string(token)]).description
        verdicts.append(("polling, auth", try await self.polling(Given(auth: auth))))
        verdicts.append(("WebSocket, auth", try await self.webSocket(Given(auth: auth))))
        // What is too long for a token is too long for a URL and for a field, too: another layer says so.
        guard token.utf8.count <= TokenHeader.maximumLength else { return verdicts }
        verdicts.append(("polling, query", try await self.polling(Given(query: token))))
        verdicts.append(("WebSocket, query", try await self.webSocket(Given(query: token))))
        verdicts.append(("revision 3", try await self.revision3(Given(query: token))))
        let exp = Int64(Date().timeIntervalSince1970) + 600
        let own = TokenForge.payload(#"{"sub":"ana","role":"commercial","exp":\#(exp)}"#).reveal()
        verdicts.append(
            ("session:refresh", try await self.ack(of: "session:refresh", token, as: ["token": .string(own)])))
        return verdicts
    }

    /// The verdict on a token by which an anonymous visitor says who they are.
    func identified(by token: String, key: String) async throws -> ParityTests.Verdict {
        // Longer ones are no field.
        guard token.utf8.count <= TokenHeader.maximumLength else { return .refused("unauthenticated") }
        return try await self.ack(of: "visitor:identify", token, as: ["key": .string(key)])
    }

    private func ack(of event: String, _ token: String, as auth: JSONObject) async throws -> ParityTests.Verdict {
        try await SocketClient(port: self.port).withConnection(auth: auth) { connection in
            let ack = try await connection.request(event, .object(["token": .string(token)]))
            return ack["ok"] == true ? .comesIn : .refused(ack["error"]?["code"]?.string ?? "\(ack)")
        }
    }

    func verdicts(_ given: Given) async throws -> [(entrance: String, verdict: ParityTests.Verdict)] {
        [
            ("polling", try await self.polling(given)), ("WebSocket", try await self.webSocket(given)),
            ("REST", try await self.rest(given)),
        ]
    }

    private func query(_ given: Given) -> String {
        let allowed = CharacterSet.alphanumerics.union(CharacterSet(charactersIn: "-._~"))
        return given.query.map { "&token=\($0.addingPercentEncoding(withAllowedCharacters: allowed) ?? "")" } ?? ""
    }

    private func headers(_ given: Given) -> [String: String] {
        given.header.map { ["Authorization": $0] } ?? [:]
    }

    func rest(_ given: Given) async throws -> ParityTests.Verdict {
        let answer = try await PlainHTTP.get("/v1/chats", port: self.port, headers: self.headers(given))
        if answer.hasPrefix("HTTP/1.1 200") { return .comesIn }
        return .refused(try self.code(in: answer))
    }

    func polling(_ given: Given) async throws -> ParityTests.Verdict {
        let path = "/socket.io/?EIO=4&transport=polling\(self.query(given))"
        let opened = try await PlainHTTP.get(path, port: self.port, headers: self.headers(given))
        guard let start = opened.firstRange(of: #""sid":""#)?.upperBound else {
            return .refused(String(opened.prefix(12)))
        }
        let sid = opened[start...].prefix { $0 != "\"" }
        let connect = "40\(given.auth ?? "")"
        _ = try await PlainHTTP.send(
            "POST \(path)&sid=\(sid) HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Type: text/plain\r\n"
                + "Content-Length: \(connect.utf8.count)\r\n\r\n\(connect)", port: self.port)
        let answer = try await PlainHTTP.get("\(path)&sid=\(sid)", port: self.port)
        return try self.verdict(on: answer.components(separatedBy: "\r\n\r\n").last ?? "")
    }

    /// As clients of Socket.IO 2 come in: the root is joined with the handshake, by what stands in the query.
    func revision3(_ given: Given) async throws -> ParityTests.Verdict {
        let path = "/socket.io/?EIO=3&transport=polling\(self.query(given))"
        var body = try await PlainHTTP.get(path, port: self.port, headers: self.headers(given))
        guard let start = body.firstRange(of: #""sid":""#)?.upperBound else {
            return .refused(String(body.prefix(12)))
        }
        let sid = body[start...].prefix { $0 != "\"" }
        for _ in 0..<3 {
            // `LENGTH:PACKET`, one behind the other.
            var rest = Substring(body.components(separatedBy: "\r\n\r\n").last ?? "")
            while let colon = rest.firstIndex(of: ":"), let length = Int(rest[..<colon]) {
                let packet = rest[rest.index(after: colon)...].prefix(length)
                if packet.hasPrefix("40") || packet.hasPrefix("44") { return try self.verdict(on: String(packet)) }
                rest = rest[packet.endIndex...]
            }
            body = try await PlainHTTP.get("\(path)&sid=\(sid)", port: self.port)
        }
        return .refused("no packet of the root")
    }

    func webSocket(_ given: Given) async throws -> ParityTests.Verdict {
        let messages = try await FrameClient.messages(
            port: self.port, query: self.query(given), headers: self.headers(given)
        ) { message, send in
            if message.hasPrefix("0") { try await send("40\(given.auth ?? "")") }
            if message.hasPrefix("40") || message.hasPrefix("44") { try await send("1") }
        }
        return try self.verdict(on: messages.first { $0.hasPrefix("4") } ?? "")
    }

    private func verdict(on packet: String) throws -> ParityTests.Verdict {
        if packet.hasPrefix("40") { return .comesIn }
        return .refused(try self.code(in: packet))
    }

    private func code(in text: String) throws -> String {
        guard let start = text.firstRange(of: #""code":""#)?.upperBound else { return "no code: \(text.prefix(40))" }
        return String(text[start...].prefix { $0 != "\"" })
    }
}
