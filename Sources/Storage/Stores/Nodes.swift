/// The word that nodes pass to each other: there is something new in the outbox. It carries nothing else, and may be
/// lost: the outbox is the truth.
package enum Nodes {
    /// Whether another node listens: whether saying anything is of use.
    ///
    /// - Parameter node: The run of this node.
    package static func othersListen(_ transaction: Transaction, node: String) throws(StorageError) -> Bool {
        try transaction.one(
            """
            select exists (
                select from pg_locks
                where locktype = 'advisory' and objsubid = 2 and granted
                    and database = (select oid from pg_database where datname = current_database())
                    and classid = hashtext('puente.nodes')::oid and objid <> hashtext($1)::oid)
            """,
            [.text(node)]
        ).bool(0)
    }

    /// Wakes every node that listens. After a commit and never in a transaction that holds anything: the word leaves
    /// under a lock of the whole cluster, which made messages take twice as long.
    package static func wakeOthers(_ transaction: Transaction, node: String) throws(StorageError) {
        try transaction.query("select pg_notify('puente_nodes', $1)", [.text(node)])
    }
}
