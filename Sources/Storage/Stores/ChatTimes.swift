package import Assignment

/// How long what took, as queries over the log of intervals (`chat_intervals`). The time between the end of a chat and
/// its being taken up again belongs to nobody and counts nowhere.
package struct ChatTimes: Sendable, Hashable {
    /// Who had a chat in an interval.
    package enum Kind: String, Sendable, Hashable, CaseIterable {
        case bot
        case queue
        case offered
        case human
        case paused
        case wrapup
        case offline
    }

    /// One line of the log.
    package struct Interval: Sendable, Hashable {
        package var kind: Kind
        /// The bot or person who had the chat; nil while nobody had.
        package var owner: Participant?
        package var queue: String
        package var startedAt: Timestamp
        /// nil for the one that goes on.
        package var endedAt: Timestamp?
    }

    /// Milliseconds by kind, all intervals together.
    package var byKind: [Kind: Int64]
    /// From when the chat first needed a person until a person's first public message; nil where none wrote one. A bot's
    /// stretches do not count, nor do its answers.
    package var humanResponse: Int64?

    /// Open for its visitor.
    package var duration: Int64 { self.byKind.filter { $0.key != .wrapup }.values.reduce(0, +) }
    /// Waited for a person: in the line, and offered.
    package var wait: Int64 { self.sum(.queue, .offered) }
    /// With a person, what they wrote down afterwards included; not while it slept.
    package var handle: Int64 { self.sum(.human, .wrapup) }

    private func sum(_ kinds: Kind...) -> Int64 { kinds.reduce(0) { $0 + (self.byKind[$1] ?? 0) } }

    /// Reckons by the clock.
    package static func read(_ transaction: Transaction, _ chat: ChatRow) throws(StorageError) -> ChatTimes {
        let rows = try transaction.query(
            """
            with log as (
                select kind, started_at, coalesce(ended_at, clock_timestamp()) as ended_at from chat_intervals
                where workspace_id = $1 and chat_id = $2::uuid
            )
            select kind, floor(sum(extract(epoch from ended_at - started_at)) * 1000)::bigint,
                floor(sum(extract(epoch from least(ended_at, $3::timestamptz) - started_at))
                    filter (where started_at < $3::timestamptz) * 1000)::bigint
            from log group by kind
            """,
            [.text(chat.workspaceID), .text(chat.id), .timestamp(chat.firstHumanAt)])
        var byKind: [Kind: Int64] = [:]
        var response: Int64 = 0
        for row in rows {
            let kind: Kind = try row.word(0)
            byKind[kind] = try row.int(1)
            if Self.needsPerson.contains(kind) { response += try row.optionalInt(2) ?? 0 }
        }
        return ChatTimes(byKind: byKind, humanResponse: chat.firstHumanAt.map { _ in response })
    }

    /// Reckons within business hours: what passes while the queue is closed counts nowhere.
    package static func read(
        _ transaction: Transaction, _ chat: ChatRow, within hours: BusinessHours
    ) throws(StorageError) -> ChatTimes {
        var byKind: [Kind: Int64] = [:]
        var response: Int64 = 0
        for interval in try self.intervals(transaction, chat) {
            let end = interval.endedAt ?? chat.readAt
            byKind[interval.kind, default: 0] += hours.openMilliseconds(from: interval.startedAt, to: end)
            guard let answer = chat.firstHumanAt, Self.needsPerson.contains(interval.kind) else { continue }
            response += hours.openMilliseconds(from: interval.startedAt, to: min(end, answer))
        }
        return ChatTimes(byKind: byKind, humanResponse: chat.firstHumanAt.map { _ in response })
    }

    /// The log of a chat, in order.
    package static func intervals(
        _ transaction: Transaction, _ chat: ChatRow
    ) throws(StorageError) -> [Interval] {
        let rows = try transaction.query(
            """
            select kind, owner_role, owner_id, queue, started_at, ended_at from chat_intervals
            where workspace_id = $1 and chat_id = $2::uuid order by id
            """,
            [.text(chat.workspaceID), .text(chat.id)])
        var intervals: [Interval] = []
        for row in rows {
            intervals.append(
                Interval(
                    kind: try row.word(0), owner: try row.optionalParticipant(role: 1, id: 2), queue: try row.text(3),
                    startedAt: try row.timestamp(4), endedAt: try row.optionalTimestamp(5)))
        }
        return intervals
    }

    /// While one of these lasts, the visitor has asked for a person, or has one.
    private static let needsPerson: Set<Kind> = [.queue, .offered, .offline, .human, .paused]
}
