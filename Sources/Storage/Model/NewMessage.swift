package import Assignment

/// A public message or note about to be written: judged, authorised, with the sender that the credential gave.
package struct NewMessage: Sendable, Hashable {
    package var sender: Participant
    package var type: MessageType
    package var content: String
    package var clientMessageID: String?
    /// A canonical id.
    package var replyTo: String?
    /// The visitor's message that a bot answers; not for notes.
    package var inReplyToSeq: Int64?
    package var metadata: JSONText
    /// The stream whose end this is; not for notes.
    package var streamID: String?

    package init(
        sender: Participant, type: MessageType, content: String, clientMessageID: String? = nil,
        replyTo: String? = nil, inReplyToSeq: Int64? = nil, metadata: JSONText = .emptyObject, streamID: String? = nil
    ) {
        self.sender = sender
        self.type = type
        self.content = content
        self.clientMessageID = clientMessageID
        self.replyTo = replyTo
        self.inReplyToSeq = inReplyToSeq
        self.metadata = metadata
        self.streamID = streamID
    }
}
