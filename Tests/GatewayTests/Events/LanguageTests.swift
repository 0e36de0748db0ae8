import Assignment
import SocketIO
import Storage
import Testing

@testable import Gateway

/// In which language a chat is held: assumed by the locale, told by the visitor's words, or said by staff.
@Suite struct LanguageTests {
    private static let spanish = "¿Cuándo llega el pedido que hice con la tarjeta de mi madre?"
    private static let english = "When will the order arrive that I made with my card?"

    /// A visitor who has said "ok", and the supervisor who watches.
    private static func with(
        locale: String?, _ body: (EventsFixture, TestClient, _ boss: TestClient, String) async throws -> Void
    ) async throws {
        try await EventsFixture.with { fixture in
            let boss = try await fixture.connect(.supervisor, "boss")
            let visitor = try await fixture.connect(.visitor, "v")
            if let locale {
                try await fixture.services.database.transaction(.workspace("default")) {
                    _ = try Visitors.upsert($0, "default", "v", isVerified: true, locale: locale)
                }
            }
            try await body(fixture, visitor, boss, try await visitor.say("ok"))
        }
    }

    private static func told(_ boss: TestClient) -> [String] {
        boss.socket.received("chat:updated").compactMap { $0[dynamic: "changes"][dynamic: "language"].string }
    }

    @Test(
        arguments: [
            ("es-MX", "es"), ("en_GB", "en"), ("PT", "pt"), ("ast", "ast"), ("*", nil), ("x-klingon", nil), ("1s", nil),
            ("español", nil),
        ] as [(String, String?)])
    func aChatBeginsInTheLanguageOfTheLocale(locale: String, language: String?) async throws {
        try await Self.with(locale: locale) { fixture, _, boss, chat in
            let begun = try await fixture.chat(chat)
            #expect(begun.language == language)
            #expect(Self.told(boss).isEmpty, "it began with it")
        }
    }

    /// What tells nothing is read in the chat's language.
    @Test func wordsThatTellNothingAreReadInTheChatsLanguage() async throws {
        try await Self.with(locale: "en-GB") { fixture, _, _, chat in
            let row = try await fixture.chat(chat)
            #expect(row.reading(of: "ok").language == .english)
        }
    }

    /// The first words that tell settle it; staff hear of it, and nothing changes it by itself any more.
    @Test(arguments: ["en", nil] as [String?])
    func theFirstWordsThatTellSettleIt(locale: String?) async throws {
        try await Self.with(locale: locale) { fixture, visitor, boss, id in
            let before = try await fixture.chat(id)
            #expect(before.language == locale)
            _ = try await visitor.say("hola")
            #expect(try await fixture.chat(id).language == locale, "a greeting is in everybody's mouth")
            _ = try await visitor.say(Self.spanish)
            let after = try await fixture.chat(id)
            #expect(after.language == "es" && after.assumedLanguage == nil)
            #expect(after.version == before.version + 1)
            #expect(Self.told(boss) == ["es"])
            _ = try await visitor.say(Self.english)
            #expect(try await fixture.chat(id).language == "es")
            #expect(Self.told(boss) == ["es"])
        }
    }

    /// Words that confirm what was assumed change nothing that anybody would have to be told.
    @Test func wordsThatConfirmItAreNoNews() async throws {
        try await Self.with(locale: "es") { fixture, visitor, boss, id in
            let before = try await fixture.chat(id)
            _ = try await visitor.say(Self.spanish)
            let after = try await fixture.chat(id)
            #expect(after.language == "es" && after.assumedLanguage == nil)
            #expect(after.version == before.version && after.eventNo == before.eventNo + 1)
            #expect(Self.told(boss).isEmpty)
        }
    }

    /// Only words that settle something leave the quick way of messages, and only once.
    @Test func nothingCostsMoreOnceItIsSettled() async throws {
        try await Self.with(locale: "es") { fixture, visitor, _, _ in
            _ = try await visitor.say("El pedido es azul y la caja es verde.")
            let before = fixture.services.desk.stored
            for number in 1...3 { _ = try await visitor.say("La caja \(number) es azul y el lazo es verde.") }
            #expect(fixture.services.desk.stored == before + 3)
        }
    }

    /// What staff say stays, also where it is what was assumed.
    @Test(arguments: ["fr", "en"])
    func whatStaffSayStays(language: String) async throws {
        try await Self.with(locale: "en") { fixture, visitor, boss, id in
            let ack = await boss.send(
                "chat:update", ["chatId": .string(id), "updates": ["language": .string(language)]])
            #expect(ack.isOK)
            _ = try await visitor.say(Self.spanish)
            #expect(try await fixture.chat(id).language == language)
            #expect(Self.told(boss) == [language])
        }
    }

    /// A Portuguese text looks Spanish to who reads no Portuguese.
    @Test func aLanguageThatNobodyReadsIsNotReadAway() async throws {
        try await Self.with(locale: "pt-BR") { fixture, visitor, boss, id in
            _ = try await visitor.say(Self.spanish)
            #expect(try await fixture.chat(id).language == "pt")
            #expect(Self.told(boss).isEmpty)
        }
    }

    /// A node of the version before writes the language alone.
    @Test func whatTheVersionBeforeWroteCountsAsSaid() async throws {
        try await Self.with(locale: "en") { fixture, visitor, _, id in
            try await fixture.sql("update chats set language = 'fr'")
            _ = try await visitor.say(Self.spanish)
            #expect(try await fixture.chat(id).language == "fr")
        }
    }
}
