/// Which part of a chat's messages or notes a page begins with. Pages are ascending.
package enum PageRange: Sendable, Hashable {
    /// The newest ones; more means older.
    case newest
    /// The next ones after a number; more means newer.
    case after(Int64)
    /// The last ones before a number; more means older.
    case before(Int64)
}
