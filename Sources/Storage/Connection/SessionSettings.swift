/// What every session of ours relies on, set in one round trip after connecting.
struct SessionSettings: Sendable {
    /// The role that the session takes on, `nil` for the URL's own user.
    var role: String?
    /// The run of the node, which events carry; empty for anybody else.
    var node: String?
    /// After which silence the gateway looks at a chat.
    var silences = Database.Silences()
    var statementTimeout: Duration
    var lockTimeout: Duration
    var idleInTransactionTimeout: Duration
    /// For connections that run one statement with arrays of any length all day: its plan is made once, by index, and is
    /// as good for a table of a million rows as for the empty one that it was made for.
    var hasFixedPlans = false

    func apply(to connection: PostgresConnection) throws(StorageError) {
        var statements = [
            // The readers of text forms count on the first three.
            Statement(
                sql: """
                    select set_config('datestyle', 'ISO, YMD', false), set_config('timezone', 'UTC', false),
                        set_config('bytea_output', 'hex', false),
                        set_config('default_transaction_isolation', 'read committed', false),
                        set_config('search_path', 'public', false),
                        set_config('statement_timeout', $1::text, false),
                        set_config('lock_timeout', $2::text, false),
                        set_config('idle_in_transaction_session_timeout', $3::text, false),
                        set_config('app.node', $4::text, false), set_config('app.auto_close_ms', $5::text, false),
                        set_config('app.bot_auto_close_ms', $6::text, false),
                        set_config('app.abandon_ms', $7::text, false)
                    """,
                parameters: [
                    Self.milliseconds(self.statementTimeout), Self.milliseconds(self.lockTimeout),
                    Self.milliseconds(self.idleInTransactionTimeout), .text(self.node ?? ""),
                    .text("\(self.silences.autoCloseMilliseconds)"),
                    .text("\(self.silences.botAutoCloseMilliseconds)"), .text("\(self.silences.abandonMilliseconds)"),
                ]
            )
        ]
        if let role = self.role {
            statements.append(Statement(sql: "select set_config('role', $1::text, false)", parameters: [.text(role)]))
        }
        if self.hasFixedPlans {
            statements.append(
                Statement(
                    sql: """
                        select set_config('plan_cache_mode', 'force_generic_plan', false),
                            set_config('enable_seqscan', 'off', false), set_config('enable_bitmapscan', 'off', false),
                            set_config('enable_hashjoin', 'off', false), set_config('enable_mergejoin', 'off', false),
                            set_config('jit', 'off', false)
                        """))
        }
        _ = try connection.run(statements)
    }

    private static func milliseconds(_ duration: Duration) -> SQLValue {
        let (seconds, attoseconds) = duration.components
        return .text("\(seconds * 1000 + attoseconds / 1_000_000_000_000_000)ms")
    }
}
