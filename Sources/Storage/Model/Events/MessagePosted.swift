/// `message:new` of a public message.
package struct MessagePosted: Sendable, Hashable {
    package var message: MessageRow
    package var chat: ChatSummary
}
