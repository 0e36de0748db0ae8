/// To whom a notification is addressed. Visitors cannot be.
package enum NotificationTarget: Sendable, Hashable {
    case supervisors
    case agents
    case commercial(String)
    case queue(String)

    /// The wire's word: `supervisors`, `agents`, `commercial:{id}`, `queue:{id}`.
    package var text: String {
        switch self {
        case .supervisors: "supervisors"
        case .agents: "agents"
        case .commercial(let id): "commercial:\(id)"
        case .queue(let name): "queue:\(name)"
        }
    }

    /// Reads the wire's word; nil for anything else.
    package init?(text: String) {
        switch text {
        case "supervisors": self = .supervisors
        case "agents": self = .agents
        default:
            let parts = text.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
            guard parts.count == 2, !parts[1].isEmpty else { return nil }
            switch parts[0] {
            case "commercial": self = .commercial(String(parts[1]))
            case "queue": self = .queue(String(parts[1]))
            default: return nil
            }
        }
    }

    var kind: String {
        switch self {
        case .supervisors: "supervisors"
        case .agents: "agents"
        case .commercial: "commercial"
        case .queue: "queue"
        }
    }

    var id: String? {
        switch self {
        case .supervisors, .agents: nil
        case .commercial(let id): id
        case .queue(let name): name
        }
    }
}
