/// A place in the outbox up to which somebody has read.
///
/// Rows are ordered by the transaction that wrote them, then by id, and read only up to the oldest transaction that still
/// runs: so no row can appear behind a cursor.
package struct OutboxCursor: Sendable, Hashable {
    package var transaction: Int64
    package var id: Int64

    package init(transaction: Int64, id: Int64) {
        self.transaction = transaction
        self.id = id
    }
}
