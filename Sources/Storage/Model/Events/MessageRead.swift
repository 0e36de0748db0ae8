package import Assignment

/// `message:receipt`: a reader has read up to `readSeq`.
package struct MessageRead: Sendable, Hashable, Codable {
    package var reader: Participant
    package var readSeq: Int64
    package var at: Timestamp

    package init(reader: Participant, readSeq: Int64, at: Timestamp) {
        self.reader = reader
        self.readSeq = readSeq
        self.at = at
    }
}
