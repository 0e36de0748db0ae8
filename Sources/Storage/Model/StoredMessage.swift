/// What a send left behind: a public message or a note.
package enum StoredMessage: Sendable, Hashable {
    case message(MessageRow)
    case note(NoteRow)
}
