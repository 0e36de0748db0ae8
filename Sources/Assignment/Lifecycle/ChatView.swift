/// What a decision needs to know of a chat; read under the chat's row lock.
package struct ChatView: Sendable, Hashable {
    package var visitorID: String
    package var status: ChatStatus
    /// The bot or person who has the chat; `nil` while it waits, is offered or is over.
    package var owner: ChatOwner?
    /// The commercial to whom the chat is offered, while it is `offered`.
    package var offeredTo: String?
    /// +1 at every change of owner: the fencing token.
    package var epoch: Int64
    package var queue: String
    /// When it ended, for a closed chat.
    package var closedAt: Timestamp?

    package init(
        visitorID: String, status: ChatStatus, owner: ChatOwner? = nil, offeredTo: String? = nil, epoch: Int64,
        queue: String, closedAt: Timestamp? = nil
    ) {
        self.visitorID = visitorID
        self.status = status
        self.owner = owner
        self.offeredTo = offeredTo
        self.epoch = epoch
        self.queue = queue
        self.closedAt = closedAt
    }
}
