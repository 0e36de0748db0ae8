/// Why the schema was not brought up to date. The message says which migration and what to do.
package struct MigrationError: Error, Sendable, Equatable, CustomStringConvertible {
    package enum Code: Sendable, Equatable {
        /// The migrations of this program are not numbered 1, 2, 3, …
        case gap
        /// A migration that was applied here reads otherwise now, or has another name.
        case edited
        /// The database was migrated by a newer program.
        case newerSchema
        /// The application's role is missing, and the URL's user may not make it; or it has rights it must not have.
        case role
        /// A statement of a migration failed, or the database could not be reached.
        case failed
    }

    package var code: Code
    package var message: String

    package var description: String { self.message }
}
