package import Assignment

/// `message:receipt`: a reader has read up to `readSeq`.
package struct MessageRead: Sendable, Hashable, Codable {
    package var reader: Participant
    package var readSeq: Int64
    package var at: Timestamp
    /// Whether the visitor is not told, because the reader only reads along; nil, as in older rows, is no.
    package var isForStaff: Bool?

    package init(reader: Participant, readSeq: Int64, at: Timestamp, isForStaff: Bool? = nil) {
        self.reader = reader
        self.readSeq = readSeq
        self.at = at
        self.isForStaff = isForStaff
    }
}
