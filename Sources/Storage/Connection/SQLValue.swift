package import Assignment

/// A statement parameter. Everything reaches PostgreSQL as a bound parameter; no text is ever spliced into SQL.
package enum SQLValue: Sendable, Equatable {
    case null
    case text(String)
    case int(Int64)
    case double(Double)
    case bool(Bool)
    case bytes([UInt8])
    /// Sent as `text[]`.
    case texts([String])
    /// Sent as `bigint[]`.
    case ints([Int64])
    /// Sent as `timestamptz`.
    case timestamp(Timestamp)

    package static func text(_ value: String?) -> SQLValue { value.map { .text($0) } ?? .null }
    package static func int(_ value: Int) -> SQLValue { .int(Int64(value)) }
}

/// Why a database operation did not happen, or may not have happened.
package struct StorageError: Error, Sendable, CustomStringConvertible {
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
    package var sqlState: String?
    package var constraint: String?
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
