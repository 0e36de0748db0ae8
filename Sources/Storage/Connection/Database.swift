package import Assignment

// Seam, agreed before the insides exist: stores and use cases are written against these signatures.

/// One row of a result. Columns are read by position; a wrong type or an unexpected NULL is our own bug and throws.
package struct Row {
    package func text(_ column: Int) throws(StorageError) -> String { fatalError("seam") }
    package func optionalText(_ column: Int) throws(StorageError) -> String? { fatalError("seam") }
    package func int(_ column: Int) throws(StorageError) -> Int64 { fatalError("seam") }
    package func optionalInt(_ column: Int) throws(StorageError) -> Int64? { fatalError("seam") }
    package func double(_ column: Int) throws(StorageError) -> Double { fatalError("seam") }
    package func bool(_ column: Int) throws(StorageError) -> Bool { fatalError("seam") }
    package func bytes(_ column: Int) throws(StorageError) -> [UInt8] { fatalError("seam") }
    package func texts(_ column: Int) throws(StorageError) -> [String] { fatalError("seam") }
    package func timestamp(_ column: Int) throws(StorageError) -> Timestamp { fatalError("seam") }
    package func optionalTimestamp(_ column: Int) throws(StorageError) -> Timestamp? { fatalError("seam") }
}

/// A transaction in progress, confined to its connection's own thread. Not Sendable on purpose.
package final class Transaction {
    /// Runs one statement and returns all rows.
    @discardableResult
    package func query(_ sql: StaticString, _ parameters: [SQLValue] = []) throws(StorageError) -> [Row] {
        fatalError("seam")
    }

    /// Runs one statement and returns the number of rows it changed.
    @discardableResult
    package func execute(_ sql: StaticString, _ parameters: [SQLValue] = []) throws(StorageError) -> Int {
        fatalError("seam")
    }
}

/// Which rows a transaction may see: the row-level security context.
package enum WorkspaceScope: Sendable {
    case workspace(String)
    case workspaces([String])
    /// No workspace: sees only what a presented credential hash or the workspace directory opens.
    case none
}

/// The pool. Each connection has a thread of its own; bodies run there, synchronously, inside one transaction.
package final class Database: Sendable {
    /// Runs `body` in one transaction on a pooled connection and returns after COMMIT.
    ///
    /// Errors thrown by `body` that are not `StorageError` roll back and are rethrown as they are.
    /// 40001 and 40P01 are retried a bounded number of times, so `body` may run more than once.
    package func transaction<Value: Sendable>(
        _ scope: WorkspaceScope,
        _ body: @escaping @Sendable (Transaction) throws -> Value
    ) async throws -> Value {
        fatalError("seam")
    }
}
