import Assignment
import Foundation
import SocketIO
import Testing

@testable import Gateway
@testable import Storage

/// Which rooms each kind of event names. A visitor is only ever in rooms whose name ends in `:public`, or begins with
/// their own.
@Suite struct AudienceTests {
    private static let publicRoom = Room.chatPublic("w", WireSamples.chatID)

    private static func outgoing(_ body: DomainEvent.Body, chat: String? = WireSamples.chatID) -> [Outgoing] {
        Audience.outgoing(
            for: DomainEvent(
                workspaceID: "w", outboxID: 1, chatID: chat, eventNo: chat.map { _ in 1 },
                at: Timestamp(microseconds: 0), body: body))
    }

    private static func isVisitors(_ room: Room) -> Bool {
        room.name.hasSuffix(":public") || room.name.contains(":visitor:")
    }

    @Test func whatIsNotForVisitorsNamesNoRoomOfTheirs() {
        let person = Participant(role: .commercial, id: "ana")
        let kinds: [(DomainEvent.Body, String?)] = [
            (.notePosted(NotePosted(note: WireSamples.note, chat: WireSamples.summary)), WireSamples.chatID),
            (.notePosted(NotePosted(note: WireSamples.whisper, chat: WireSamples.summary)), WireSamples.chatID),
            (.moodChanged(MoodChanged(Mood(before: nil, told: nil, hearing: -1))), WireSamples.chatID),
            (.visitorOffline(VisitorOffline(visitorID: "v", sessionID: "s")), nil),
            (
                .visitorIdentified(VisitorIdentified(visitorID: "v", previousVisitorID: "a", name: nil, chats: 1)),
                WireSamples.chatID
            ),
            (
                .flowTriggered(
                    FlowTriggered(
                        flowID: "f", visitorID: "v", chatID: nil, strategy: "s", probability: nil, action: "invited",
                        by: person, queue: "default")), nil
            ),
            (
                .participantChanged(ParticipantChanged(participant: person, change: .joined, mode: "normal")),
                WireSamples.chatID
            ),
        ]
        for (body, chat) in kinds {
            let outgoing = Self.outgoing(body, chat: chat)
            #expect(!outgoing.isEmpty)
            for form in outgoing { #expect(!form.rooms.contains(where: Self.isVisitors), "\(form.event)") }
        }
    }

    /// To the one and to supervisors: whoever else is in the staff room is excepted.
    @Test func aWhisperIsForOnePersonAndSupervisors() {
        let outgoing = Self.outgoing(.notePosted(NotePosted(note: WireSamples.whisper, chat: WireSamples.summary)))
        #expect(outgoing.map(\.rooms) == [[.user("w", "ana")], [.chatStaff("w", WireSamples.chatID)]])
        #expect(outgoing.last?.except == [.user("w", "ana"), .agents("w"), .ai("w")])
        #expect(outgoing.allSatisfy { $0.body["to"] == "ana" && $0.body["seq"] == nil })
    }

    @Test func aMessageIsOneFormForAll() throws {
        let outgoing = Self.outgoing(
            .messagePosted(MessagePosted(message: WireSamples.message, chat: WireSamples.summary)))
        let form = try #require(outgoing.first)
        #expect(outgoing.count == 1)
        #expect(form.rooms == [Self.publicRoom, .chatStaff("w", WireSamples.chatID), .ai("w")])
        #expect(form.body["chat"]?.object?["assignedTo"] == .null)
        #expect(form.except.isEmpty)
    }

    @Test func aBotIsExceptedFromItsOwnWords() throws {
        var message = WireSamples.message
        message.sender = Participant(role: .ai, id: "b")
        let form = try #require(
            Self.outgoing(.messagePosted(MessagePosted(message: message, chat: WireSamples.summary))).first)
        #expect(form.except == [.bot("w", "b")])
    }

    @Test func aClosedChatIsReducedForItsVisitor() throws {
        let closed = ChatClosed(
            closedBy: Participant(role: .commercial, id: "ana"), reason: .resolved,
            closedAt: Timestamp(microseconds: 0),
            visitorID: "v", queue: "default", epoch: 3, version: 4,
            lastOwner: Participant(role: .commercial, id: "ana"),
            durationSeconds: 10, firstResponseSeconds: nil, waitSeconds: 1, handleSeconds: 2, messages: 3,
            priority: .high)
        let outgoing = Self.outgoing(.chatClosed(closed))
        let reduced = try #require(outgoing.first { $0.rooms == [Self.publicRoom] })
        #expect(reduced.body["metrics"] == nil)
        #expect(reduced.body["closedBy"] == ["role": "commercial"])
        let full = try #require(outgoing.first { $0.event == "chat:closed" && $0.rooms != [Self.publicRoom] })
        #expect(full.body["metrics"]?.object?["frtSec"] == .null)
        #expect(!full.rooms.contains(where: Self.isVisitors))
    }

    @Test func aFlowIsToldInTheLineOfItsChat() throws {
        let flow = FlowTriggered(
            flowID: "f", visitorID: "v", chatID: nil, strategy: "s", probability: nil, action: "invited",
            by: Participant(role: .ai, id: "b"), queue: "ventas")
        let form = try #require(Self.outgoing(.flowTriggered(flow), chat: nil).first)
        #expect(form.rooms == [.queue("w", "ventas"), .supervisors("w")])
    }

    @Test func workspacesCannotSpellEachOthersRooms() {
        #expect(Room.agents("a:b") != Room.agents("a%3Ab"))
        #expect(Room.visitor("a", "b:visitor:c").name != Room.visitor("a:visitor:b", "c").name)
    }
}

/// Rows as the wire forms get them.
enum WireSamples {
    static let chatID = "11111111-1111-4111-8111-111111111111"

    /// Made as the outbox brings it back: from a row only PostgreSQL can.
    static let summary: ChatSummary = {
        let json = #"{"visitorID":"v","status":"bot","epoch":1,"priority":"normal","queue":"default"}"#
        do {
            return try JSONDecoder().decode(ChatSummary.self, from: Data(json.utf8))
        } catch {
            preconditionFailure("\(error)")
        }
    }()

    static let message = MessageRow(
        id: "22222222-2222-4222-8222-222222222222", workspaceID: "w", chatID: chatID, seq: 1,
        sender: Participant(role: .visitor, id: "v"), type: .user, content: "hola", metadata: .emptyObject,
        createdAt: Timestamp(microseconds: 0))

    static let note = NoteRow(
        id: "33333333-3333-4333-8333-333333333333", workspaceID: "w", chatID: chatID, noteSeq: 1, afterSeq: 1,
        sender: Participant(role: .commercial, id: "ana"), type: .note, content: "nota", metadata: .emptyObject,
        createdAt: Timestamp(microseconds: 0))

    static let whisper: NoteRow = {
        var whisper = note
        whisper.sender = Participant(role: .supervisor, id: "boss")
        whisper.type = .whisper
        whisper.recipient = "ana"
        return whisper
    }()
}
