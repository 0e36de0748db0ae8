internal import Assignment

/// The transactional outbox: what happened, written with it.
package enum Outbox {
    /// Writes events of a chat; each takes the chat's next event number, under the row lock that the caller holds.
    ///
    /// - Returns: The events in their order, to hand to the relay after COMMIT.
    package static func append(
        _ transaction: Transaction, _ workspace: String, chatID: String, _ bodies: [DomainEvent.Body]
    ) throws(StorageError) -> [DomainEvent] {
        guard !bodies.isEmpty else { return [] }
        let (kinds, data) = try self.columns(bodies)
        let rows = try transaction.query(
            """
            with c as (
                update chats set event_no = event_no + cardinality($3::text[])
                where workspace_id = $1 and id = $2::uuid
                returning event_no - cardinality($3::text[]) as earlier
            ), o as (
                insert into outbox (workspace_id, chat_id, event_no, kind, data)
                select $1, $2::uuid, c.earlier + e.place, e.kind, e.data::jsonb
                from c, unnest($3::text[], $4::text[]) with ordinality e (kind, data, place) order by e.place
                returning id, event_no, created_at
            )
            select id, event_no, created_at from o order by event_no
            """,
            [.text(workspace), .text(chatID), .texts(kinds), .texts(data)])
        return try self.written(rows, workspace, chatID: chatID, bodies)
    }

    /// Writes an event of a chat whose number was taken with an earlier change of it in this transaction
    /// (``Chats/give(_:_:_:)``), with whatever is sent next, COMMIT at the latest (``Transaction/postpone(_:_:)``).
    ///
    /// - Parameter take: is given the event as it stands in the outbox.
    package static func appendLater(
        _ transaction: Transaction, _ workspace: String, chatID: String, _ body: DomainEvent.Body, number: Int64,
        _ take: @escaping (DomainEvent) -> Void
    ) throws(StorageError) {
        let stored = try body.stored()
        let query = Query(
            """
            insert into outbox (workspace_id, chat_id, event_no, kind, data)
            values ($1, $2::uuid, $3, $4, $5::jsonb) returning id, event_no, created_at
            """,
            [.text(workspace), .text(chatID), .int(number), .text(stored.kind), .text(stored.data.text)])
        try transaction.postpone(query) { rows throws(StorageError) in
            for event in try self.written(rows, workspace, chatID: chatID, [body]) { take(event) }
        }
    }

    /// Writes one event for each of many chats, whose numbers were taken with earlier changes of them in this
    /// transaction (``Chats/tell(_:_:_:wait:)``).
    package static func append(
        _ transaction: Transaction, _ workspace: String, numbered events: [(chat: ChatRow, body: DomainEvent.Body)]
    ) throws(StorageError) -> [DomainEvent] {
        guard !events.isEmpty else { return [] }
        let (kinds, data) = try self.columns(events.map(\.body))
        let rows = try transaction.query(
            """
            with o as (
                insert into outbox (workspace_id, chat_id, event_no, kind, data)
                select $1, e.chat_id::uuid, e.event_no, e.kind, e.data::jsonb
                from unnest($2::text[], $3::bigint[], $4::text[], $5::text[]) with ordinality
                    e (chat_id, event_no, kind, data, place)
                order by e.place
                returning id, created_at, chat_id
            )
            select o.id, o.created_at from o
            join unnest($2::text[]) with ordinality e (chat_id, place) on o.chat_id = e.chat_id::uuid
            order by e.place
            """,
            [
                .text(workspace), .texts(events.map(\.chat.id)), .ints(events.map(\.chat.eventNo)), .texts(kinds),
                .texts(data),
            ])
        guard rows.count == events.count else { throw .unexpected("events of chats that are told of twice") }
        var written: [DomainEvent] = []
        for (row, event) in zip(rows, events) {
            written.append(
                DomainEvent(
                    workspaceID: workspace, outboxID: try row.int(0), chatID: event.chat.id,
                    eventNo: event.chat.eventNo, at: try row.timestamp(1), body: event.body))
        }
        return written
    }

    private static func written(
        _ rows: [Row], _ workspace: String, chatID: String, _ bodies: [DomainEvent.Body]
    ) throws(StorageError) -> [DomainEvent] {
        guard rows.count == bodies.count else {
            throw StorageError(code: .unexpected, message: "events of a chat that is not there")
        }
        var events: [DomainEvent] = []
        for (row, body) in zip(rows, bodies) {
            events.append(
                DomainEvent(
                    workspaceID: workspace, outboxID: try row.int(0), chatID: chatID, eventNo: try row.int(1),
                    at: try row.timestamp(2), body: body))
        }
        return events
    }

    /// Writes events that belong to no chat.
    package static func append(
        _ transaction: Transaction, _ workspace: String, _ bodies: [DomainEvent.Body]
    ) throws(StorageError) -> [DomainEvent] {
        guard !bodies.isEmpty else { return [] }
        let (kinds, data) = try self.columns(bodies)
        let rows = try transaction.query(
            """
            with o as (
                insert into outbox (workspace_id, kind, data)
                select $1, e.kind, e.data::jsonb
                from unnest($2::text[], $3::text[]) with ordinality e (kind, data, place) order by e.place
                returning id, created_at
            )
            select id, created_at from o order by id
            """,
            [.text(workspace), .texts(kinds), .texts(data)])
        var events: [DomainEvent] = []
        for (row, body) in zip(rows, bodies) {
            events.append(
                DomainEvent(
                    workspaceID: workspace, outboxID: try row.int(0), chatID: nil, eventNo: nil,
                    at: try row.timestamp(1), body: body))
        }
        return events
    }

    /// Where to begin reading in order to see everything that commits from now on, and nothing else.
    package static func present(_ transaction: Transaction) throws(StorageError) -> OutboxCursor {
        OutboxCursor(seen: try self.snapshot(transaction))
    }

    /// The next events of all workspaces in scope and the cursor behind them (`hasMore` says whether to go on at once):
    /// every event once, as soon as it is committed, those of one chat in their order.
    package static func page(
        _ transaction: Transaction, after cursor: OutboxCursor, limit: Int
    ) throws(StorageError) -> (events: [DomainEvent], next: OutboxCursor) {
        let page = try self.page(transaction, after: cursor, limit: limit, own: nil)
        return (page.events, page.next)
    }

    /// The same, with the events of one node as heads only: that node has them at hand already, or reads them with
    /// ``events(_:of:)``.
    package static func page(
        _ transaction: Transaction, after cursor: OutboxCursor, limit: Int, own node: String?
    ) throws(StorageError) -> (events: [DomainEvent], own: [OutboxHead], next: OutboxCursor) {
        let upTo: String
        if let unfinished = cursor.unfinished {
            upTo = unfinished.upTo
        } else {
            upTo = try self.snapshot(transaction)
        }
        let rows = try transaction.query(
            """
            select workspace_id, id, chat_id, event_no, case when is_whole then created_at end,
                case when is_whole then message_id end, case when is_whole then kind end,
                case when is_whole then data end, node
            from (
                select *, (node is null or node is distinct from $5::text) as is_whole
                from outbox
                where xact >= pg_snapshot_xmin($1::pg_snapshot) and not pg_visible_in_snapshot(xact, $1::pg_snapshot)
                    and pg_visible_in_snapshot(xact, $2::pg_snapshot) and id > $3
                order by id limit $4) o
            order by id
            """,
            [.text(cursor.seen), .text(upTo), .int(cursor.unfinished?.lastID ?? 0), .int(limit), .text(node)])
        var (whole, own): ([Row], [OutboxHead]) = ([], [])
        for row in rows {
            if try row.isNull(6) { own.append(try OutboxHead(row)) } else { whole.append(row) }
        }
        let events = try self.events(transaction, whole)
        guard rows.count >= limit, let last = rows.last else { return (events, own, OutboxCursor(seen: upTo)) }
        let unfinished = OutboxCursor.Unfinished(upTo: upTo, lastID: try last.int(1))
        return (events, own, OutboxCursor(seen: cursor.seen, unfinished: unfinished))
    }

    /// The events of one workspace that stand behind these heads.
    package static func events(
        _ transaction: Transaction, _ heads: [OutboxHead], of workspace: String
    ) throws(StorageError) -> [DomainEvent] {
        let rows = try transaction.query(
            """
            select workspace_id, id, chat_id, event_no, created_at, message_id, kind, data, node
            from outbox where workspace_id = $1 and id = any ($2::bigint[])
            order by id
            """,
            [.text(workspace), .ints(heads.map(\.outboxID))])
        return try self.events(transaction, rows)
    }

    private static func snapshot(_ transaction: Transaction) throws(StorageError) -> String {
        try transaction.one("select pg_current_snapshot()").text(0)
    }

    /// The events of one chat after a number, in their order: fills a gap at once.
    package static func page(
        _ transaction: Transaction, _ workspace: String, chatID: String, after eventNo: Int64, limit: Int
    ) throws(StorageError) -> [DomainEvent] {
        guard CanonicalUUID.matches(chatID) else { return [] }
        let rows = try transaction.query(
            """
            select workspace_id, id, chat_id, event_no, created_at, message_id, kind, data, node
            from outbox
            where workspace_id = $1 and chat_id = $2::uuid and event_no > $3
            order by event_no limit $4
            """,
            [.text(workspace), .text(chatID), .int(eventNo), .int(limit)])
        return try self.events(transaction, rows)
    }

    /// Removes events older than `milliseconds`, in every workspace of the scope.
    ///
    /// - Returns: How many; `limit` means that there may be more.
    package static func prune(
        _ transaction: Transaction, olderThan milliseconds: Int64, limit: Int = 10_000
    ) throws(StorageError) -> Int {
        try transaction.execute(
            """
            delete from outbox where (workspace_id, id) in (
                select workspace_id, id from outbox
                where created_at < statement_timestamp() - $1 * interval '1 millisecond'
                order by created_at limit $2)
            """,
            [.int(milliseconds), .int(limit)])
    }

    /// What one row says (`workspace_id, id, chat_id, event_no, created_at, message_id, kind, data, node`). What cannot be
    /// read is an answer and no error: an error would end the transaction, and the next one would meet the same row.
    static func content(
        _ transaction: Transaction, _ row: Row
    ) throws(StorageError) -> LeasedDelivery.Content {
        let kind = try row.text(6)
        do throws(StorageError) {
            if kind == "messagePosted", try self.messages(transaction, [row]).isEmpty { return .gone }
            if kind == "notePosted", try self.notes(transaction, [row]).isEmpty { return .gone }
            return try self.events(transaction, [row]).first.map { .event($0) } ?? .unknownKind
        } catch {
            guard error.code == .unexpected, !transaction.hasFailed else { throw error }
            return .unreadable
        }
    }

    private static func columns(
        _ bodies: [DomainEvent.Body]
    ) throws(StorageError) -> (kinds: [String], data: [String]) {
        var kinds: [String] = []
        var data: [String] = []
        for body in bodies {
            let stored = try body.stored()
            kinds.append(stored.kind)
            data.append(stored.data.text)
        }
        return (kinds, data)
    }

    private static func events(_ transaction: Transaction, _ rows: [Row]) throws(StorageError) -> [DomainEvent] {
        let messages = try self.messages(transaction, rows)
        let notes = try self.notes(transaction, rows)
        var events: [DomainEvent] = []
        events.reserveCapacity(rows.count)
        for row in rows {
            let reference = try row.optionalText(5) ?? ""
            let stored = DomainEvent.Body.Stored(kind: try row.text(6), data: try row.json(7))
            guard
                let body = try DomainEvent.Body(stored, message: messages[reference], note: notes[reference])
            else { continue }
            events.append(
                DomainEvent(
                    workspaceID: try row.text(0), outboxID: try row.int(1), chatID: try row.optionalText(2),
                    eventNo: try row.optionalInt(3), at: try row.timestamp(4), body: body,
                    node: try row.optionalText(8)))
        }
        return events
    }

    private static func messages(
        _ transaction: Transaction, _ rows: [Row]
    ) throws(StorageError) -> [String: MessageRow] {
        let references = try self.references(rows, kind: "messagePosted")
        guard !references.ids.isEmpty else { return [:] }
        let found = try transaction.query(
            """
            select m.* from unnest($1::text[], $2::text[]) r (workspace_id, id)
            join messages m on m.workspace_id = r.workspace_id and m.id = r.id::uuid
            """,
            [.texts(references.workspaces), .texts(references.ids)])
        var messages: [String: MessageRow] = [:]
        for row in found {
            let message = try MessageRow(row)
            messages[message.id] = message
        }
        return messages
    }

    private static func notes(
        _ transaction: Transaction, _ rows: [Row]
    ) throws(StorageError) -> [String: NoteRow] {
        let references = try self.references(rows, kind: "notePosted")
        guard !references.ids.isEmpty else { return [:] }
        let found = try transaction.query(
            """
            select n.* from unnest($1::text[], $2::text[]) r (workspace_id, id)
            join notes n on n.workspace_id = r.workspace_id and n.id = r.id::uuid
            """,
            [.texts(references.workspaces), .texts(references.ids)])
        var notes: [String: NoteRow] = [:]
        for row in found {
            let note = try NoteRow(row)
            notes[note.id] = note
        }
        return notes
    }

    private static func references(
        _ rows: [Row], kind: String
    ) throws(StorageError) -> (workspaces: [String], ids: [String]) {
        var workspaces: [String] = []
        var ids: [String] = []
        for row in rows where try row.text(6) == kind {
            guard let id = try row.optionalText(5) else { continue }
            workspaces.append(try row.text(0))
            ids.append(id)
        }
        return (workspaces, ids)
    }
}
