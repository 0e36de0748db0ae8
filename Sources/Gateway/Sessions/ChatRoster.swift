internal import Assignment
internal import Synchronization

/// Who has joined which chat on this node: for `participants` and `chat:participant`. Not stored; a socket's end is its
/// end.
final class ChatRoster: Sendable {
    struct Entry: Sendable, Hashable {
        var participant: Participant
        var mode: JoinMode
    }

    private let chats = Mutex<[ChatKey: [String: Entry]]>([:])

    /// - Returns: Whether nobody could see the participant in the chat before; a monitor is not seen.
    @discardableResult
    func join(_ chat: ChatKey, socket: String, _ entry: Entry) -> Bool {
        self.chats.withLock { chats in
            let isNew = !(chats[chat] ?? [:]).values.contains {
                $0.mode != .monitor && Self.isSame($0.participant, entry.participant)
            }
            chats[chat, default: [:]][socket] = entry
            return isNew
        }
    }

    /// - Returns: The entry, if nobody can see the participant in the chat any more.
    @discardableResult
    func leave(_ chat: ChatKey, socket: String) -> Entry? {
        self.chats.withLock { chats in
            guard let entry = chats[chat]?.removeValue(forKey: socket) else { return nil }
            if chats[chat]?.isEmpty ?? false { chats[chat] = nil }
            let remains = (chats[chat] ?? [:]).values.contains {
                $0.mode != .monitor && Self.isSame($0.participant, entry.participant)
            }
            return remains ? nil : entry
        }
    }

    /// Everybody visible in the chat, each once.
    func participants(of chat: ChatKey) -> [Participant] {
        let entries = self.chats.withLock { Array(($0[chat] ?? [:]).values) }
        var seen: Set<String> = []
        return entries.filter { $0.mode != .monitor }.map(\.participant)
            .filter { seen.insert("\($0.role.rawValue):\($0.id)").inserted }
            .sorted { ($0.role.rawValue, $0.id) < ($1.role.rawValue, $1.id) }
    }

    private static func isSame(_ one: Participant, _ other: Participant) -> Bool {
        one.role == other.role && one.id == other.id
    }
}
