package import Assignment

/// A public message that changes nothing but the numbers of its chat, as far as its sender and its words tell.
///
/// Whether the chat is as it has to be for that, only the statement that stores it can say, under the chat's row lock:
/// ``PlainOutcome``. A plain message replies to none, ends no stream and comes from the chat's visitor or owner.
package struct PlainMessage: Sendable, Hashable {
    package var workspaceID: String
    /// A canonical id.
    package var chatID: String
    package var message: NewMessage
    /// The owner's epoch where one was stated; it is at least 1.
    package var epoch: Int64?
    /// What a visitor's words do to their mood, from -1 to 1; 0 for everybody else.
    package var polarity: Double
    /// The language that a visitor's words tell beyond doubt; it may be news of the chat, and then they are not plain.
    package var language: SentimentLanguage?
    /// Whether the words, written to a bot, can only be judged with those before them.
    package var needsHistory: Bool
    /// Whether the sender named the chat. Else their client ids count in all their chats.
    package var namesChat: Bool
    /// How long the owning bot has for its answer.
    package var answerTimeoutMilliseconds: Int64

    package init(
        workspaceID: String, chatID: String, message: NewMessage, epoch: Int64? = nil, polarity: Double = 0,
        language: SentimentLanguage? = nil, needsHistory: Bool = false, namesChat: Bool = true,
        answerTimeoutMilliseconds: Int64 = 0
    ) {
        self.workspaceID = workspaceID
        self.chatID = chatID
        self.message = message
        self.epoch = epoch
        self.polarity = polarity
        self.language = language
        self.needsHistory = needsHistory
        self.namesChat = namesChat
        self.answerTimeoutMilliseconds = answerTimeoutMilliseconds
    }

    /// About what it occupies while it waits.
    var size: Int {
        512 + self.message.content.utf8.count + self.message.metadata.text.utf8.count
    }

    /// What a batch holds in one chat at most once.
    struct ClientID: Hashable {
        var chat: ChatID
        var role: Role
        var sender: String
        var id: String
    }

    struct ChatID: Hashable {
        var workspace: String
        var chat: String
    }

    var chat: ChatID { ChatID(workspace: self.workspaceID, chat: self.chatID) }

    var clientID: ClientID? {
        self.message.clientMessageID.map {
            ClientID(chat: self.chat, role: self.message.sender.role, sender: self.message.sender.id, id: $0)
        }
    }
}

/// What became of a plain message.
package enum PlainOutcome: Sendable {
    /// Committed; the event is the relay's.
    case stored(DomainEvent)
    /// The sender stored the same before, under this client id. `chatEventNo` is the chat's last event by now.
    case duplicate(messageID: String, seq: Int64, at: Timestamp, chatEventNo: Int64)
    /// The sender's client id stands for another message.
    case conflict
    /// Nothing happened: the message has to go its own way, which finds out what it amounts to.
    case notPlain
    /// Nothing happened, or nobody knows whether it did.
    case failed(StorageError)
}
