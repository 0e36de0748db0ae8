import Assignment
import Foundation
import Logging
import SocketIO
import Synchronization
import Testing

@testable import Gateway

/// What the log says of a client's events: which, where, whose request; never what was said.
@Suite struct EventLogTests {
    private final class Lines: Sendable {
        private let lines = Mutex<[String]>([])

        var logger: Logger {
            Logger(label: "puente") { label in
                StandardErrorLog(label: label, settings: LogSettings(level: .debug, format: .json)) { line in
                    self.lines.withLock { $0.append(line) }
                }
            }
        }

        var text: String { self.lines.withLock { $0.joined() } }

        func entries(_ message: String) throws -> [[String: String]] {
            try self.lines.withLock { $0 }.compactMap { line in
                try JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: String]
            }.filter { $0["message"] == message }
        }
    }

    @Test func everyEventIsNamedWithItsChatAndRequest() async throws {
        let lines = Lines()
        try await EventsFixture.with(logger: lines.logger) { fixture in
            let visitor = try await fixture.connect(.visitor, "v")
            let chat = try await visitor.say("mi secreto")
            #expect(await visitor.send("chat:history", ["chatId": .string(chat)]).isOK)
            #expect(await visitor.send("chat:close", ["chatId": .string(chat)]).errorCode == "forbidden")
            #expect(await visitor.send("session:refresh", ["token": "eyJ.secreto"]).errorCode == "unauthenticated")
            #expect(await visitor.send("mi secreto", [:]).errorCode == "unknown_event")
            #expect(await visitor.send("chat:join", ["chatId": "un secreto"]).errorCode == "not_found")
            await visitor.sendWithoutAck("chat:close", ["chatId": .string(chat)])

            // A message without `chatId` too: the chat is the one that it went to.
            let done = try lines.entries("event")
            #expect(done.map { $0["event"] } == ["message:send", "chat:history"])
            let label = LogKey.label(connection: visitor.socket.id)
            #expect(done.allSatisfy { $0["chat"] == chat && $0["connection"] == label })
            let refused = try lines.entries("event refused")
            #expect(
                refused.map { $0["event"] } == [
                    "chat:close", "session:refresh", "unknown", "chat:join", "chat:close",
                ])
            #expect(
                refused.map { $0["code"] } == [
                    "forbidden", "unauthenticated", "unknown_event", "not_found", "forbidden",
                ])
            #expect(refused.map { $0["chat"] } == [chat, nil, nil, nil, chat])
            let requests = (done + refused).compactMap { $0["hb.request.id"] }
            #expect(Set(requests).count == done.count + refused.count)
            // The one that a client can quote.
            #expect(visitor.socket.received("error").first?[dynamic: "requestId"].string == requests.last)
            #expect(!lines.text.contains("secreto"))
        }
    }
}
