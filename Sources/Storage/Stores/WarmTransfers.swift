/// Offers of chats that stay with whoever offers them until the other one accepts. The chat is locked by the caller.
package enum WarmTransfers {
    /// Offers the chat; an earlier offer of it has been ended.
    package static func create(
        _ transaction: Transaction, _ chat: ChatRow, from: String, to target: String, summary: String?, reason: String?,
        offerFor milliseconds: Int64
    ) throws(StorageError) -> WarmTransferRow {
        let row = try transaction.one(
            """
            insert into warm_transfers (workspace_id, chat_id, from_id, to_id, epoch, summary, reason, deadline)
            values ($1, $2::uuid, $3, $4, $5, $6, $7, clock_timestamp() + $8 * interval '1 millisecond')
            returning warm_transfers.*
            """,
            [
                .text(chat.workspaceID), .text(chat.id), .text(from), .text(target), .int(chat.epoch), .text(summary),
                .text(reason), .int(milliseconds),
            ])
        return try WarmTransferRow(row)
    }

    /// The standing offer of a chat, whether its time is over or not; nil where its owner has changed since.
    package static func find(
        _ transaction: Transaction, of chat: ChatRow
    ) throws(StorageError) -> WarmTransferRow? {
        let rows = try transaction.query(
            "select * from warm_transfers where workspace_id = $1 and chat_id = $2::uuid and epoch = $3",
            [.text(chat.workspaceID), .text(chat.id), .int(chat.epoch)])
        guard let row = rows.first else { return nil }
        return try WarmTransferRow(row)
    }

    /// Reads an offer without a lock: to find the chat to lock.
    package static func find(
        _ transaction: Transaction, _ workspace: String, _ id: String
    ) throws(StorageError) -> WarmTransferRow? {
        guard CanonicalUUID.matches(id) else { return nil }
        let rows = try transaction.query(
            "select * from warm_transfers where workspace_id = $1 and id = $2::uuid", [.text(workspace), .text(id)])
        guard let row = rows.first else { return nil }
        return try WarmTransferRow(row)
    }

    /// The standing offers to somebody: what their sockets are told again when they connect.
    package static func standing(
        _ transaction: Transaction, _ workspace: String, to target: String
    ) throws(StorageError) -> [WarmTransferRow] {
        let rows = try transaction.query(
            """
            select * from warm_transfers
            where workspace_id = $1 and to_id = $2 and deadline > clock_timestamp() order by created_at, id
            """,
            [.text(workspace), .text(target)])
        var transfers: [WarmTransferRow] = []
        for row in rows { transfers.append(try WarmTransferRow(row)) }
        return transfers
    }

    /// Takes the offer of a chat away, whatever became of it.
    ///
    /// - Returns: nil where there was none.
    package static func end(_ transaction: Transaction, of chat: ChatRow) throws(StorageError) -> WarmTransferRow? {
        let rows = try transaction.query(
            "delete from warm_transfers where workspace_id = $1 and chat_id = $2::uuid returning warm_transfers.*",
            [.text(chat.workspaceID), .text(chat.id)])
        guard let row = rows.first else { return nil }
        return try WarmTransferRow(row)
    }

    /// Accepts it before its deadline, by the database's clock: of acceptance and timeout exactly one takes the row.
    ///
    /// - Returns: nil where it is no (longer an) offer to this commercial by the chat's owner.
    package static func accept(
        _ transaction: Transaction, _ chat: ChatRow, by target: String
    ) throws(StorageError) -> WarmTransferRow? {
        let rows = try transaction.query(
            """
            delete from warm_transfers
            where workspace_id = $1 and chat_id = $2::uuid and to_id = $3 and epoch = $4
                and deadline > clock_timestamp()
            returning warm_transfers.*
            """,
            [.text(chat.workspaceID), .text(chat.id), .text(target), .int(chat.epoch)])
        guard let row = rows.first else { return nil }
        return try WarmTransferRow(row)
    }

    /// Offers whose time is over, or whose chat has another owner or is closed, in every workspace of the scope.
    package static func due(
        _ transaction: Transaction, limit: Int = 100
    ) throws(StorageError) -> [(workspace: String, id: String)] {
        try transaction.named(
            """
            select workspace_id, chat_id from warm_transfers where deadline <= statement_timestamp()
            order by deadline limit $1
            """,
            [.int(limit)])
    }
}
