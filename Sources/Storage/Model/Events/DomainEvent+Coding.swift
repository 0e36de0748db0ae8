internal import FoundationEssentials

extension DomainEvent.Body {
    /// What the outbox keeps beside a reference to the message's row.
    struct Stored {
        var kind: String
        var data: JSONText
    }

    /// The row's `kind` and `data`. Events of messages and notes are written by `Messages` and `Notes`.
    func stored() throws(StorageError) -> Stored {
        switch self {
        case .chatCreated(let body): try Self.store("chatCreated", body)
        case .messagePosted(let body): try Self.store("messagePosted", body.chat)
        case .notePosted(let body): try Self.store("notePosted", body.chat)
        case .chatAssigned(let body): try Self.store("chatAssigned", body)
        case .chatOffered(let body): try Self.store("chatOffered", body)
        case .offerEnded(let body): try Self.store("offerEnded", body)
        case .chatUpdated(let body): try Self.store("chatUpdated", body)
        case .chatQueued(let body): try Self.store("chatQueued", body)
        case .moodChanged(let body): try Self.store("moodChanged", body)
        case .satisfactionRequested(let body): try Self.store("satisfactionRequested", body)
        case .promiseReported(let body): try Self.store("promiseReported", body)
        case .visitorIdentified(let body): try Self.store("visitorIdentified", body)
        case .chatWrappedUp(let body): try Self.store("chatWrappedUp", body)
        case .turnBegan(let body): try Self.store("turnBegan", body)
        case .chatClosed(let body): try Self.store("chatClosed", body)
        case .chatReopened(let body): try Self.store("chatReopened", body)
        case .participantChanged(let body): try Self.store("participantChanged", body)
        case .messageRead(let body): try Self.store("messageRead", body)
        case .commercialStatusChanged(let body): try Self.store("commercialStatusChanged", body)
        case .visitorOnline(let body): try Self.store("visitorOnline", body)
        case .visitorOffline(let body): try Self.store("visitorOffline", body)
        case .notificationRaised(let body): try Self.store("notificationRaised", body)
        case .flowTriggered(let body): try Self.store("flowTriggered", body)
        }
    }

    /// The body of a row.
    ///
    /// - Parameters:
    ///   - message: The message that the row refers to, for `messagePosted`.
    ///   - note: The note that the row refers to, for `notePosted`.
    /// - Returns: nil for a kind that this build does not know: a newer node wrote it.
    init?(_ stored: Stored, message: MessageRow?, note: NoteRow?) throws(StorageError) {
        switch stored.kind {
        case "chatCreated": self = .chatCreated(try Self.restore(stored))
        case "messagePosted":
            guard let message else { throw Self.dangling(stored) }
            self = .messagePosted(MessagePosted(message: message, chat: try Self.restore(stored)))
        case "notePosted":
            guard let note else { throw Self.dangling(stored) }
            self = .notePosted(NotePosted(note: note, chat: try Self.restore(stored)))
        case "chatAssigned": self = .chatAssigned(try Self.restore(stored))
        case "chatOffered": self = .chatOffered(try Self.restore(stored))
        case "offerEnded": self = .offerEnded(try Self.restore(stored))
        case "chatUpdated": self = .chatUpdated(try Self.restore(stored))
        case "chatQueued": self = .chatQueued(try Self.restore(stored))
        case "moodChanged": self = .moodChanged(try Self.restore(stored))
        case "satisfactionRequested": self = .satisfactionRequested(try Self.restore(stored))
        case "promiseReported": self = .promiseReported(try Self.restore(stored))
        case "visitorIdentified": self = .visitorIdentified(try Self.restore(stored))
        case "chatWrappedUp": self = .chatWrappedUp(try Self.restore(stored))
        case "turnBegan": self = .turnBegan(try Self.restore(stored))
        case "chatClosed": self = .chatClosed(try Self.restore(stored))
        case "chatReopened": self = .chatReopened(try Self.restore(stored))
        case "participantChanged": self = .participantChanged(try Self.restore(stored))
        case "messageRead": self = .messageRead(try Self.restore(stored))
        case "commercialStatusChanged": self = .commercialStatusChanged(try Self.restore(stored))
        case "visitorOnline": self = .visitorOnline(try Self.restore(stored))
        case "visitorOffline": self = .visitorOffline(try Self.restore(stored))
        case "notificationRaised": self = .notificationRaised(try Self.restore(stored))
        case "flowTriggered": self = .flowTriggered(try Self.restore(stored))
        default: return nil
        }
    }

    private static func store(_ kind: String, _ body: some Encodable) throws(StorageError) -> Stored {
        do {
            let data = try JSONEncoder().encode(body)
            return Stored(kind: kind, data: JSONText(String(decoding: data, as: UTF8.self)))
        } catch {
            throw StorageError(code: .unexpected, message: "event \(kind) does not encode: \(error)")
        }
    }

    private static func restore<Body: Decodable>(_ stored: Stored) throws(StorageError) -> Body {
        do {
            return try JSONDecoder().decode(Body.self, from: Data(stored.data.text.utf8))
        } catch {
            throw StorageError(code: .unexpected, message: "event \(stored.kind) does not decode: \(error)")
        }
    }

    private static func dangling(_ stored: Stored) -> StorageError {
        StorageError(code: .unexpected, message: "event \(stored.kind) refers to a row that is not there")
    }
}
