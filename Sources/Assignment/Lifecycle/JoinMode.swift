/// How somebody is in a chat's rooms.
package enum JoinMode: String, Sendable, Hashable, CaseIterable {
    case normal
    /// Reads along, unseen: no participant event, no typing.
    case monitor
    /// Reads along and may post publicly without owning the chat.
    case barge
}
