package import Assignment

/// One row of a result. Columns are read by position, from 0; a wrong type or an unexpected NULL is our own bug and
/// throws.
///
/// A row belongs to its transaction's thread: read what is needed and return values of our own.
package struct Row {
    let result: ResultSet
    let index: Int32

    /// Any column in PostgreSQL's text form: `text`, `uuid` (lower case, canonical), `jsonb`, enums, numbers.
    package func text(_ column: Int) throws(StorageError) -> String {
        try self.required(self.optionalText(column), column)
    }

    package func optionalText(_ column: Int) throws(StorageError) -> String? {
        try self.result.value(row: self.index, column: column).map { String(decoding: $0, as: UTF8.self) }
    }

    package func int(_ column: Int) throws(StorageError) -> Int64 {
        try self.required(self.optionalInt(column), column)
    }

    package func optionalInt(_ column: Int) throws(StorageError) -> Int64? {
        guard let text = try self.optionalText(column) else { return nil }
        return try self.required(Int64(text), column)
    }

    /// A `double precision`, `real` or `numeric` column; the latter is rounded.
    package func double(_ column: Int) throws(StorageError) -> Double {
        try self.required(self.optionalDouble(column), column)
    }

    package func optionalDouble(_ column: Int) throws(StorageError) -> Double? {
        guard let text = try self.optionalText(column) else { return nil }
        return try self.required(Double(text), column)
    }

    package func bool(_ column: Int) throws(StorageError) -> Bool {
        try self.required(self.optionalBool(column), column)
    }

    package func optionalBool(_ column: Int) throws(StorageError) -> Bool? {
        guard let bytes = try self.result.value(row: self.index, column: column) else { return nil }
        switch bytes.first {
        case UInt8(ascii: "t") where bytes.count == 1: return true
        case UInt8(ascii: "f") where bytes.count == 1: return false
        default: throw self.mismatch(column)
        }
    }

    /// A `bytea` column.
    package func bytes(_ column: Int) throws(StorageError) -> [UInt8] {
        try self.required(self.optionalBytes(column), column)
    }

    package func optionalBytes(_ column: Int) throws(StorageError) -> [UInt8]? {
        guard let text = try self.result.value(row: self.index, column: column) else { return nil }
        return try self.required(TextForm.bytes(text), column)
    }

    /// A `text[]` column; an element that is NULL throws.
    package func texts(_ column: Int) throws(StorageError) -> [String] {
        let text = try self.required(self.result.value(row: self.index, column: column), column)
        return try self.required(TextForm.array(text), column)
    }

    /// A `bigint[]` (or any integer array) column.
    package func ints(_ column: Int) throws(StorageError) -> [Int64] {
        var values: [Int64] = []
        for element in try self.texts(column) {
            values.append(try self.required(Int64(element), column))
        }
        return values
    }

    /// A `timestamptz` column.
    package func timestamp(_ column: Int) throws(StorageError) -> Timestamp {
        try self.required(self.optionalTimestamp(column), column)
    }

    package func optionalTimestamp(_ column: Int) throws(StorageError) -> Timestamp? {
        guard let text = try self.result.value(row: self.index, column: column) else { return nil }
        return try self.required(TextForm.timestamp(text), column)
    }

    package func isNull(_ column: Int) throws(StorageError) -> Bool {
        try self.result.value(row: self.index, column: column) == nil
    }

    private func required<Value>(_ value: Value?, _ column: Int) throws(StorageError) -> Value {
        guard let value else { throw self.mismatch(column) }
        return value
    }

    private func mismatch(_ column: Int) -> StorageError {
        .unexpected("column \(column) is NULL or of another type than the reader expects")
    }
}
