/// A queue among all workspaces.
struct QueueKey: Sendable, Hashable {
    var workspace: String
    var queue: String
}
