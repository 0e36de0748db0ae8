/// `message:new` of a public message.
package struct MessagePosted: Sendable, Hashable {
    package var message: MessageRow
    package var chat: ChatSummary

    package init(message: MessageRow, chat: ChatSummary) {
        self.message = message
        self.chat = chat
    }
}
