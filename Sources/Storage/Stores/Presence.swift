package import Assignment

/// Presence leases: who has an open, authenticated socket.
package enum Presence {
    /// A lease about to be written.
    package struct NewLease: Sendable, Hashable {
        /// The Engine.IO session id.
        package var connectionID: String
        package var nodeID: String
        package var nodeLife: String
        package var role: Role
        package var subject: String
        package var scopes: Set<Scope>
        package var takesChats: Bool

        package init(
            connectionID: String, nodeID: String, nodeLife: String, role: Role, subject: String,
            scopes: Set<Scope> = [], takesChats: Bool = true
        ) {
            self.connectionID = connectionID
            self.nodeID = nodeID
            self.nodeLife = nodeLife
            self.role = role
            self.subject = subject
            self.scopes = scopes
            self.takesChats = takesChats
        }
    }

    /// Writes the lease of a new socket.
    ///
    /// - Returns: How many live leases the subject has with it: 1 means that they were not connected before.
    @discardableResult
    package static func insert(
        _ transaction: Transaction, _ workspace: String, _ lease: NewLease, milliseconds: Int64
    ) throws(StorageError) -> Int {
        try transaction.execute(
            """
            insert into presence_leases (
                workspace_id, connection_id, node_id, node_life, role, subject, scopes, takes_chats, expires_at)
            values ($1, $2, $3, $4, $5, $6, $7::text[], $8, clock_timestamp() + $9 * interval '1 millisecond')
            on conflict (workspace_id, connection_id) do update set
                expires_at = excluded.expires_at, scopes = excluded.scopes, takes_chats = excluded.takes_chats
            """,
            [
                .text(workspace), .text(lease.connectionID), .text(lease.nodeID), .text(lease.nodeLife),
                .text(lease.role.rawValue), .text(lease.subject), .texts(lease.scopes.map(\.rawValue).sorted()),
                .bool(lease.takesChats), .int(milliseconds),
            ])
        return try self.liveCount(transaction, workspace, role: lease.role, subject: lease.subject)
    }

    /// Renews leases of a node in every workspace of the scope, in one statement. One that somebody else holds is left for the
    /// next time: all the others must not lapse for it.
    ///
    /// - Returns: The connections whose lease was not there any more: they have to be written again.
    package static func renew(
        _ transaction: Transaction, nodeLife: String, connections: [String], milliseconds: Int64
    ) throws(StorageError) -> [String] {
        let rows = try transaction.query(
            """
            with held as materialized (
                select workspace_id, connection_id from presence_leases
                where connection_id = any ($2::text[]) and node_life = $1
                for no key update skip locked
            ), renewed as (
                update presence_leases l set expires_at = clock_timestamp() + $3 * interval '1 millisecond'
                from held where l.workspace_id = held.workspace_id and l.connection_id = held.connection_id
            )
            select c from unnest($2::text[]) c where c not in (
                select connection_id from presence_leases
                where connection_id = any ($2::text[]) and node_life = $1)
            """,
            [.text(nodeLife), .texts(connections), .int(milliseconds)])
        var lost: [String] = []
        for row in rows { lost.append(try row.text(0)) }
        return lost
    }

    /// Ends the lease of a closed socket.
    ///
    /// - Returns: How many live leases the subject still has, or nil where the lease was not there.
    package static func delete(
        _ transaction: Transaction, _ workspace: String, connection: String
    ) throws(StorageError) -> (lease: LeaseRow, remaining: Int)? {
        let rows = try transaction.query(
            "delete from presence_leases where workspace_id = $1 and connection_id = $2 returning presence_leases.*",
            [.text(workspace), .text(connection)])
        guard let row = rows.first else { return nil }
        let lease = try LeaseRow(row)
        return (lease, try self.liveCount(transaction, workspace, role: lease.role, subject: lease.subject))
    }

    /// The leases of a node's earlier lives, in every workspace of the scope.
    package static func ofEarlierLives(
        _ transaction: Transaction, nodeID: String, currentLife: String
    ) throws(StorageError) -> [LeaseRow] {
        let rows = try transaction.query(
            "select l.* from presence_leases l where node_id = $1 and node_life <> $2 order by expires_at",
            [.text(nodeID), .text(currentLife)])
        return try self.leases(rows)
    }

    /// Expired leases in every workspace of the scope: nodes that died.
    package static func expired(
        _ transaction: Transaction, limit: Int = 1000
    ) throws(StorageError) -> [LeaseRow] {
        let rows = try transaction.query(
            """
            select l.* from presence_leases l where expires_at <= statement_timestamp() order by expires_at limit $1
            """,
            [.int(limit)])
        return try self.leases(rows)
    }

    /// Ends a lease that was found to be over, unless it was renewed meanwhile.
    ///
    /// - Returns: false where it is not there as it was seen: somebody else has ended it, or it stands again.
    package static func end(_ transaction: Transaction, _ lease: LeaseRow) throws(StorageError) -> Bool {
        try transaction.execute(
            """
            delete from presence_leases
            where workspace_id = $1 and connection_id = $2 and node_life = $3 and expires_at = $4
            """,
            [
                .text(lease.workspaceID), .text(lease.connectionID), .text(lease.nodeLife),
                .timestamp(lease.expiresAt),
            ]) == 1
    }

    package static func liveCount(
        _ transaction: Transaction, _ workspace: String, role: Role, subject: String
    ) throws(StorageError) -> Int {
        let row = try transaction.one(
            """
            select count(*) from presence_leases
            where workspace_id = $1 and role = $2 and subject = $3 and expires_at > clock_timestamp()
            """,
            [.text(workspace), .text(role.rawValue), .text(subject)])
        return Int(clamping: try row.int(0))
    }

    /// Subjects of a role with a live lease.
    package static func live(
        _ transaction: Transaction, _ workspace: String, role: Role
    ) throws(StorageError) -> [String] {
        let rows = try transaction.query(
            """
            select distinct subject from presence_leases
            where workspace_id = $1 and role = $2 and expires_at > clock_timestamp() order by subject
            """,
            [.text(workspace), .text(role.rawValue)])
        var subjects: [String] = []
        for row in rows { subjects.append(try row.text(0)) }
        return subjects
    }

    private static func leases(_ rows: [Row]) throws(StorageError) -> [LeaseRow] {
        var leases: [LeaseRow] = []
        for row in rows { leases.append(try LeaseRow(row)) }
        return leases
    }
}
