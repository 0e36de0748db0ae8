package import Assignment
internal import FoundationEssentials

/// How queues are set up.
package enum Queues {
    /// - Returns: nil where there is no such queue.
    package static func settings(
        _ transaction: Transaction, _ workspace: String, _ name: String
    ) throws(StorageError) -> QueueSettings? {
        guard let row = try transaction.together([self.settingsQuery(workspace, name)])[0].first else { return nil }
        return try QueueSettings(row)
    }

    static func settingsQuery(_ workspace: String, _ name: String) -> Query {
        Query(
            """
            select name, auto_accept, offer_timeout_ms, languages, skills, skill_levels, hours, wrap_up_ms,
                auto_close_ms, abandon_ms, policy, sticky_hold_ms, relaxation, overflow, weight
            from queues
            where workspace_id = $1 and name = $2
            """,
            [.text(workspace), .text(name)])
    }

    /// All queues of a workspace, by name.
    package static func all(
        _ transaction: Transaction, _ workspace: String
    ) throws(StorageError) -> [QueueSettings] {
        let rows = try transaction.query(
            """
            select name, auto_accept, offer_timeout_ms, languages, skills, skill_levels, hours, wrap_up_ms,
                auto_close_ms, abandon_ms, policy, sticky_hold_ms, relaxation, overflow, weight
            from queues
            where workspace_id = $1 order by name
            """,
            [.text(workspace)])
        var queues: [QueueSettings] = []
        for row in rows { queues.append(try QueueSettings(row)) }
        return queues
    }

    /// Makes the queue what `settings` say, whether it was there or not.
    package static func set(
        _ transaction: Transaction, _ workspace: String, _ settings: QueueSettings
    ) throws(StorageError) {
        let skills = settings.skills.sideBySide
        try transaction.execute(
            """
            insert into queues (
                workspace_id, name, auto_accept, offer_timeout_ms, languages, skills, skill_levels, hours, wrap_up_ms,
                auto_close_ms, abandon_ms, policy, sticky_hold_ms, relaxation, overflow, weight)
            values ($1, $2, $3, $4, $5, $6, $7, $8::jsonb, $9, $10, $11, $12, $13, $14::jsonb, $15::jsonb,
                $16::numeric)
            on conflict (workspace_id, name) do update set
                auto_accept = excluded.auto_accept, offer_timeout_ms = excluded.offer_timeout_ms,
                languages = excluded.languages, skills = excluded.skills, skill_levels = excluded.skill_levels,
                hours = excluded.hours, wrap_up_ms = excluded.wrap_up_ms, auto_close_ms = excluded.auto_close_ms,
                abandon_ms = excluded.abandon_ms, policy = excluded.policy, sticky_hold_ms = excluded.sticky_hold_ms,
                relaxation = excluded.relaxation, overflow = excluded.overflow, weight = excluded.weight
            """,
            [
                .text(workspace), .text(settings.name), settings.autoAccept.map { .bool($0) } ?? .null,
                .int(settings.offerTimeoutMilliseconds), .texts(settings.languages.sorted()), skills.keys,
                skills.values, .text(try settings.hours.map(Self.encode)), .int(settings.wrapUpMilliseconds),
                .int(settings.autoCloseMilliseconds), .int(settings.abandonMilliseconds),
                .text(settings.policy?.rawValue), .int(settings.stickyHoldMilliseconds),
                .text(try Self.encode(settings.relaxation)), .text(try Self.encode(settings.overflow)),
                .double(settings.weight),
            ])
    }

    /// When a queue opens next; nil while it is open, and where it stays closed for a year.
    package static func nextOpening(
        _ transaction: Transaction, _ workspace: String, _ name: String
    ) throws(StorageError) -> Timestamp? {
        if case .closed(let next) = try self.state(transaction, workspace, name) { next } else { nil }
    }

    /// Whether a queue is open now: by its hours, or because it has none.
    package static func isOpen(
        _ transaction: Transaction, _ workspace: String, _ name: String
    ) throws(StorageError) -> Bool {
        try self.state(transaction, workspace, name) == .open
    }

    private static func state(
        _ transaction: Transaction, _ workspace: String, _ name: String
    ) throws(StorageError) -> BusinessHours.State {
        let rows = try transaction.query(
            """
            select hours, clock_timestamp() from queues where workspace_id = $1 and name = $2 and hours is not null
            """,
            [.text(workspace), .text(name)])
        guard let row = rows.first else { return .open }
        let hours: BusinessHours = try Self.decode(row.text(0))
        return hours.state(at: try row.timestamp(1))
    }

    /// That nobody comes for the chats of a queue now: it is closed, and its overflow leads to no open one.
    package struct Closure: Sendable, Hashable {
        /// When the first of the queues opens whose people may be asked; nil where none does within a year.
        package var nextOpenAt: Timestamp?

        package init(nextOpenAt: Timestamp?) {
            self.nextOpenAt = nextOpenAt
        }
    }

    /// - Returns: nil while somebody of the queue, or of one to which it overflows, may be asked; and where there is no
    ///   queue of that name.
    package static func closure(
        _ transaction: Transaction, _ workspace: String, _ name: String
    ) throws(StorageError) -> Closure? {
        let rows = try transaction.query(
            """
            select hours, clock_timestamp(), overflow from queues
            where workspace_id = $1 and name = $2 and hours is not null
            """,
            [.text(workspace), .text(name)])
        guard let row = rows.first else { return nil }
        let hours: BusinessHours = try Self.decode(row.text(0))
        let now = try row.timestamp(1)
        guard case .closed(let next) = hours.state(at: now) else { return nil }
        let steps = try row.text(2)
        guard steps != "[]" else { return Closure(nextOpenAt: next) }
        let overflow: [OverflowStep] = try Self.decode(steps)
        let states = try self.states(transaction, workspace)
        let open = Set(states.filter { $0.value == .open }.keys)
        guard overflow.reached(after: 0, home: name, open: open) == nil else { return nil }
        let openings = overflow.everAsked(from: name, all: Set(states.keys)).compactMap { asked -> Timestamp? in
            if case .closed(let next) = states[asked] { next } else { nil }
        }
        return Closure(nextOpenAt: openings.min())
    }

    /// The queues of a workspace that are open now.
    package static func open(_ transaction: Transaction, _ workspace: String) throws(StorageError) -> Set<String> {
        Set(try self.states(transaction, workspace).filter { $0.value == .open }.keys)
    }

    private static func states(
        _ transaction: Transaction, _ workspace: String
    ) throws(StorageError) -> [String: BusinessHours.State] {
        let rows = try transaction.query(
            "select name, hours, clock_timestamp() from queues where workspace_id = $1", [.text(workspace)])
        var states: [String: BusinessHours.State] = [:]
        for row in rows {
            var state = BusinessHours.State.open
            if let text = try row.optionalText(1) {
                let hours: BusinessHours = try Self.decode(text)
                state = hours.state(at: try row.timestamp(2))
            }
            states[try row.text(0)] = state
        }
        return states
    }

    fileprivate static func encode(_ value: some Encodable) throws(StorageError) -> String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = .sortedKeys
        do { return String(decoding: try encoder.encode(value), as: UTF8.self) } catch {
            throw .unexpected("a queue's settings cannot be written")
        }
    }

    fileprivate static func decode<Value: Decodable>(_ text: String) throws(StorageError) -> Value {
        do { return try JSONDecoder().decode(Value.self, from: Data(text.utf8)) } catch {
            throw .unexpected("a queue's settings cannot be read")
        }
    }
}

extension QueueSettings {
    /// Reads `name, auto_accept, offer_timeout_ms, languages, skills, skill_levels, hours, wrap_up_ms, auto_close_ms,
    /// abandon_ms, policy, sticky_hold_ms, relaxation, overflow, weight`.
    init(_ row: Row) throws(StorageError) {
        self.init(
            name: try row.text(0), policy: try row.optionalWord(10), autoAccept: try row.optionalBool(1),
            offerTimeoutMilliseconds: try row.optionalInt(2), stickyHoldMilliseconds: try row.optionalInt(11),
            languages: Set(try row.texts(3)), skills: Dictionary(keys: try row.texts(4), values: try row.ints(5)))
        let (relaxation, overflow) = (try row.text(12), try row.text(13))
        // Most queues have neither, and are read at every match.
        if relaxation != "[]" { self.relaxation = try Queues.decode(relaxation) }
        if overflow != "[]" { self.overflow = try Queues.decode(overflow) }
        if let hours = try row.optionalText(6) { self.hours = try Queues.decode(hours) }
        self.wrapUpMilliseconds = try row.int(7)
        self.autoCloseMilliseconds = try row.optionalInt(8)
        self.abandonMilliseconds = try row.optionalInt(9)
        self.weight = try row.double(14)
    }
}
