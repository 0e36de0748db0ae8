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
        /// The queues before the pool.
        package var lanes = LaneLimits.defaults
        package var statementTimeout: Duration = .seconds(2)
        package var lockTimeout: Duration = .milliseconds(500)
        package var idleInTransactionTimeout: Duration = .seconds(5)
        /// How long one connection attempt may take.
        package var connectTimeout: Duration = .seconds(3)
        /// How much longer than `statementTimeout` the client waits for a server that answers nothing at all.
        package var responseGrace: Duration = .seconds(3)
        /// How often a transaction that ended in 40001 or 40P01 runs altogether.
        package var attempts = 4

        package init(url: DatabaseURL) {
            self.url = url
        }

        var session: SessionSettings {
            SessionSettings(
                role: self.role, node: self.node, statementTimeout: self.statementTimeout,
                lockTimeout: self.lockTimeout,
                idleInTransactionTimeout: self.idleInTransactionTimeout
            )
        }

        var patience: PostgresConnection.Patience {
            PostgresConnection.Patience(
                connect: self.connectTimeout, response: self.statementTimeout + self.responseGrace
            )
        }
    }

    /// The role of every pooled connection: rows only, no tables, bound by row-level security.
    package static let applicationRole = "puente_app"
}
