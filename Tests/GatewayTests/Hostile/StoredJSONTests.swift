import Assignment
import SocketClient
import SocketIO
import Storage
import Testing

@testable import Gateway

/// Rows J02, J12 and J14 at the gateway, over a socket: what of a metadata object comes back out of PostgreSQL, and what
/// does not even get there.
@Suite struct StoredJSONTests {
    /// Sends events one after the other, each once the one before is answered.
    ///
    /// - Returns: The acks.
    private static func answers(_ house: SocketHouse, _ events: [(JSONValue?) -> String]) async throws -> [JSONValue] {
        var acks: [JSONValue] = []
        let auth = JSONValue.object(["key": .string(house.widgetKey)]).description
        _ = try await FrameClient.messages(port: house.client.port) { message, send in
            if message.hasPrefix("0") { return try await send("40\(auth)") }
            if message.hasPrefix("43") {
                let json = String(message.drop { $0 != "[" })
                acks.append(try #require(JSONReader.decodeStored(json).array?.first))
            } else if !message.hasPrefix("40") {
                return
            }
            guard acks.count < events.count else { return try await send("1") }
            try await send("42\(acks.count)\(events[acks.count](acks.first))")
        }
        return acks
    }

    private static func message(_ metadata: String) -> (JSONValue?) -> String {
        { _ in #"["message:send",{"content":"hola","metadata":\#(metadata)}]"# }
    }

    @Test(arguments: [
        "1e400", "-1e400", "1E-999", String(repeating: "9", count: 20_000), "0." + String(repeating: "1", count: 100),
        "9007199254740993",
    ])
    func numbersThatNobodyCouldReadAreRefused(number: String) async throws {
        try await SocketHouse.with { house in
            let acks = try await Self.answers(house, [Self.message(#"{"a":{"n":\#(number)}}"#), Self.message("{}")])
            #expect(acks.first?.errorCode == "bad_payload", "\(acks)")
            #expect(acks.first?.errorField == "metadata.a.n")
            // Nothing of it was stored, and the connection lives.
            #expect(acks.last?[dynamic: "seq"] == 1)
        }
    }

    @Test func numbersThatGrowInTheDatabaseAreMeasuredThere() async throws {
        try await SocketHouse.with { house in
            let many = "[" + Array(repeating: "1e308", count: 60).joined(separator: ",") + "]"
            let acks = try await Self.answers(
                house, [Self.message(#"{"n":\#(many)}"#), Self.message(#"{"n":0e99999}"#), Self.message("{}")])
            #expect(acks.prefix(2).map(\.errorCode) == ["too_large", "too_large"], "\(acks)")
            #expect(acks.last?[dynamic: "seq"] == 1)
        }
    }

    @Test func whatIsTakenComesBackWhole() async throws {
        let metadata = #"""
            {"__proto__":{"admin":true},"constructor":1,"hasOwnProperty":"x","big":9007199254740992,"small":-0.1,
            "huge":1.5e300,"wide":1e21,"tiny":2.5e-7,"long":3.141592653589793}
            """#
        try await SocketHouse.with { house in
            let acks = try await Self.answers(
                house,
                [
                    Self.message(metadata.filter { $0 != "\n" }),
                    { first in
                        #"["chat:history",{"chatId":\#(first?[dynamic: "chatId"] ?? .null)}]"#
                    },
                ])
            #expect(acks.first?.isOK == true, "\(acks)")
            let stored = try #require(acks.last?[dynamic: "messages"].array?.first?[dynamic: "metadata"].object)
            #expect(stored.count == 9)
            // A key like any other.
            #expect(stored["__proto__"] == ["admin": true])
            #expect(stored["constructor"] == 1 && stored["hasOwnProperty"] == "x")
            let numbers = [
                "big": 9_007_199_254_740_992, "small": -0.1, "huge": 1.5e300, "wide": 1e21, "tiny": 2.5e-7,
                "long": 3.141592653589793,
            ]
            for (key, number) in numbers { #expect(stored[key]?.double == number, "\(key)") }
        }
    }
}
