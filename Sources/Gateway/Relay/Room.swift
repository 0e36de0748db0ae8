internal import Assignment

/// The name of a room. Rooms are only ever named here, from ids that the gateway knows; never from a payload.
struct Room: Sendable, Hashable {
    let name: String

    private init(_ workspace: String, _ rest: String) {
        // A colon in a workspace's id must not let one workspace spell another's rooms.
        let escaped = workspace.contains(where: { $0 == ":" || $0 == "%" }) ? Self.escape(workspace) : workspace
        self.name = "t:\(escaped):\(rest)"
    }

    /// The chat as its visitor sees it.
    static func chatPublic(_ workspace: String, _ chat: String) -> Room { Room(workspace, "chat:\(chat):public") }
    /// The chat as staff and bots see it, notes included.
    static func chatStaff(_ workspace: String, _ chat: String) -> Room { Room(workspace, "chat:\(chat):staff") }
    /// Bots' sockets that have left the chat; without that they hear every chat.
    static func chatMuted(_ workspace: String, _ chat: String) -> Room { Room(workspace, "chat:\(chat):muted") }
    /// Every commercial, whatever the queue.
    static func agents(_ workspace: String) -> Room { Room(workspace, "agents") }
    /// The commercials who serve a queue.
    static func queue(_ workspace: String, _ queue: String) -> Room { Room(workspace, "queue:\(queue)") }
    /// Supervisors and admins.
    static func supervisors(_ workspace: String) -> Room { Room(workspace, "supervisors") }
    /// Every bot.
    static func ai(_ workspace: String) -> Room { Room(workspace, "ai") }
    /// All sockets of one visitor.
    static func visitor(_ workspace: String, _ id: String) -> Room { Room(workspace, "visitor:\(id)") }
    /// All sockets of one commercial, supervisor or admin.
    static func user(_ workspace: String, _ id: String) -> Room { Room(workspace, "user:\(id)") }
    /// All sockets of one bot.
    static func bot(_ workspace: String, _ id: String) -> Room { Room(workspace, "bot:\(id)") }

    /// All sockets of one identity.
    static func identity(_ workspace: String, _ participant: Participant) -> Room {
        switch participant.role {
        case .visitor: .visitor(workspace, participant.id)
        case .ai: .bot(workspace, participant.id)
        case .commercial, .supervisor, .admin, .system: .user(workspace, participant.id)
        }
    }

    private static func escape(_ text: String) -> String {
        var escaped = ""
        for character in text {
            switch character {
            case ":": escaped += "%3A"
            case "%": escaped += "%25"
            default: escaped.append(character)
            }
        }
        return escaped
    }
}
