/// What a client id that a sender used before leads to.
package enum Duplicate: Sendable, Hashable {
    /// The same body: answer with what is stored.
    case same(StoredMessage)
    /// Another body under the same id.
    case conflict(StoredMessage)
}
