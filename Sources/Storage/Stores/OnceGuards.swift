/// "At most one per key and period": of any number at once, one gets the key.
enum OnceGuards {
    /// Takes `key` for `milliseconds` unless somebody holds it.
    ///
    /// - Parameter holder: What the key shall stand for, a canonical id.
    /// - Returns: nil where `holder` has it now, else who holds it.
    static func take(
        _ transaction: Transaction, _ workspace: String, key: String, holder: String, milliseconds: Int64
    ) throws(StorageError) -> String? {
        let taken = try transaction.execute(
            """
            insert into once_guards as g (workspace_id, key, holder, until)
            values ($1, $2, $3::uuid, clock_timestamp() + $4 * interval '1 millisecond')
            on conflict (workspace_id, key) do update set holder = excluded.holder, until = excluded.until
            where g.until <= clock_timestamp()
            """,
            [.text(workspace), .text(key), .text(holder), .int(milliseconds)])
        if taken > 0 { return nil }
        return try transaction.one(
            "select holder from once_guards where workspace_id = $1 and key = $2", [.text(workspace), .text(key)]
        ).text(0)
    }

    /// Removes keys that nobody holds any more, in every workspace of the scope.
    static func prune(_ transaction: Transaction) throws(StorageError) {
        try transaction.execute("delete from once_guards where until <= statement_timestamp()")
    }

    /// An id for a row that a key shall stand for before the row exists.
    static func newID(_ transaction: Transaction) throws(StorageError) -> String {
        try transaction.one("select gen_random_uuid()").text(0)
    }
}
