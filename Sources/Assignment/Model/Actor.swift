/// What somebody is to a workspace. It comes from the credential, never from a payload.
package enum Role: String, Sendable, Hashable, CaseIterable, Codable {
    case visitor
    case commercial
    case supervisor
    case admin
    case ai
    case system

    /// People who work for the workspace: they see notes and the full form of events.
    package var isHumanStaff: Bool {
        switch self {
        case .commercial, .supervisor, .admin: true
        case .visitor, .ai, .system: false
        }
    }
}

/// What an `ai` may do, granted with its API key.
package enum Scope: String, Sendable, Hashable, CaseIterable, Codable {
    /// Own chats and post publicly in them.
    case messaging
    /// Read events for analysis.
    case analytics
    /// Assign chats, raise notifications, start flows.
    case automation
}

/// Whoever does something in a workspace: the identity behind a message, an assignment or an audit row.
package struct Participant: Sendable, Hashable, Codable {
    package var role: Role
    package var id: String
    package var name: String?

    package init(role: Role, id: String, name: String? = nil) {
        self.role = role
        self.id = id
        self.name = name
    }

    /// The gateway itself: sweepers, routing, automatic escalation.
    package static let system = Participant(role: .system, id: "system", name: nil)
}
