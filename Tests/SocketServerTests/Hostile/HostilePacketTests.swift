import NIOCore
import SocketIO
import SocketServer
import Testing

/// Rows S, J and E06 of the bad-input catalogue, and the entries of the security history behind them: what a
/// client that has joined `/` sends.
@Suite struct HostilePacketTests {
    /// Ends the connection; the client's socket leaves for this reason, and no handler has heard of it.
    private static func fatal(
        _ id: String, _ text: String, _ reason: DisconnectReason = .forcedClose
    ) -> HostileRow {
        HostileRow(id, "\(text.debugDescription.prefix(60))") { arena in
            let client = try await arena.client()
            client.send(text)
            await client.expectClosed()
            #expect(await arena.journal.entries(1) == [reason.rawValue])
        }
    }

    private static let packets: [HostileRow] = [
        fatal("E06", "4"),
        fatal("S01", "47"), fatal("S01", "49"), fatal("S01", "4x"), fatal("S01", "4-1"),
        fatal("S03", "40", .forcedServerClose), fatal("S03", "40{}", .forcedServerClose),
        fatal("S04", #"44{"message":"x"}"#, .forcedServerClose), fatal("S04", "44/chat,{}", .forcedServerClose),
        fatal("S02", #"42/chat,["m"]"#, .forcedServerClose), fatal("S02", "41/chat,", .forcedServerClose),
        fatal("S02", #"43/chat,1["m"]"#, .forcedServerClose),
        fatal("S06", "40/" + String(repeating: "n", count: 300)),
        fatal("S06", "40/" + String(repeating: "n", count: 990_000)),
        fatal("S07", "40[]"), fatal("S07", #"40"x""#), fatal("S07", #"40/admin,"x""#), fatal("S07", "40null"),
        fatal("S07", "40{"), fatal("S07", "401"),
        fatal("S14", "41{}"), fatal("S14", "41/chat,{}"), fatal("S14", "41[]"),
    ]

    private static let events: [HostileRow] = [
        fatal("S08", "42"), fatal("S08", "42[]"), fatal("S08", "42{}"), fatal("S08", #"42"a""#),
        fatal("S08", #"42["a""#), fatal("S08", #"42["a"]garbage"#),
        fatal("S09", #"42["connect"]"#), fatal("S09", #"42["connect_error"]"#), fatal("S09", #"42["disconnect"]"#),
        fatal("S09", #"42["disconnecting"]"#), fatal("S09", #"42["newListener"]"#),
        fatal("S09", #"42["removeListener"]"#), fatal("S09", #"42["\u0063onnect"]"#),
        fatal("S09", "42[\"" + String(repeating: "n", count: 990_000) + "\"]"),
        fatal("VA8", #"42[{"toString":"foo"}]"#), fatal("VA8", #"42[true,"foo"]"#), fatal("VA8", #"42[null,"bar"]"#),
        fatal("VA8", #"42[["a"]]"#),
        fatal("S11", #"42-1["m"]"#), fatal("S11", #"42 ["m"]"#), fatal("S11", #"421e3["m"]"#),
        fatal("S11", "42\u{0663}[\"m\"]"),
        fatal("S11", #"429007199254740992["m"]"#), fatal("S11", #"429007199254740993["m"]"#),
        fatal("S11", "42" + String(repeating: "1", count: 400) + "[\"m\"]"),
        fatal("VA14", "42" + String(repeating: "9", count: 990_000)),
        fatal("VA14", "45" + String(repeating: "9", count: 990_000)),
        fatal("S12", #"43["x"]"#), fatal("S12", #"431{"a":1}"#),
    ]

    private static let attachments: [HostileRow] =
        [
            "45", "451", "45a-", "451.23-", "45-1-", "451e0-", "450x1-", "45 1-", #"45-["x"]"#,
        ].map { fatal("S15", $0) }
        + [fatal("S16", #"450-["x"]"#), fatal("S16", "460-1[]")]
        + [fatal("S17", #"4511-["x"]"#), fatal("S17", #"4599999999-["x"]"#), fatal("S17", #"4611-1["x"]"#)]
        + [#""splice""#, "-1", "1", "2", "1.5", "1e300", "null", "true", "{}", "[0]"].map {
            fatal("S20", #"451-["x",{"_placeholder":true,"num":"# + $0 + "}]")
        }
        + [
            fatal("S20", #"451-["x",{"_placeholder":true}]"#),
            fatal("S20", #"461-1[{"_placeholder":true,"num":1}]"#),
            fatal(
                "S22",
                "451-[\"x\"," + String(repeating: "[", count: 10_000) + #"{"_placeholder":true,"num":0}"#
                    + String(repeating: "]", count: 10_000) + "]"),
        ]

    private static let json: [HostileRow] =
        [
            fatal("J01", "42[\"m\"," + String(repeating: "[", count: 400_000)),
            fatal("J01", "40" + String(repeating: "{\"a\":", count: 150_000)),
            fatal("J14", "42[\"m\"," + String(repeating: "{\"a\":", count: 150_000)),
            fatal("J10", "42[\"m\",\"\u{1}\"]"), fatal("J10", "42[\"m\",\"\u{1F}\"]"), fatal("J10", "42[\"m\",\"\0\"]"),
            fatal("J11", "42\u{FEFF}[\"m\"]"),
        ]
        + [
            "NaN", "Infinity", "-Infinity", "+1", "01", "-01", ".5", "1.", "1.e1", "1e", "0x10", "'a'", "/**/1", "1,",
            "tru", "undefined", "{a:1}", #"{"a":1,}"#, #""\x41""#, #""\u12""#, #"""#,
        ].map { fatal("J04", "42[\"m\",\($0)]") }

    @Test(.timeLimit(.minutes(2)), arguments: packets + events + attachments + json)
    func closes(row: HostileRow) async throws { try await row.run() }

    /// What must not end the connection, and what it answers.
    private static func harmless(_ id: String, _ text: String, _ answers: String...) -> HostileRow {
        HostileRow(id, "\(text.debugDescription.prefix(60))") { arena in
            let client = try await arena.client()
            client.send(text)
            for answer in answers { await client.expect(answer) }
            await arena.expectAlive(client)
        }
    }

    /// An argument that arrives as it was sent.
    private static func echoed(_ id: String, _ json: String) -> HostileRow {
        harmless(id, #"4231["echo",\#(json)]"#, #"4331[\#(json)]"#)
    }

    private static let lawful: [HostileRow] = [
        harmless("S05", "40/nope,", #"44/nope,{"message":"Invalid namespace"}"#),
        harmless("S24", "40/Chat,", #"44/Chat,{"message":"Invalid namespace"}"#),
        harmless("S24", "40/chat/,", #"44/chat/,{"message":"Invalid namespace"}"#),
        harmless("S24", "40/%63hat,", #"44/%63hat,{"message":"Invalid namespace"}"#),
        harmless("S24", "40/../chat,", #"44/../chat,{"message":"Invalid namespace"}"#),
        harmless("S24", "40/%2fchat,", #"44/%2fchat,{"message":"Invalid namespace"}"#),
        harmless("VA7", #"42["error","foo"]"#),
        harmless("S09", #"42["",1]"#), harmless("S09", #"42["\u0000"]"#), harmless("S09", "42[1e309]"),
        harmless("S10", #"42["nobody listens"]"#), harmless("S10", #"427["nobody listens"]"#),
        harmless("S12", #"43999["x"]"#), harmless("S12", "430"), harmless("S12", "430[]"),
        harmless("S21", #"42["m",{"_placeholder":true,"num":"splice"}]"#),
        harmless("J02", #"42["m",1e400,-1e400,1E-999]"#),
        harmless("J02", "42[\"m\"," + String(repeating: "9", count: 100_000) + "]"),
        echoed("J03", "9007199254740993"), echoed("J05", #"{"a":1,"a":2}"#), echoed("J07", #""\ud800","\udc00\ud800""#),
        echoed("J09", #""\u0000""#), echoed("J11", "\"\u{2028}\u{2029}\""),
        harmless("J11", "4231 [ \"echo\" , \t\n\r\"blank\" ] ", "4331[\"blank\" ]"),
        echoed("J12", #"{"__proto__":{"a":1},"constructor":1,"hasOwnProperty":2}"#),
        echoed("J06", "{" + (0..<60_000).map { "\"k\($0)\":0" }.joined(separator: ",") + "}"),
        echoed("J13", "\"" + String(repeating: #"\u0041"#, count: 150_000) + "\""),
        echoed("J13", "\"" + String(repeating: "😀", count: 225_000) + "\""),
    ]

    @Test(.timeLimit(.minutes(2)), arguments: lawful) func lives(row: HostileRow) async throws { try await row.run() }
}
