package import Assignment

/// A statement parameter. Everything reaches PostgreSQL as a bound parameter; no text is ever spliced into SQL.
package enum SQLValue: Sendable, Equatable {
    case null
    /// Sent without a type, so that PostgreSQL infers it: the same value fits `text`, `uuid` and `jsonb` columns.
    /// Where nothing tells the type (`select $1`, `jsonb_build_object`), write a cast. U+0000 is refused.
    case text(String)
    /// Sent as `bigint`.
    case int(Int64)
    /// Sent as `double precision`.
    case double(Double)
    /// Sent as `boolean`.
    case bool(Bool)
    /// Sent as `bytea`.
    case bytes([UInt8])
    /// Sent as `text[]`; for another type of element write a cast (`$1::uuid[]`).
    case texts([String])
    /// Sent as `text[]`, with NULL for nil.
    case optionalTexts([String?])
    /// Sent as `bigint[]`.
    case ints([Int64])
    /// Sent as `timestamptz`.
    case timestamp(Timestamp)

    package static func text(_ value: String?) -> SQLValue { value.map { .text($0) } ?? .null }
    package static func int(_ value: Int) -> SQLValue { .int(Int64(value)) }
    package static func int(_ value: Int64?) -> SQLValue { value.map { .int($0) } ?? .null }
    package static func timestamp(_ value: Timestamp?) -> SQLValue { value.map { .timestamp($0) } ?? .null }
}
