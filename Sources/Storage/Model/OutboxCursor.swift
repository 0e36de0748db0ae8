/// What somebody has read of the outbox.
///
/// Ids and transaction ids are handed out before commit, so neither tells what is new. A snapshot does: new is what the
/// last reader could not see and this one can, whichever transaction wrote it and however long that took.
package struct OutboxCursor: Sendable, Hashable {
    /// The snapshot (`pg_snapshot`) under which everything visible has been read.
    var seen: String
    /// Within what has become visible since, while there are more pages of it.
    var unfinished: Unfinished?

    struct Unfinished: Sendable, Hashable {
        /// The snapshot up to which these pages go.
        var upTo: String
        var lastID: Int64
    }

    /// Whether the last page was full, so that the next one can be read at once.
    package var hasMore: Bool { self.unfinished != nil }
}
