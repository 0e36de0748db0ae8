package import Assignment

/// Something that happened, as it was written to the outbox in the transaction that made it happen.
///
/// Bodies hold the full form; who sees how much of it is decided where events become wire forms.
package struct DomainEvent: Sendable, Hashable {
    package var workspaceID: String
    package var outboxID: Int64
    /// The chat that it belongs to; with it comes `eventNo`.
    package var chatID: String?
    /// 1, 2, 3, … per chat without gaps.
    package var eventNo: Int64?
    package var at: Timestamp
    package var body: Body
    /// The run of the node that wrote it, where it was read from the outbox and a node wrote it.
    package var node: String?

    /// One case per kind. `messagePosted` and `notePosted` are stored as references to their rows, all others as JSON.
    package enum Body: Sendable, Hashable {
        case chatCreated(ChatCreated)
        case messagePosted(MessagePosted)
        case notePosted(NotePosted)
        case chatAssigned(ChatAssigned)
        case chatOffered(ChatOffered)
        case offerEnded(OfferEnded)
        case chatUpdated(ChatUpdated)
        case chatQueued(ChatQueued)
        case moodChanged(MoodChanged)
        case chatWrappedUp(ChatWrappedUp)
        case satisfactionRequested(SatisfactionRequested)
        case promiseReported(PromiseReported)
        case visitorIdentified(VisitorIdentified)
        case turnBegan(TurnBegan)
        case chatClosed(ChatClosed)
        case chatReopened(ChatReopened)
        case participantChanged(ParticipantChanged)
        case messageRead(MessageRead)
        case commercialStatusChanged(CommercialStatusChanged)
        case visitorOnline(VisitorOnline)
        case visitorOffline(VisitorOffline)
        case notificationRaised(NotificationRaised)
        case flowTriggered(FlowTriggered)
    }
}
