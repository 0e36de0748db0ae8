/// `message:new` of a note: for staff and bots only.
package struct NotePosted: Sendable, Hashable {
    package var note: NoteRow
    package var chat: ChatSummary

    package init(note: NoteRow, chat: ChatSummary) {
        self.note = note
        self.chat = chat
    }
}
