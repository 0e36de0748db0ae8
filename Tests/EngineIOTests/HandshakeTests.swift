import Foundation
import NIOCore
import Testing

@testable import EngineIO

@Suite struct HandshakeTests {
    @Test func keysComeInTheOrderOfTheNodeServer() {
        var generator = SeededGenerator(seed: 5)
        let id = SessionID(using: &generator)
        let configuration = EngineConfiguration()
        let polling = HandshakePayload(id: id, transport: .polling, configuration: configuration)
        #expect(
            String(buffer: polling.json)
                == "{\"sid\":\"\(id)\",\"upgrades\":[\"websocket\"],\"pingInterval\":25000,"
                + "\"pingTimeout\":20000,\"maxPayload\":1000000}")
        let webSocket = HandshakePayload(id: id, transport: .webSocket, configuration: configuration)
        #expect(String(buffer: webSocket.json).contains("\"upgrades\":[],"))
    }

    @Test(arguments: [
        (EngineConfiguration(allowsUpgrades: false), [TransportName]()),
        (EngineConfiguration(allowsWebSocket: false), []),
        (EngineConfiguration(), [.webSocket]),
    ])
    func onlyWhatIsAllowedIsOffered(configuration: EngineConfiguration, upgrades: [TransportName]) {
        #expect(configuration.upgrades(from: .polling) == upgrades)
        #expect(configuration.upgrades(from: .webSocket).isEmpty)
    }

    @Test func idsAreTwentyCharactersThatReadBack() {
        var generator = SeededGenerator(seed: 6)
        for _ in 0..<1000 {
            let id = SessionID(using: &generator)
            #expect(id.description.utf8.count == 20)
            #expect(SessionID(id.description.utf8Span.span) == id)
        }
    }

    @Test func idsDoNotRepeatAndUseEveryCharacterEvenly() {
        var generator = SystemRandomNumberGenerator()
        var counts = [Int](repeating: 0, count: 128)
        var seen: Set<SessionID> = []
        // A million takes a debug build half a minute.
        let number = ProcessInfo.processInfo.environment["PUENTE_HOSTILE_FULL"] == nil ? 20_000 : 1_000_000
        seen.reserveCapacity(number)
        for _ in 0..<number {
            let id = SessionID(using: &generator)
            seen.insert(id)
            for byte in id.description.utf8 { counts[Int(byte)] += 1 }
        }
        #expect(seen.count == number)
        let used = counts.filter { $0 > 0 }
        #expect(used.count == 64)
        let expected = Double(number * 20) / 64
        let chiSquare = used.reduce(0) { $0 + (Double($1) - expected) * (Double($1) - expected) / expected }
        // 63 degrees of freedom: above 140 once in ten million runs.
        #expect(chiSquare < 140)
    }

    @Test(arguments: [
        "", ".", "..", "__proto__", "constructor", "toString", "hasOwnProperty", "%00", "AAAAAAAAAAAAAAAAAAA",
        "AAAAAAAAAAAAAAAAAAAAA", "AAAAAAAAAAAAAAAAAAA=", "AAAAAAAAAAAAAAAAAAA+", "ñAAAAAAAAAAAAAAAAAAA",
        String(repeating: "A", count: 4096),
    ])
    func whatIsNoIDIsNone(text: String) {
        #expect(SessionID(text.utf8Span.span) == nil)
    }

    @Test(arguments: [
        ("4", Revision?.some(.v4)), ("3", .v3), ("", nil), ("5", nil), ("4abc", nil), ("04", nil), ("-1", nil),
        ("٤", nil),
    ])
    func onlyThreeAndFourAreRevisions(text: String, revision: Revision?) {
        #expect(Revision(queryValue: text.utf8Span.span) == revision)
    }

    @Test(arguments: [
        (EngineError.transportUnknown, 400, "{\"code\":0,\"message\":\"Transport unknown\"}"),
        (.sessionUnknown, 400, "{\"code\":1,\"message\":\"Session ID unknown\"}"),
        (.badHandshakeMethod, 400, "{\"code\":2,\"message\":\"Bad handshake method\"}"),
        (.badRequest, 400, "{\"code\":3,\"message\":\"Bad request\"}"),
        (.forbidden, 403, "{\"code\":4,\"message\":\"Forbidden\"}"),
        (.unsupportedProtocolVersion, 400, "{\"code\":5,\"message\":\"Unsupported protocol version\"}"),
    ])
    func refusalsAreTheNodeServers(error: EngineError, status: Int, body: String) {
        #expect(error.status == status)
        #expect(String(buffer: error.body()) == body)
    }

    @Test func aMessageOfTheApplicationIsEscaped() {
        #expect(
            String(buffer: EngineError.forbidden.body(message: "a\"b\\c\n€"))
                == "{\"code\":4,\"message\":\"a\\\"b\\\\c\\u000a€\"}")
    }
}
