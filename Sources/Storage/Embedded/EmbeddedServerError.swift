/// Why the private PostgreSQL could not be started or used. The message is for the operator, and says what to do.
package struct EmbeddedServerError: Error, Sendable, Equatable, CustomStringConvertible {
    package enum Code: Sendable, Equatable {
        /// No PostgreSQL server of version 15 or newer is installed.
        case notInstalled
        /// The data directory was made by a PostgreSQL that is not installed (any more).
        case versionMismatch
        /// Another gateway uses the data directory.
        case inUse
        /// The data directory cannot be read or written, or belongs to somebody else.
        case notAccessible
        /// PostgreSQL refuses to run as root, and there is no user to run it as.
        case noServerUser
        /// `initdb` or the server itself failed; the message holds its last words.
        case startFailed
    }

    package var code: Code
    package var message: String

    package var description: String { self.message }
}
