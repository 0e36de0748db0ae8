package import Assignment

/// How long somebody's chats wait for them after their last socket is gone: one rule, for people and for bots.
package enum Graces {
    /// Whose rows.
    package enum Party: Sendable, Hashable {
        case people
        case bots
    }

    /// After the last socket: chats are taken back `milliseconds` from now unless they come back. Does nothing while a
    /// live lease exists, or the grace runs already.
    ///
    /// - Parameter lapsedAt: When that socket's lease lapsed, where it did: the second that it may take to notice is no
    ///   part of the grace. More is: nobody loses their chats because every gateway was away for a while.
    package static func start(
        _ transaction: Transaction, _ workspace: String, _ party: Party, _ id: String, milliseconds: Int64,
        lapsedAt: Timestamp? = nil
    ) throws(StorageError) {
        let statement: StaticString =
            switch party {
            case .people:
                """
                update commercials m set grace_until = $3 * interval '1 millisecond' + least(
                    clock_timestamp(), greatest(coalesce($4::timestamptz, clock_timestamp()), clock_timestamp() - interval '1 second'))
                where m.workspace_id = $1 and m.id = $2 and m.grace_until is null
                    and not exists (
                        select from presence_leases l
                        where l.workspace_id = $1 and l.role = m.role and l.subject = m.id
                            and l.expires_at > clock_timestamp())
                """
            case .bots:
                """
                update bots b set grace_until = $3 * interval '1 millisecond' + least(
                    clock_timestamp(), greatest(coalesce($4::timestamptz, clock_timestamp()), clock_timestamp() - interval '1 second'))
                where b.workspace_id = $1 and b.id = $2 and b.grace_until is null
                    and not exists (
                        select from presence_leases l
                        where l.workspace_id = $1 and l.role = 'ai' and l.subject = $2
                            and l.expires_at > clock_timestamp())
                """
            }
        try transaction.execute(
            statement, [.text(workspace), .text(id), .int(milliseconds), .timestamp(lapsedAt)])
    }

    /// They are back, or their chats went to somebody else.
    package static func end(
        _ transaction: Transaction, _ workspace: String, _ party: Party, _ id: String
    ) throws(StorageError) {
        let statement: StaticString =
            switch party {
            case .people:
                "update commercials set grace_until = null where workspace_id = $1 and id = $2 and grace_until is not null"
            case .bots:
                "update bots set grace_until = null where workspace_id = $1 and id = $2 and grace_until is not null"
            }
        try transaction.execute(statement, [.text(workspace), .text(id)])
    }

    /// Whose grace is over, in every workspace of the scope.
    package static func due(
        _ transaction: Transaction, _ party: Party, limit: Int = 100
    ) throws(StorageError) -> [(workspace: String, id: String)] {
        let statement: StaticString =
            switch party {
            case .people:
                """
                select workspace_id, id from commercials where grace_until <= statement_timestamp()
                order by grace_until limit $1
                """
            case .bots:
                """
                select workspace_id, id from bots where grace_until <= statement_timestamp()
                order by grace_until limit $1
                """
            }
        return try transaction.named(statement, [.int(limit)])
    }
}
