/// The lifecycle states of a chat, in the words used on the wire.
package enum ChatStatus: String, Sendable, Hashable, CaseIterable, Codable {
    case bot
    case waiting
    case offered
    case active
    case paused
    case wrapup
    case offline
    case closed
}

/// How urgently a chat waits. Served by bounded slack, never by strict precedence.
package enum Priority: String, Sendable, Hashable, CaseIterable, Comparable, Codable {
    case low
    case normal
    case high
    case urgent

    private var rank: Int {
        switch self {
        case .low: 0
        case .normal: 1
        case .high: 2
        case .urgent: 3
        }
    }

    package static func < (lhs: Priority, rhs: Priority) -> Bool { lhs.rank < rhs.rank }
}

/// What a commercial says about their own availability.
package enum DeclaredStatus: String, Sendable, Hashable, CaseIterable, Codable {
    case available
    case busy
    case away
    case offline
}

/// Why a chat ended.
package enum ChatCloseReason: String, Sendable, Hashable, CaseIterable, Codable {
    case resolved
    case abandoned
    case timeout
    case spam
    case merged
}
