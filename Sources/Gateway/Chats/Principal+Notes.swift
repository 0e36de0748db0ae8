internal import Assignment
internal import Storage

extension Principal {
    /// Which of a chat's notes they read; a visitor none, which is judged before anybody asks this.
    var notes: Notes.Reader {
        switch self.role {
        case .supervisor, .admin: .supervisor
        case .commercial: .person(self.subject)
        case .visitor, .ai, .system: .others
        }
    }
}
