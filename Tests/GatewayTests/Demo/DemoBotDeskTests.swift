import SocketClient
import SocketIO
import Testing

@testable import Gateway

@Suite("Demo bot: what it does about an event")
struct DemoBotDeskTests {
    let answers: DemoAnswers
    var desk = DemoBotDesk()

    init() throws {
        self.answers = try DemoAnswers.embedded()
        _ = self.receive("session", ["subject": "Bot Garza", "chats": []])
    }

    private mutating func receive(_ name: String, _ payload: JSONValue) -> [DemoBotDesk.Errand] {
        self.desk.receive(ReceivedEvent(name: name, arguments: [payload], ackID: nil), answers: self.answers)
    }

    private mutating func message(
        _ text: String, seq: Int = 1, from role: String = "visitor", status: String = "bot"
    ) -> [DemoBotDesk.Errand] {
        self.receive(
            "message:new",
            [
                "chatId": "c1", "seq": .int(seq), "content": .string(text), "sender": ["role": .string(role)],
                "chat": ["status": .string(status), "assignedTo": .null],
            ]
        )
    }

    @Test("Looks at the chats that it owned before")
    mutating func resumes() {
        let errands = self.receive("session", ["subject": "Bot Garza", "chats": [["chatId": "a"], ["chatId": "b"]]])
        #expect(errands == [.resume(chat: "a"), .resume(chat: "b")])
    }

    @Test("Answers a visitor's last word that nobody answered, and only that")
    mutating func unanswered() throws {
        let asked: JSONValue = ["seq": 3, "content": "precio de la mesa", "sender": ["role": "visitor"]]
        let said: JSONValue = ["seq": 4, "content": "240 €", "sender": ["role": "ai"]]
        let errands = self.desk.resumed("c1", messages: [asked], answers: self.answers)
        guard case .say(chat: "c1", let text, inReplyTo: 3) = try #require(errands.first) else {
            Issue.record("not answered: \(errands)")
            return
        }
        #expect(text.contains("240 €"))
        #expect(self.desk.resumed("c1", messages: [asked, said], answers: self.answers) == [])
        #expect(self.desk.resumed("c1", messages: [], answers: self.answers) == [])
    }

    @Test(
        "Greets in its own new chats, in the visitor's language",
        arguments: [
            ("bot", "Bot Garza", "How much is it?", "Hello"), ("bot", "Bot Garza", "¿Cuánto es?", "¡Hola!"),
            ("bot", "Another", "How much is it?", nil), ("waiting", nil, "How much is it?", nil),
        ]
    )
    mutating func greets(status: String, owner: String?, first: String, greeting: String?) {
        let errands = self.receive(
            "chat:created",
            [
                "chatId": "c1", "status": .string(status), "firstMessage": .string(first),
                "owner": owner.map { ["role": "ai", "id": .string($0)] } ?? .null, "visitor": ["id": "v"],
            ]
        )
        guard let greeting else {
            #expect(errands == [])
            return
        }
        guard case .say(chat: "c1", let text, inReplyTo: nil) = errands.first else {
            Issue.record("no greeting: \(errands)")
            return
        }
        #expect(text.hasPrefix(greeting))
    }

    @Test(
        "Is silent where it has nothing to say",
        arguments: [("ai", "bot"), ("commercial", "bot"), ("visitor", "active"), ("visitor", "waiting")]
    )
    mutating func silent(role: String, status: String) {
        #expect(self.message("precio", from: role, status: status) == [])
    }

    @Test("Hands over after two things that it does not know, and begins anew afterwards")
    mutating func handsOver() {
        #expect(self.message("xyzzy", seq: 1).count == 1)
        let second = self.message("plugh", seq: 2)
        #expect(second.count == 2)
        #expect(second.last == .handOver(chat: "c1", reason: "the demo bot did not know twice in a row"))
        self.desk.lost("c1")
        #expect(self.message("xyzzy", seq: 3).count == 1)
    }

    @Test(
        "Hostile payloads ask for nothing", arguments: [.null, [], "x", ["chatId": 7], ["chatId": "c1"]] as [JSONValue])
    mutating func hostile(payload: JSONValue) {
        for name in ["session", "chat:created", "message:new", "chat:closed"] {
            #expect(self.receive(name, payload) == [])
        }
    }
}
