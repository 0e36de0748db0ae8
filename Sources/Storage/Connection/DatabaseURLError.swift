/// A `--database-url` that cannot be used. The message never quotes the URL, which may hold a password.
package struct DatabaseURLError: Error, Sendable, Equatable, CustomStringConvertible {
    package var message: String
    package var description: String { self.message }
}
