/// Which rows a transaction may see: the row-level security context.
package enum WorkspaceScope: Sendable, Equatable {
    case workspace(String)
    case workspaces([String])
    /// No workspace: sees only what a presented credential hash or the workspace directory opens.
    case none

    /// The value of `app.workspaces`, which the policies read; `nil` leaves it unset.
    var setting: SQLValue? {
        switch self {
        case .workspace(let id): .texts([id])
        case .workspaces(let ids): .texts(ids)
        case .none: nil
        }
    }
}
