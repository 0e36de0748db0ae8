/// Why a delivery did not arrive: a closed set, so that neither log, metric nor row can hold anything of an answer.
enum WebhookFailure: Error, Sendable, Equatable {
    /// The address is none that may be used (by now).
    case badAddress
    /// No address is known by that name.
    case unresolved
    /// The name stands for an address of a private network.
    case privateAddress
    case connection
    case tls
    case timeout
    case status(Int)
    /// The event cannot be told any more.
    case nothingToSay
    /// The event is of a kind that this build does not know: a newer node may.
    case unknownKind
    /// What stands in the event's row cannot be read.
    case unreadable

    var word: String {
        switch self {
        case .badAddress: "bad_address"
        case .unresolved: "unresolved"
        case .privateAddress: "private_address"
        case .connection: "connection"
        case .tls: "tls"
        case .timeout: "timeout"
        case .status: "status"
        case .nothingToSay: "nothing_to_say"
        case .unknownKind: "unknown_kind"
        case .unreadable: "unreadable"
        }
    }

    /// Whether it says something about the receiver, and not about what was to be told.
    var isReceivers: Bool { ![.nothingToSay, .unknownKind, .unreadable].contains(self) }

    var status: Int? { if case .status(let code) = self { code } else { nil } }
}
