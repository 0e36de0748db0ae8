import Foundation
import SocketClient
import SocketIO
import Synchronization
import Testing

@testable import Gateway

/// Two well-behaved clients of a running gateway, a visitor and a commercial in one chat, who exchange numbered messages
/// while somebody attacks: every one has to arrive, once and in order.
struct GatewayCanaries: Sendable {
    private let port: Int
    private let widgetKey: String
    private let staffToken: String

    /// - Parameters:
    ///   - widgetKey: a key of a workspace in which nobody else is served.
    ///   - staffToken: a token of a commercial there.
    init(port: Int, widgetKey: String, staffToken: String) {
        (self.port, self.widgetKey, self.staffToken) = (port, widgetKey, staffToken)
    }

    /// Runs `attack` between them and returns how many messages went each way.
    func during(_ attack: @escaping @Sendable () async throws -> Void) async throws -> Int {
        try await SocketClient(port: self.port).withConnection(auth: ["token": .string(self.staffToken)]) { staff in
            try await SocketClient(port: self.port).withConnection(auth: ["key": .string(self.widgetKey)]) { visitor in
                let first = try await visitor.request("message:send", ["content": "0"])
                let chat = try #require(first["chatId"])
                let joined = try await staff.request("chat:join", ["chatId": chat])
                #expect(joined["ok"] == true, "\(joined)")
                // The commercial takes it over with the first answer.
                let answer = try await staff.request("message:send", ["chatId": chat, "content": "0", "type": "agent"])
                #expect(answer["ok"] == true, "\(answer)")
                let rounds = Rounds()
                try await withThrowingTaskGroup(of: Void.self) { group in
                    group.addTask {
                        try await attack()
                        rounds.end()
                    }
                    group.addTask {
                        var seq: Int64 = 2
                        repeat {
                            for (speaker, type) in [(visitor, "user"), (staff, "agent")] {
                                seq += 1
                                let ack = try await speaker.request(
                                    "message:send",
                                    ["chatId": chat, "content": .string("\(seq)"), "type": .string(type)])
                                try #require(ack["seq"]?.number?.exactInt64 == seq, "\(ack)")
                            }
                            rounds.count()
                            try await Task.sleep(for: .milliseconds(50))
                        } while !rounds.isOver
                    }
                    try await group.waitForAll()
                }
                let expected = (2...(2 + 2 * rounds.total)).map(Int64.init)
                for (listener, own) in [(visitor, 1), (staff, 0)] {
                    // An own message's ack counts, and was counted above.
                    var heard: [Int64] = []
                    let wanted = expected.filter { $0 % 2 == Int64(own == 1 ? 0 : 1) }
                    for await event in listener.events where event.name == "message:new" {
                        guard let seq = event.payload["seq"]?.number?.exactInt64, seq >= 2 else { continue }
                        heard.append(seq)
                        if heard.count == wanted.count { break }
                    }
                    #expect(heard == wanted)
                }
                return rounds.total
            }
        }
    }

    private final class Rounds: Sendable {
        private let state = Mutex((total: 0, isOver: false))

        var total: Int { self.state.withLock { $0.total } }
        var isOver: Bool { self.state.withLock { $0.isOver } }
        func count() { self.state.withLock { $0.total += 1 } }
        func end() { self.state.withLock { $0.isOver = true } }
    }
}
