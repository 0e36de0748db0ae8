/// A statement with its parameters that is not run yet, to travel with others (``Transaction/together(_:)``).
package struct Query {
    let statement: Statement

    package init(_ sql: StaticString, _ parameters: [SQLValue] = []) {
        self.statement = Statement(sql: sql, parameters: parameters)
    }
}

/// A transaction in progress, confined to its connection's own thread. Not Sendable on purpose.
///
/// BEGIN and the row-level security context travel with the first statement, so that a transaction of n statements
/// costs n + 1 round trips. After a statement has failed every further one throws the same error, and the transaction
/// is rolled back even if its body returns.
package final class Transaction {
    private let connection: PostgresConnection
    /// What still has to be sent before the first statement.
    private var opening: [Statement]
    private var hasBegun = false
    private var failure: StorageError?
    private var isEnded = false

    init(on connection: PostgresConnection, scope: WorkspaceScope) {
        self.connection = connection
        self.opening = [.begin]
        if let setting = scope.setting {
            self.opening.append(
                Statement(sql: "select set_config('app.workspaces', $1::text[]::text, true)", parameters: [setting])
            )
        }
    }

    /// Whether a statement has failed, so that nothing of it all will last.
    var hasFailed: Bool { self.failure != nil }

    /// Runs one statement and returns all rows.
    @discardableResult
    package func query(_ sql: StaticString, _ parameters: [SQLValue] = []) throws(StorageError) -> [Row] {
        try self.run(Statement(sql: sql, parameters: parameters))?.rows ?? []
    }

    /// Runs one statement and returns the number of rows it changed.
    @discardableResult
    package func execute(_ sql: StaticString, _ parameters: [SQLValue] = []) throws(StorageError) -> Int {
        try self.run(Statement(sql: sql, parameters: parameters))?.affectedRows ?? 0
    }

    /// Runs statements one after the other in one round trip, each seeing what was committed before it began.
    ///
    /// - Returns: The rows of each.
    package func together(_ queries: [Query]) throws(StorageError) -> [[Row]] {
        try self.run(queries.map(\.statement)).map(\.rows)
    }

    private func run(_ statement: Statement) throws(StorageError) -> ResultSet? {
        try self.run([statement]).last
    }

    private func run(_ statements: [Statement]) throws(StorageError) -> ArraySlice<ResultSet> {
        guard !self.isEnded else { throw .unexpected("a statement after the end of its transaction") }
        if let failure = self.failure { throw failure }
        let batch = self.opening + statements
        self.opening = []
        self.hasBegun = true
        do {
            return try self.connection.run(batch).suffix(statements.count)
        } catch {
            self.failure = error
            throw error
        }
    }

    /// Commits, or throws what an earlier statement threw.
    ///
    /// When the connection is lost during COMMIT the outcome is unknown, which `unavailable` says: the caller's client
    /// repeats what it asked for, and finds it done or not.
    func commit() throws(StorageError) {
        if let failure = self.failure { throw failure }
        self.isEnded = true
        guard self.hasBegun else { return }
        let result = try self.connection.run([.commit]).last
        guard result?.commandTag == "COMMIT" else {
            throw .unexpected("COMMIT was answered by \(result?.commandTag ?? "nothing")")
        }
    }

    /// Rolls back whatever is open. Cannot fail: a connection on which it does is given up, and the server rolls back.
    func rollBack() {
        self.isEnded = true
        guard self.hasBegun, self.connection.isUsable, !self.connection.isIdle else { return }
        _ = try? self.connection.run([.rollback])
    }
}
