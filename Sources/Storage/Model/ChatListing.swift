/// A chat as it appears in somebody's list.
package struct ChatListing: Sendable, Hashable {
    package var chat: ChatRow
    package var visitorName: String?
    /// How far the asker has read; 0 if they have not.
    package var readSeq: Int64

    /// Reads `visitor name, read_seq, clock_timestamp(), chats.*`.
    init(_ row: Row) throws(StorageError) {
        self.visitorName = try row.optionalText(0)
        self.readSeq = try row.int(1)
        self.chat = try ChatRow(row, at: 2)
    }
}
