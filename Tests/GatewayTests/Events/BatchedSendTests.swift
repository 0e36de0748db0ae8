import Assignment
import SocketIO
import Storage
import StorageTestSupport
import Testing

@testable import Gateway

/// Messages that are stored many at a time, beside the same ones that go their own way.
@Suite struct BatchedSendTests {
    // MARK: Both ways come to the same

    /// A conversation as everybody saw it and as it is stored, with ids and times replaced by what they stand for.
    private struct Transcript: Equatable {
        var lines: [String] = []
        private var names: [Substring: String] = [:]

        mutating func add(_ text: String) {
            var text = text
            for match in text.matches(of: /[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}/).reversed() {
                self.names[match.output] = self.names[match.output] ?? "#\(self.names.count)"
                text.replaceSubrange(match.range, with: self.names[match.output] ?? "")
            }
            text.replace(/[0-9]{4}-[0-9]{2}-[0-9]{2}[T ][0-9:.]+(?:Z|\+00)/, with: "T")
            text.replace(/"eventId":"[0-9]+",?/, with: "")
            // How long something took, or when it was, as a number.
            text.replace(/"[A-Za-z]*(?:Sec|Seconds|Ms|Milliseconds|microseconds)": ?-?[0-9.]+/, with: "T")
            self.lines.append(text)
        }
    }

    private static let texts = [
        "El pedido es azul.", "Gracias", "ok", "¿Cuándo llega mi pedido 123?", "¿Dónde está mi pedido 123?",
        "When will my order arrive?", "Quiero hablar con una persona", "Sois unos inútiles, os voy a denunciar",
        "No funciona nada, estoy harto, qué vergüenza!!!", "The parcel is blue and \"soft\" {,} \\ 👋",
    ]

    /// Random people say random things in random chats, one after the other.
    private static func conversation(_ seed: UInt64, batching: Bool) async throws -> (Transcript, batched: Int) {
        try await EventsFixture.with(batching: batching) { fixture in
            var random = SeededGenerator(seed: seed)
            let bot = try await fixture.connect(.ai, "bot")
            let visitors = [
                try await fixture.connect(.visitor, "v"), try await fixture.connect(.visitor, "v"),
                try await fixture.connect(.visitor, "u"),
            ]
            let ana = try await fixture.connect(.commercial, "ana")
            let boss = try await fixture.connect(.supervisor, "boss")
            let everybody = visitors + [bot, ana, boss]
            var transcript = Transcript()
            var chats: [String] = []
            for _ in 0..<60 {
                let sender = everybody[Int.random(in: 0..<6, using: &random)]
                var payload: JSONObject = ["content": .string(self.texts.randomElement(using: &random) ?? "")]
                if let chat = chats.randomElement(using: &random), Int.random(in: 0..<4, using: &random) > 0 {
                    payload["chatId"] = .string(chat)
                }
                if Bool.random(using: &random) {
                    payload["clientMsgId"] = .string("m\(Int.random(in: 0..<12, using: &random))")
                }
                let choice = Int.random(in: 0..<20, using: &random)
                if choice == 0 { payload["metadata"] = ["confidence": 0.2, "b": 1, "a": [2]] }
                if choice == 1 { payload["private"] = true }
                if choice == 2 { payload["epoch"] = .int(Int64.random(in: 1...3, using: &random)) }
                if (3...6).contains(choice) { payload["inReplyToSeq"] = .int(Int64.random(in: 1...9, using: &random)) }
                var event = "message:send"
                if choice == 19 {
                    event = ["chat:close", "chat:escalate", "chat:reopen"].randomElement(using: &random) ?? event
                    payload = ["chatId": payload["chatId"] ?? .null]
                }
                let ack = await sender.send(event, .object(payload))
                if let chat = ack[dynamic: "chatId"].string, !chats.contains(chat) { chats.append(chat) }
                transcript.add("\(sender.session.principal.subject) \(event) \(JSONValue.object(payload)) -> \(ack)")
            }
            for client in everybody {
                for (event, body) in client.socket.received { transcript.add("\(event) \(body)") }
            }
            for row in try await Self.rows(fixture) { transcript.add(row) }
            return (transcript, fixture.services.desk.stored)
        }
    }

    /// Everything that messages leave behind.
    private static func rows(_ fixture: EventsFixture) async throws -> [String] {
        try await fixture.services.database.transaction(.workspace("default")) { tx in
            var rows: [String] = []
            for sql: StaticString in [
                "select row_to_json(o) from (select chat_id, event_no, kind, message_id, data from outbox order by id) o",
                """
                select row_to_json(m) from (
                    select m.id, m.chat_id, m.seq, m.sender_role, m.sender_id, m.sender_name, m.type, m.content,
                        m.client_msg_id, m.reply_to, m.in_reply_to_seq, m.metadata
                    from messages m join outbox o on o.message_id = m.id order by o.id) m
                """,
                """
                select row_to_json(c) from (
                    select c.id, c.status, c.priority, c.owner_id, c.epoch, c.version, c.seq, c.note_seq, c.event_no,
                        c.tags, c.bot_posts, c.last_visitor_seq, c.last_visitor_at is null, c.bot_deadline_moved,
                        c.bot_deadline is null, c.first_response_at is null, c.first_human_at is null,
                        c.auto_escalations, c.language, c.assumed_language
                    from chats c order by c.created_at) c
                """,
            ] {
                for row in try tx.query(sql) { rows.append(try row.text(0)) }
            }
            return rows
        }
    }

    @Test(arguments: 1...12 as ClosedRange<UInt64>)
    func bothWaysComeToTheSame(seed: UInt64) async throws {
        let batched = try await Self.conversation(seed, batching: true)
        let alone = try await Self.conversation(seed, batching: false)
        #expect(batched.0.lines.count == alone.0.lines.count)
        for (quick, slow) in zip(batched.0.lines, alone.0.lines) where quick != slow {
            Issue.record("batched: \(quick)\nalone: \(slow)")
            break
        }
        #expect(alone.batched == 0)
        // Not every conversation has anything plain in it; this one has.
        #expect(seed != 1 || batched.batched > 5)
    }

    // MARK: Many at once

    @Test func aHotChatIsGaplessForEverybody() async throws {
        try await EventsFixture.with { fixture in
            let first = try await fixture.connect(.visitor, "v")
            let chat = try await first.say("hola")
            var clients = [first]
            for _ in 0..<15 { clients.append(try await fixture.connect(.visitor, "v")) }
            await withDiscardingTaskGroup { group in
                for (number, client) in clients.enumerated() {
                    group.addTask {
                        for index in 0..<20 {
                            let ack = await client.send(
                                "message:send",
                                [
                                    "chatId": .string(chat), "content": "El paquete \(index) es azul",
                                    "clientMsgId": .string("\(number)-\(index)"),
                                ])
                            #expect(ack.isOK, "\(ack)")
                        }
                    }
                }
            }
            for client in clients.dropFirst() { #expect(client.seqs == (2...321).map { Int64($0) }) }
            #expect(first.seqs == (1...321).map { Int64($0) })
            #expect(fixture.services.desk.stored > 0)
            #expect(try await fixture.chat(chat).seq == 321)
        }
    }

    /// One socket that waits for no ack: its messages, plain or not, are numbered as they were sent.
    @Test func aSendersMessagesKeepTheirOrder() async throws {
        try await EventsFixture.with { fixture in
            let visitor = try await fixture.connect(.visitor, "v")
            let listener = try await fixture.connect(.visitor, "v")
            _ = try await visitor.say("hola")
            let texts = (0..<40).map { $0.isMultiple(of: 7) ? "Quiero hablar con una persona \($0)" : "Es azul \($0)" }
            for text in texts { await visitor.sendWithoutAck("message:send", ["content": .string(text)]) }
            #expect(
                listener.socket.received("message:new").dropFirst().map { $0[dynamic: "content"].string } == texts)
        }
    }
}
