/// `message:new` of a note: for staff and bots only.
package struct NotePosted: Sendable, Hashable {
    package var note: NoteRow
    package var chat: ChatSummary
}
