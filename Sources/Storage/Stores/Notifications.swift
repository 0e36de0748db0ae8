package import Assignment

/// Notifications, stored until acknowledged or expired.
package enum Notifications {
    /// Of all that have the same key within the period, the first one stands for the others.
    package struct Dedupe: Sendable, Hashable {
        package var key: String
        package var milliseconds: Int64

        package init(key: String, milliseconds: Int64) {
            self.key = key
            self.milliseconds = milliseconds
        }
    }

    /// A notification about to be stored.
    package struct New: Sendable, Hashable {
        package var type: String
        package var severity: String?
        package var target: NotificationTarget
        package var chatID: String?
        package var data: JSONText
        package var sender: Participant
        /// How long it waits for its readers.
        package var ttlMilliseconds: Int64
        /// At most one per key and period; nil for no such limit.
        package var dedupe: Dedupe?

        package init(
            type: String, severity: String? = nil, target: NotificationTarget, chatID: String? = nil,
            data: JSONText = .emptyObject, sender: Participant, ttlMilliseconds: Int64,
            dedupe: Dedupe? = nil
        ) {
            self.type = type
            self.severity = severity
            self.target = target
            self.chatID = chatID
            self.data = data
            self.sender = sender
            self.ttlMilliseconds = ttlMilliseconds
            self.dedupe = dedupe
        }
    }

    /// Stores a notification unless its key is taken.
    ///
    /// - Returns: Its id, and the row where it was stored now; nil where the one with that id stands for it.
    package static func store(
        _ transaction: Transaction, _ workspace: String, _ new: New
    ) throws(StorageError) -> (id: String, stored: NotificationRow?) {
        let id = try OnceGuards.newID(transaction)
        if let dedupe = new.dedupe {
            let holder = try OnceGuards.take(
                transaction, workspace, key: "notification:\(dedupe.key)", holder: id,
                milliseconds: dedupe.milliseconds)
            if let holder { return (holder, nil) }
        }
        let row = try transaction.one(
            """
            insert into notifications (
                workspace_id, id, type, severity, target_kind, target_id, chat_id, data, sender_role, sender_id,
                expires_at)
            values ($1, $2::uuid, $3, $4, $5, $6, $7::uuid, $8::jsonb, $9, $10,
                clock_timestamp() + $11 * interval '1 millisecond')
            returning notifications.*
            """,
            [
                .text(workspace), .text(id), .text(new.type), .text(new.severity), .text(new.target.kind),
                .text(new.target.id), .text(new.chatID), .json(new.data), .text(new.sender.role.rawValue),
                .text(new.sender.id), .int(new.ttlMilliseconds),
            ])
        return (id, try NotificationRow(row))
    }

    package static func find(
        _ transaction: Transaction, _ workspace: String, _ id: String
    ) throws(StorageError) -> NotificationRow? {
        guard CanonicalUUID.matches(id) else { return nil }
        let rows = try transaction.query(
            "select * from notifications where workspace_id = $1 and id = $2::uuid", [.text(workspace), .text(id)])
        guard let row = rows.first else { return nil }
        return try NotificationRow(row)
    }

    /// What a member of the staff has not acknowledged yet, oldest first: their own, their queues', and those of
    /// everybody with their role.
    package static func pending(
        _ transaction: Transaction, _ workspace: String, for reader: Participant, queues: [String], limit: Int = 100
    ) throws(StorageError) -> [NotificationRow] {
        let rows = try transaction.query(
            """
            select n.* from notifications n
            where n.workspace_id = $1 and n.expires_at > clock_timestamp()
                and case n.target_kind
                    when 'supervisors' then $3 in ('supervisor', 'admin')
                    when 'agents' then $3 = 'commercial'
                    when 'commercial' then $3 = 'commercial' and n.target_id = $2
                    when 'queue' then $3 = 'commercial' and n.target_id = any ($4::text[])
                end
                and not exists (
                    select from notification_acks a
                    where a.workspace_id = $1 and a.notification_id = n.id and a.subject = $2)
            order by n.created_at, n.id limit $5
            """,
            [.text(workspace), .text(reader.id), .text(reader.role.rawValue), .texts(queues), .int(limit)])
        var pending: [NotificationRow] = []
        for row in rows { pending.append(try NotificationRow(row)) }
        return pending
    }

    /// Notes that somebody has seen a notification; doing so twice changes nothing.
    ///
    /// - Returns: false for an unknown id.
    package static func acknowledge(
        _ transaction: Transaction, _ workspace: String, _ id: String, by subject: String
    ) throws(StorageError) -> Bool {
        guard try self.find(transaction, workspace, id) != nil else { return false }
        try transaction.execute(
            """
            insert into notification_acks (workspace_id, notification_id, subject) values ($1, $2::uuid, $3)
            on conflict do nothing
            """,
            [.text(workspace), .text(id), .text(subject)])
        return true
    }

    /// Removes what expired more than a day ago, in every workspace of the scope.
    package static func prune(_ transaction: Transaction) throws(StorageError) {
        try transaction.execute("delete from notifications where expires_at < statement_timestamp() - interval '1 day'")
        try OnceGuards.prune(transaction)
    }
}
