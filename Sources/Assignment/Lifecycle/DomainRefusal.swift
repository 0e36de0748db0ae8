/// Why something asked for is not done: a code for programs, a sentence for people, and what helps to go on.
package struct DomainRefusal: Error, Sendable, Hashable {
    /// One fact beside the code; the wire form puts it under `error.details`.
    package enum Detail: Sendable, Hashable {
        /// The payload field that is at fault.
        case field(String)
        /// The status that the chat has now.
        case status(ChatStatus)
        /// Who has the chat now, and since which epoch.
        case owner(ChatOwner?, epoch: Int64)
        /// The load and the cap that left no room.
        case load(current: Double, cap: Int)
        /// When the chat's queue, which is closed now, opens again.
        case nextOpening(Timestamp)
    }

    package var code: RefusalCode
    package var message: String
    package var details: [Detail]
    /// When trying again makes sense, in milliseconds; `nil` where waiting does not help.
    package var retryAfterMilliseconds: Int64?

    package init(
        _ code: RefusalCode, _ message: String, details: [Detail] = [], retryAfterMilliseconds: Int64? = nil
    ) {
        self.code = code
        self.message = message
        self.details = details
        self.retryAfterMilliseconds = retryAfterMilliseconds
    }
}

extension DomainRefusal: CustomStringConvertible {
    package var description: String { "\(self.code.rawValue): \(self.message)" }
}

extension DomainRefusal {
    /// No such chat, or none that the asker may know of: both read the same on purpose.
    package static let chatNotFound = DomainRefusal(.notFound, "There is no such chat.")

    package static func forbidden(_ message: String) -> DomainRefusal { DomainRefusal(.forbidden, message) }

    static func badState(_ chat: ChatView, _ message: String) -> DomainRefusal {
        DomainRefusal(.badState, message, details: [.status(chat.status)])
    }

    static func notOwner(_ chat: ChatView) -> DomainRefusal {
        DomainRefusal(
            .notOwner, "Somebody else has this chat.", details: [.owner(chat.owner, epoch: chat.epoch)])
    }

    static func conflict(_ chat: ChatView, _ message: String) -> DomainRefusal {
        DomainRefusal(.conflict, message, details: [.owner(chat.owner, epoch: chat.epoch)])
    }
}
