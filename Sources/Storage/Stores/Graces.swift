/// How long somebody's chats wait for them after their last socket is gone: one rule, for people and for bots.
package enum Graces {
    /// Whose rows.
    package enum Party: Sendable, Hashable {
        case people
        case bots
    }

    /// After the last socket: chats are taken back `milliseconds` from now unless they come back. Does nothing while a
    /// live lease exists, or the grace runs already.
    package static func start(
        _ transaction: Transaction, _ workspace: String, _ party: Party, _ id: String, milliseconds: Int64
    ) throws(StorageError) {
        let statement: StaticString =
            switch party {
            case .people:
                """
                update commercials m set grace_until = clock_timestamp() + $3 * interval '1 millisecond'
                where m.workspace_id = $1 and m.id = $2 and m.grace_until is null
                    and not exists (
                        select from presence_leases l
                        where l.workspace_id = $1 and l.role = m.role and l.subject = m.id
                            and l.expires_at > clock_timestamp())
                """
            case .bots:
                """
                update bots b set grace_until = clock_timestamp() + $3 * interval '1 millisecond'
                where b.workspace_id = $1 and b.id = $2 and b.grace_until is null
                    and not exists (
                        select from presence_leases l
                        where l.workspace_id = $1 and l.role = 'ai' and l.subject = $2
                            and l.expires_at > clock_timestamp())
                """
            }
        try transaction.execute(statement, [.text(workspace), .text(id), .int(milliseconds)])
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
