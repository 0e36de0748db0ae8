extension Database {
    /// What a pool is made of. The defaults are those of a gateway node.
    package struct Configuration: Sendable {
        /// Where to connect; usually the owner of the tables, who may take on `role`.
        package var url: DatabaseURL
        /// Connections, each with a thread of its own; 8 to 16 a node.
        package var size = 8
        /// The role that every connection takes on, for which row-level security is in force. `nil` keeps the URL's
        /// user: for migrations and tests only.
        package var role: String? = Database.applicationRole
        /// The run of the node that writes, for its events; nil for tools.
        package var node: String?
        /// After which silence somebody looks at a chat whose queue does not say.
        package var silences = Silences()
        /// The queues before the pool.
        package var lanes = LaneLimits.defaults
        package var statementTimeout: Duration = .seconds(2)
        package var lockTimeout: Duration = .milliseconds(500)
        package var idleInTransactionTimeout: Duration = .seconds(5)
        /// How long one connection attempt may take.
        package var connectTimeout: Duration = .seconds(3)
        /// How much longer than `statementTimeout` the client waits for a server that answers nothing at all.
        package var responseGrace: Duration = .seconds(3)
        /// For ``MessageWriter``, whose connections run one statement.
        var hasFixedPlans = false
        /// How often a transaction that ended in 40001 or 40P01 runs altogether.
        package var attempts = 4

        package init(url: DatabaseURL) {
            self.url = url
        }

        var session: SessionSettings {
            SessionSettings(
                role: self.role, node: self.node, silences: self.silences, statementTimeout: self.statementTimeout,
                lockTimeout: self.lockTimeout,
                idleInTransactionTimeout: self.idleInTransactionTimeout, hasFixedPlans: self.hasFixedPlans
            )
        }

        var patience: PostgresConnection.Patience {
            PostgresConnection.Patience(
                connect: self.connectTimeout, response: self.statementTimeout + self.responseGrace
            )
        }
    }

    /// Silences in milliseconds, as the schema's triggers read them; 0 is for ever.
    package struct Silences: Sendable, Hashable {
        /// Of a chat that a person has, in which the visitor waits for nothing.
        package var autoCloseMilliseconds: Int64
        /// The same of a bot's chat.
        package var botAutoCloseMilliseconds: Int64
        /// Of a visitor who left the line.
        package var abandonMilliseconds: Int64

        package init(
            autoCloseMilliseconds: Int64 = 0, botAutoCloseMilliseconds: Int64 = 0, abandonMilliseconds: Int64 = 0
        ) {
            self.autoCloseMilliseconds = autoCloseMilliseconds
            self.botAutoCloseMilliseconds = botAutoCloseMilliseconds
            self.abandonMilliseconds = abandonMilliseconds
        }
    }

    /// The role of every pooled connection: rows only, no tables, bound by row-level security.
    package static let applicationRole = "puente_app"
}
