import Assignment
import SocketIO
import Storage
import Testing

@testable import Gateway

/// Every event x every role, and every event x every chat that is not one's own, over real rows.
@Suite struct EventRightsTests {
    @Test func theTableSaysWhatTheContractSays() throws {
        for sample in EventSample.all {
            let access = try #require(EventTable.byName[sample.name]).access
            for role in EventSample.everybody {
                for scope in Scope.allCases {
                    let principal = Principal(
                        workspace: "default", role: role, subject: "x", name: nil, scopes: role == .ai ? [scope] : [],
                        expiry: nil, credential: .token(id: nil))
                    let expected =
                        sample.roles.contains(role)
                        && (role != .ai || sample.scopes.isEmpty || sample.scopes.contains(scope))
                    #expect(access.allows(principal) == expected, "\(sample.name) by \(role) with \(scope)")
                }
            }
        }
    }

    @Test func whoMayNotIsForbidden() async throws {
        try await EventsFixture.with { fixture in
            for role in EventSample.everybody {
                let client = try await fixture.connect(role, "\(role.rawValue)-role")
                _ = await client.send("visitor:consent", ["tracking": true])
                for sample in EventSample.all {
                    let ack = await client.send(sample.name, .object(sample.payload))
                    let isForbidden = ack.errorCode == "forbidden"
                    if !sample.roles.contains(role) {
                        #expect(isForbidden, "\(sample.name) by \(role): \(ack)")
                    } else if sample.name != "commercial:status" {
                        // That one forbids a commercial to speak for another one.
                        #expect(!isForbidden, "\(sample.name) by \(role): \(ack)")
                    }
                }
            }
        }
    }

    /// Unknown, of another workspace, of another visitor: one and the same answer.
    @Test func foreignChatsAreNotFound() async throws {
        try await EventsFixture.with { fixture in
            let stranger = try await fixture.connect(.visitor, "stranger")
            let strangersChat = try await stranger.say("hola")
            let outsider = try await fixture.connect(.visitor, "outsider", workspace: "other")
            let outsidersChat = try await outsider.say("hola")
            for role in EventSample.everybody {
                let client = try await fixture.connect(role, "\(role.rawValue)-foreign")
                let foreign = role == .visitor ? [strangersChat, outsidersChat] : [outsidersChat]
                for sample in EventSample.all
                where sample.roles.contains(role) && sample.payload["chatId"] != nil {
                    let unknown = await client.send(sample.name, .object(sample.payload))
                    #expect(unknown.errorCode == "not_found", "\(sample.name) by \(role): \(unknown)")
                    for chat in foreign {
                        let ack = await client.send(sample.name, .object(sample.payload("chatId", .string(chat))))
                        #expect(ack == unknown, "\(sample.name) by \(role)")
                    }
                }
                let ping = await client.send(
                    "ping",
                    [
                        "timestamp": 1, "chats": .object(JSONObject(foreign.map { .init(key: $0, value: 0) })),
                    ])
                #expect(ping[dynamic: "missed"] == .null)
            }
            #expect(try await fixture.chat(strangersChat).seq == 1)
            #expect(stranger.socket.received("message:new").isEmpty)
        }
    }

    @Test func unknownEventsAndBadJSONAreRefused() async throws {
        try await EventsFixture.with { fixture in
            let visitor = try await fixture.connect(.visitor, "v")
            #expect(await visitor.send("no:such", [:]).errorCode == "unknown_event")
            for json in [
                #"{"content":"a","content":"b"}"#, #"{"content":"\u0000"}"#, #"{"content":"\ud800"}"#,
                #"{"content":"a","epoch":9007199254740993}"#, #""text""#, "[]", "7",
                "{" + (0..<257).map { "\"k\($0)\":1" }.joined(separator: ",") + "}",
            ] {
                #expect(await visitor.send("message:send", json: json).errorCode == "bad_payload", "\(json.prefix(40))")
            }
            let field = await visitor.send("message:send", json: #"{"content":"a","metadata":{"x":{"y":1,"y":2}}}"#)
            #expect(field.errorField == "metadata.x.y" || field.errorField == "metadata.x")
            let big = await visitor.send("message:send", ["content": .string(String(repeating: "x", count: 32_768))])
            #expect(big.errorCode == "too_large")
            #expect(await visitor.send("message:send", ["content": "still here"]).isOK)
        }
    }

    @Test func withoutAnAckTheErrorIsAnEvent() async throws {
        try await EventsFixture.with { fixture in
            let visitor = try await fixture.connect(.visitor, "v")
            await visitor.sendWithoutAck("chat:close", ["chatId": .string(EventSample.unknownChat)])
            let error = try #require(visitor.socket.received("error").first)
            #expect(error[dynamic: "event"] == "chat:close")
            #expect(error[dynamic: "code"] == "forbidden")
            #expect(error[dynamic: "requestId"].string != nil)
            _ = await visitor.send("chat:close", ["chatId": .string(EventSample.unknownChat)])
            #expect(visitor.socket.received("error").count == 1)
        }
    }
}
