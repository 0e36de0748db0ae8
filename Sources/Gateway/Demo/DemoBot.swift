internal import Logging
internal import NIOCore
internal import ServiceLifecycle
internal import SocketClient
internal import SocketIO

/// The demo's bot: an ordinary `ai` principal with an API key, which connects over loopback like any other bot and
/// has no way into the gateway but its events.
///
/// It comes back after every lost connection and goes on where it was: chats that it owns are in `session`, and a
/// visitor's message that nobody answered is the last one of its chat.
struct DemoBot: Service {
    /// The name of its API key, and with that its id and what visitors read.
    static let name = "Bot Garza"

    /// Where the gateway itself listens.
    let host: String
    /// Its port, told once it listens.
    let port: AsyncStream<Int>
    /// Whether it speaks TLS.
    let isSecure: Bool
    let apiKey: Secret
    let answers: DemoAnswers
    /// How long it "writes", so that visitors see what typing looks like.
    var thinkTime: Duration = .milliseconds(500)
    let logger: Logger

    func run() async throws {
        await cancelWhenGracefulShutdown {
            guard let port = await self.port.first(where: { _ in true }) else { return }
            var client = SocketClient(host: self.host, port: port)
            // This very process is at the other end, under whatever name its certificate has.
            if self.isSecure { client.security = .unverified }
            var pause = Duration.milliseconds(100)
            while !Task.isCancelled {
                do {
                    try await client.withConnection(auth: ["token": .string(self.apiKey.reveal())]) { connection in
                        pause = .milliseconds(100)
                        await self.talk(on: connection)
                    }
                } catch {
                    self.logger.debug("the demo bot has no connection", metadata: ["error": "\(error)"])
                }
                // Cancelled in its sleep: then the loop ends.
                try? await Task.sleep(for: pause)
                pause = min(pause * 2, .seconds(5))
            }
        }
    }

    /// Answers until the connection ends.
    private func talk(on connection: SocketClientConnection) async {
        var desk = DemoBotDesk()
        for await event in connection.events {
            for errand in desk.receive(event, answers: self.answers) {
                do {
                    try await self.perform(errand, on: connection, desk: &desk)
                } catch {
                    // The connection is gone or the answer came too late: the gateway's deadline for bots
                    // sees to it that the visitor does not wait for us.
                    self.logger.debug("the demo bot could not answer", metadata: ["error": "\(error)"])
                }
            }
        }
    }

    private func perform(
        _ errand: DemoBotDesk.Errand, on connection: SocketClientConnection, desk: inout DemoBotDesk
    ) async throws {
        switch errand {
        case .resume(let chat):
            let ack = try await connection.request("chat:join", ["chatId": .string(chat), "limit": 20])
            for next in desk.resumed(chat, messages: ack["messages"]?.array ?? [], answers: self.answers) {
                try await self.perform(next, on: connection, desk: &desk)
            }
        case .say(let chat, let text, let seq):
            if seq != nil {
                try await connection.emit("typing:start", ["chatId": .string(chat)])
                try await Task.sleep(for: self.thinkTime)
            }
            var message: JSONObject = [
                "chatId": .string(chat), "type": "ai-response", "content": .string(text),
                "metadata": ["aiModel": "demo-answers", "isAutomated": true],
            ]
            message["inReplyToSeq"] = seq.map { .int($0) }
            let ack = try await connection.request("message:send", .object(message))
            if ack["ok"] != true { desk.lost(chat) }
        case .handOver(let chat, let reason):
            let payload: JSONValue = ["chatId": .string(chat), "reason": .string(reason), "trigger": "bot"]
            _ = try await connection.request("chat:escalate", payload)
            desk.lost(chat)
        }
    }
}
