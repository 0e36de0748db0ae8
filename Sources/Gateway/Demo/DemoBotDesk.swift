internal import SocketClient
internal import SocketIO

/// The demo bot's view of its chats: what comes in, and what it has to do about it. No socket, no clock.
struct DemoBotDesk: Sendable {
    /// Something to do on the connection.
    enum Errand: Sendable, Equatable {
        /// Look at a chat that was ours before this connection.
        case resume(chat: String)
        /// `inReplyTo` is the visitor's message that is answered, so that it is answered once.
        case say(chat: String, text: String, inReplyTo: Int?)
        case handOver(chat: String, reason: String)
    }

    /// Our id, as `session` says it.
    private var subject: String?
    private var conversations: [String: DemoConversation] = [:]

    /// Takes one event of the gateway.
    mutating func receive(_ event: ReceivedEvent, answers: DemoAnswers) -> [Errand] {
        let payload = event.payload
        if event.name == "session" {
            self.subject = payload["subject"]?.string
            let chats = payload["chats"]?.array ?? []
            return chats.compactMap { $0["chatId"]?.string }.map { .resume(chat: $0) }
        }
        guard let chat = payload["chatId"]?.string else { return [] }
        switch event.name {
        case "chat:created":
            guard self.isOurs(payload) else { return [] }
            let opening = payload["firstMessage"]?["content"]?.string ?? payload["firstMessage"]?.string
            let locale = payload["visitor"]?["locale"]?.string
            let conversation = DemoConversation(language: Self.language(opening: opening, locale: locale))
            self.conversations[chat] = conversation
            return [.say(chat: chat, text: conversation.greeting(from: answers), inReplyTo: nil)]
        case "message:new":
            guard payload["sender"]?["role"]?.string == "visitor", payload["chat"]?["status"]?.string == "bot" else {
                return []
            }
            if let owner = payload["chat"]?["owner"], owner["id"]?.string != self.subject { return [] }
            return self.answer(payload, in: chat, answers: answers)
        case "chat:assigned", "chat:closed":
            self.lost(chat)
            return []
        default:
            return []
        }
    }

    /// Takes the newest messages of a chat that was ours before: a visitor's word at the end is not answered yet.
    mutating func resumed(_ chat: String, messages: [JSONValue], answers: DemoAnswers) -> [Errand] {
        guard let last = messages.last, last["sender"]?["role"]?.string == "visitor" else { return [] }
        return self.answer(last, in: chat, answers: answers)
    }

    /// The chat is somebody else's now.
    mutating func lost(_ chat: String) {
        self.conversations[chat] = nil
    }

    private func isOurs(_ payload: JSONValue) -> Bool {
        guard payload["status"]?.string == "bot" else { return false }
        guard let owner = payload["owner"] else { return true }
        return owner["id"]?.string == self.subject
    }

    private mutating func answer(_ message: JSONValue, in chat: String, answers: DemoAnswers) -> [Errand] {
        guard let text = message["content"]?.string, let seq = message["seq"]?.int else { return [] }
        let fresh = DemoConversation(language: Self.language(opening: text, locale: nil))
        let turn = self.conversations[chat, default: fresh].reply(to: text, from: answers)
        let words = Errand.say(chat: chat, text: turn.text, inReplyTo: seq)
        switch turn {
        case .answer: return [words]
        case .handOver(_, let reason): return [words, .handOver(chat: chat, reason: reason)]
        }
    }

    private static func language(opening: String?, locale: String?) -> DemoLanguage {
        if let opening, let guess = DemoLanguage.guess(DemoAnswers.words(opening)) { return guess }
        return locale?.hasPrefix("en") == true ? .english : .spanish
    }
}
