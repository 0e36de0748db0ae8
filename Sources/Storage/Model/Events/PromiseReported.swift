package import Assignment

/// `sla:warning` or `sla:breached`: a promise to a visitor runs out, or was not kept. Once each per promise.
package struct PromiseReported: Sendable, Hashable, Codable {
    package var isBreach: Bool
    package var kind: Promise.Kind
    package var policy: String
    package var startedAt: Timestamp
    package var dueAt: Timestamp
    package var version: Int64
    package var chat: ChatSummary

    package init(_ clock: SLAClockRow, isBreach: Bool, dueAt: Timestamp, chat: ChatRow) {
        self.isBreach = isBreach
        self.kind = clock.kind
        self.policy = clock.policy
        self.startedAt = clock.startedAt
        self.dueAt = dueAt
        self.version = chat.version
        self.chat = ChatSummary(chat)
    }
}
