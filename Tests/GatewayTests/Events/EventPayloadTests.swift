import Assignment
import SocketIO
import Synchronization
import Testing

@testable import Gateway

/// Every event of the table x every field missing, of a wrong type, or out of range: refused by name, before any row is
/// looked at.
@Suite struct EventPayloadTests {
    @Test func everyEventHasASample() {
        #expect(Set(EventTable.events.map { $0.name }) == Set(EventSample.all.map(\.name)))
        #expect(EventTable.byName.count == EventTable.events.count)
    }

    @Test(arguments: EventSample.all) func theSampleIsValid(sample: EventSample) throws {
        let type = try #require(EventTable.byName[sample.name])
        _ = try type.init(Payload(sample.payload))
        // What is not known is ignored.
        _ = try type.init(Payload(sample.payload("somethingElse", ["a": 1])))
    }

    #if DEBUG
        /// Whatever an event looks for is in its sample, so that no field escapes the tests that go over them all.
        @Test(arguments: EventSample.all) func theSampleNamesEveryField(sample: EventSample) throws {
            let type = try #require(EventTable.byName[sample.name])
            let read = Mutex<Set<String>>([])
            // An object's members are looked for where the object is there, and other objects are not in the way.
            var payloads = [sample.payload]
            for case (let field, .object) in sample.fields { payloads.append(sample.payload(field, [:])) }
            for payload in payloads {
                Payload.$onRead.withValue({ name in read.withLock { _ = $0.insert(name) } }) {
                    _ = try? type.init(Payload(payload))
                }
            }
            #expect(read.withLock { $0 }.subtracting(sample.fields.map(\.0)) == [])
        }
    #endif

    /// What PostgreSQL would write out to more than the limit, or not at all.
    @Test(arguments: [
        "[" + Array(repeating: "1e308", count: 60).joined(separator: ",") + "]", "0e999999999", "0e-20000",
        "0e" + String(repeating: "9", count: 60), "0E-9223372036854775808",
    ])
    func numbersAreMeasuredAsTheyAreStored(json: String) throws {
        let value = try JSONReader.decode(json)
        let error = Self.refusal(MessageSend.self, ["content": "a", "metadata": ["a": value]])
        #expect(error?.code == .tooLarge)
        #expect(error?.details["field"] == "metadata")
    }

    @Test(arguments: EventSample.all) func aMissingFieldIsNamed(sample: EventSample) throws {
        let type = try #require(EventTable.byName[sample.name])
        for field in sample.required {
            let error = Self.refusal(type, sample.payload(field, nil))
            #expect(error?.code == .badPayload, "\(field)")
            #expect(error?.details["field"] == .string(field))
        }
    }

    @Test(arguments: EventSample.all) func aWrongValueIsNamed(sample: EventSample) throws {
        let type = try #require(EventTable.byName[sample.name])
        for (field, kind) in sample.fields {
            for value in kind.wrongValues {
                let error = Self.refusal(type, sample.payload(field, value))
                #expect(error?.code == .badPayload, "\(field): \(value)")
                #expect(error?.details["field"] == .string(field), "\(field): \(value)")
            }
        }
    }

    /// Whatever is no canonical id names nothing that exists.
    @Test(arguments: EventSample.all) func anIDThatIsNoneIsNotFound(sample: EventSample) throws {
        let type = try #require(EventTable.byName[sample.name])
        let ids = [
            "", "' OR 1=1--", "1; DROP TABLE chats", "%", "_", "\\", "$1", "chat-123",
            "{00000000-0000-4000-8000-000000000000}", "ABCDEF00-0000-4000-8000-000000000000",
            String(repeating: " ", count: 36), "00000000-0000-4000-8000-00000000000g",
        ]
        for (field, kind) in sample.fields where kind.isID {
            for id in ids {
                #expect(Self.refusal(type, sample.payload(field, .string(id)))?.code == .notFound, "\(field): \(id)")
            }
        }
    }

    @Test(arguments: [
        (String(repeating: "x", count: 8000), RefusalCode?.none), ("", .badPayload), (" \t\n\u{2003}", .badPayload),
        (String(repeating: "x", count: 8001), .tooLarge),
        (String(repeating: "é", count: 8001), .tooLarge),
    ])
    func contentHasLimits(content: String, code: RefusalCode?) {
        let error = Self.refusal(MessageSend.self, ["content": .string(content)])
        #expect(error?.code == code)
        #expect(error?.details["field"] == code.map { _ in "content" })
    }

    @Test(arguments: [
        String(repeating: "x", count: 8000), "e" + String(repeating: "\u{301}", count: 7999), "\u{202E}abc", "\u{200B}",
    ])
    func contentIsTakenAsItIs(content: String) throws {
        let message = try MessageSend(Payload(["content": .string(content)]))
        #expect(Array(message.content.unicodeScalars) == Array(content.unicodeScalars))
    }

    @Test(arguments: [(0, 1), (-5, 1), (1, 1), (2, 2), (499, 499), (500, 500), (501, 500), (1_000_000_000, 500)])
    func aPageSizeIsClamped(wish: Int, limit: Int) throws {
        let join = try ChatJoin(
            Payload(["chatId": .string(EventSample.unknownChat), "limit": .int(wish)]))
        #expect(join.join.limit == limit)
    }

    @Test func metadataHasALimit() {
        let big: JSONValue = ["a": .string(String(repeating: "x", count: Limits.metadataBytes))]
        let error = Self.refusal(MessageSend.self, ["content": "a", "metadata": big])
        #expect(error?.code == .tooLarge)
        #expect(error?.details["field"] == "metadata")
    }

    private static func refusal(_ type: any ClientEvent.Type, _ payload: JSONObject) -> EventError? {
        do {
            _ = try type.init(Payload(payload))
            return nil
        } catch {
            return error
        }
    }
}

extension EventSample.Field {
    fileprivate var isID: Bool {
        if case .id = self { true } else { false }
    }
}
