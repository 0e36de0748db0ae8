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
    /// What travels with whatever is sent next, and who reads its rows.
    private var postponed: [(statement: Statement, take: ([Row]) throws(StorageError) -> Void)] = []
    private var hasBegun = false
    private var failure: StorageError?
    private var isEnded = false
    private var isCommitted = false

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

    /// Has a statement travel with whatever is sent next, in front of it: with COMMIT at the latest. For what nothing else in
    /// the transaction depends on: it saves a round trip, during which the transaction would keep its locks.
    ///
    /// - Parameter take: reads its rows, before the caller hears of what was sent with it.
    package func postpone(
        _ query: Query, _ take: @escaping ([Row]) throws(StorageError) -> Void
    ) throws(StorageError) {
        guard !self.isEnded else { throw .unexpected("a statement after the end of its transaction") }
        if let failure = self.failure { throw failure }
        self.postponed.append((query.statement, take))
    }

    private func run(_ statement: Statement) throws(StorageError) -> ResultSet? {
        try self.run([statement]).last
    }

    private func run(_ statements: [Statement]) throws(StorageError) -> ArraySlice<ResultSet> {
        guard !self.isEnded else { throw .unexpected("a statement after the end of its transaction") }
        if let failure = self.failure { throw failure }
        return try self.send(statements)
    }

    /// Sends what has to go first, what was postponed, and these; in one round trip.
    private func send(_ statements: [Statement]) throws(StorageError) -> ArraySlice<ResultSet> {
        let (opening, postponed) = (self.opening, self.postponed)
        (self.opening, self.postponed) = ([], [])
        self.hasBegun = true
        do {
            let results = try self.connection.run(opening + postponed.map(\.statement) + statements)
            for (result, earlier) in zip(results.dropFirst(opening.count), postponed) { try earlier.take(result.rows) }
            return results.suffix(statements.count)
        } catch {
            self.failure = error
            throw error
        }
    }

    /// Commits, or throws what an earlier statement threw. A body whose value depends on what was postponed commits itself;
    /// every other transaction is committed behind its body.
    ///
    /// When the connection is lost during COMMIT the outcome is unknown, which `unavailable` says: the caller's client
    /// repeats what it asked for, and finds it done or not.
    package func commit() throws(StorageError) {
        guard !self.isCommitted else { return }
        if let failure = self.failure { throw failure }
        self.isEnded = true
        self.isCommitted = true
        guard self.hasBegun || !self.postponed.isEmpty else { return }
        let result = try self.send([.commit]).last
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
