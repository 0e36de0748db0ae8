/// Why a database operation did not happen, or may not have happened.
package struct StorageError: Error, Sendable, Equatable, CustomStringConvertible {
    package enum Code: Sendable, Equatable {
        /// PostgreSQL cannot be reached, the pool is exhausted, a timeout fired, or the disk is full:
        /// the effect is unknown or absent, and the caller answers `unavailable`.
        case unavailable
        /// A constraint refused the row; `constraint` names it.
        case constraint
        /// 40001 or 40P01 that persisted through the bounded retries.
        case contention
        /// Anything else: our own bug.
        case unexpected
    }

    package var code: Code
    /// The five characters that PostgreSQL sent, if it was PostgreSQL that refused.
    package var sqlState: String?
    package var constraint: String?
    /// Safe to log: never holds a value that a user sent.
    package var message: String

    package init(code: Code, sqlState: String? = nil, constraint: String? = nil, message: String) {
        self.code = code
        self.sqlState = sqlState
        self.constraint = constraint
        self.message = message
    }

    package var description: String {
        "\(self.code) [\(self.sqlState ?? "-")] \(self.message)"
    }
}

extension StorageError {
    /// The error for a SQLSTATE (PostgreSQL documentation, Appendix A).
    ///
    /// `message` is PostgreSQL's primary message. That of a data exception (class 22) quotes the value that was
    /// refused, so it is replaced.
    init(sqlState: String, constraint: String?, message: String) {
        let message = sqlState.hasPrefix("22") ? "data exception" : message
        self.init(
            code: Self.code(sqlState: sqlState), sqlState: sqlState, constraint: constraint, message: message
        )
    }

    static func code(sqlState: String) -> Code {
        switch sqlState {
        case "40001", "40P01":
            .contention
        // Timeouts of ours, a server that ends or starts, one that is read-only: it may work again later.
        case "57014", "55P03", "25P03", "25P04", "57P01", "57P02", "57P03", "57P05", "25006":
            .unavailable
        default:
            switch sqlState.prefix(2) {
            case "23": .constraint
            // Connection exceptions; out of disk, memory or connections; input/output errors.
            case "08", "53", "58": .unavailable
            default: .unexpected
            }
        }
    }

    static func unavailable(_ message: String) -> StorageError {
        StorageError(code: .unavailable, message: message)
    }

    package static func unexpected(_ message: String) -> StorageError {
        StorageError(code: .unexpected, message: message)
    }
}
