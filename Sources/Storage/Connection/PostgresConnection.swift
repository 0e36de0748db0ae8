internal import CPostgres
internal import Glibc

/// One libpq connection in pipeline mode (PostgreSQL documentation, 34.5), confined to the thread that opened it.
///
/// libpq's blocking calls would wait for ever on a server that hangs, so every wait here is a `poll` with a deadline.
/// After an error that leaves the protocol in doubt `isUsable` is false and the owner drops the connection.
final class PostgresConnection {
    /// How long the client itself waits. The server's own timeouts are shorter and usually fire first.
    struct Patience {
        var connect: Duration = .seconds(3)
        var response: Duration = .seconds(5)
    }

    private let raw: OpaquePointer
    private let patience: Patience
    /// Names of prepared statements. Bounded by the program itself: their texts are literals in its source.
    private var prepared: [Statement.Key: String] = [:]
    private var lastName = 0
    private(set) var isUsable = true

    /// Connects, and sets what every session of ours relies on.
    init(_ url: DatabaseURL, patience: Patience = Patience()) throws(StorageError) {
        var url = url
        url["client_encoding"] = "UTF8"
        url.setDefault("fallback_application_name", "puente")
        // A peer that vanished without a word: TCP gives up after 10 s instead of 15 minutes.
        url.setDefault("tcp_user_timeout", "10000")
        url.setDefault("keepalives_idle", "10")
        url.setDefault("keepalives_interval", "5")
        url.setDefault("keepalives_count", "2")
        self.patience = patience
        guard let raw = Self.withParameterArrays(url, { PQconnectStartParams($0, $1, 0) }) else {
            throw .unavailable("out of memory for a connection")
        }
        self.raw = raw
        // Notices (such as "already exists, skipping") would be printed on stderr.
        PQsetNoticeReceiver(raw, { _, _ in }, nil)
        try self.finishConnecting()
    }

    deinit {
        PQfinish(self.raw)
    }

    /// The file descriptor, for waiting until an idle connection is closed by the server.
    var socket: Int32 { PQsocket(self.raw) }

    /// Whether no transaction is open.
    var isIdle: Bool { PQtransactionStatus(self.raw) == PQTRANS_IDLE }

    /// The major version of the server, such as 15.
    var serverVersion: Int { Int(PQserverVersion(self.raw)) / 10_000 }

    /// Sends the statements in one go and reads all results: one round trip.
    ///
    /// The first error ends the batch: PostgreSQL skips what follows it.
    func run(_ statements: [Statement]) throws(StorageError) -> [ResultSet] {
        guard self.isUsable else { throw .unavailable("the connection to PostgreSQL is lost") }
        // All at first: a parameter that is refused must not leave half a batch behind.
        var encoded: [EncodedParameters] = []
        for statement in statements {
            encoded.append(try EncodedParameters(statement.parameters))
        }
        let deadline = ContinuousClock.now + self.patience.response
        do throws(StorageError) {
            var replies: [Reply] = []
            for (statement, parameters) in zip(statements, encoded) {
                try self.send(statement, parameters, replies: &replies)
            }
            guard PQpipelineSync(self.raw) == 1 else { throw self.lost() }
            try self.flush(until: deadline)
            return try self.receive(replies, until: deadline)
        } catch {
            if PQstatus(self.raw) != CONNECTION_OK { self.isUsable = false }
            throw error
        }
    }

    /// Runs a script of several statements in the transaction that is open. For migrations only: nothing that came
    /// from outside may be part of it.
    func runScript(_ sql: String) throws(StorageError) {
        guard self.isUsable else { throw .unavailable("the connection to PostgreSQL is lost") }
        let deadline = ContinuousClock.now + self.patience.response
        guard PQexitPipelineMode(self.raw) == 1, PQsendQuery(self.raw, sql) == 1 else { throw self.lost() }
        try self.flush(until: deadline)
        var failure: StorageError?
        while let result = try self.nextResult(until: deadline) {
            defer { PQclear(result) }
            if let error = self.error(in: result), failure == nil { failure = error }
        }
        guard PQstatus(self.raw) == CONNECTION_OK, PQenterPipelineMode(self.raw) == 1 else { throw self.lost() }
        if let failure { throw failure }
    }

    /// Reads what the server sent unasked (a farewell, a parameter) while the connection was idle.
    func drainIdleInput() {
        guard PQconsumeInput(self.raw) == 1, PQstatus(self.raw) == CONNECTION_OK else {
            self.isUsable = false
            return
        }
    }

    /// What was said on the channels that this connection listens to, as far as it has come in: the payloads.
    func takeNotifications() -> [String] {
        var payloads: [String] = []
        while let notification = PQnotifies(self.raw) {
            defer { PQfreemem(notification) }
            if let payload = notification.pointee.extra { payloads.append(String(cString: payload)) }
        }
        return payloads
    }

    /// Whether the server closed the connection while nobody looked; costs one system call.
    func checkIdle() {
        var descriptor = pollfd(fd: self.socket, events: Int16(POLLIN), revents: 0)
        if poll(&descriptor, 1, 0) != 0 { self.drainIdleInput() }
    }
}

// MARK: - Sending

extension PostgresConnection {
    /// What a result in the stream answers.
    private enum Reply {
        case prepare(Statement.Key)
        case execute
    }

    private func send(
        _ statement: Statement, _ parameters: EncodedParameters, replies: inout [Reply]
    ) throws(StorageError) {
        let text = UnsafeRawPointer(statement.sql.utf8Start).assumingMemoryBound(to: CChar.self)
        let key = statement.key
        let name: String
        if let known = self.prepared[key] {
            name = known
        } else {
            self.lastName += 1
            name = "s\(self.lastName)"
            let sent = parameters.types.withUnsafeBufferPointer {
                PQsendPrepare(self.raw, name, text, parameters.count, $0.baseAddress)
            }
            guard sent == 1 else { throw self.lost() }
            replies.append(.prepare(key))
            // Taken back in `receive` if the server refuses it.
            self.prepared[key] = name
        }
        let sent = parameters.withPointers { values, lengths, formats in
            PQsendQueryPrepared(self.raw, name, parameters.count, values, lengths, formats, 0)
        }
        guard sent == 1 else { throw self.lost() }
        replies.append(.execute)
    }

    private func flush(until deadline: ContinuousClock.Instant) throws(StorageError) {
        while true {
            switch PQflush(self.raw) {
            case 0:
                return
            case 1:
                // The server may be blocked on writing to us before it reads on.
                try self.wait(for: POLLIN | POLLOUT, until: deadline)
                guard PQconsumeInput(self.raw) == 1 else { throw self.lost() }
            default:
                throw self.lost()
            }
        }
    }
}

// MARK: - Receiving

extension PostgresConnection {
    private func receive(
        _ replies: [Reply], until deadline: ContinuousClock.Instant
    ) throws(StorageError) -> [ResultSet] {
        var results: [ResultSet] = []
        var failure: StorageError?
        for reply in replies {
            var succeeded = false
            while let raw = try self.nextResult(until: deadline) {
                let result = ResultSet(owning: raw)
                switch PQresultStatus(raw) {
                case PGRES_COMMAND_OK, PGRES_TUPLES_OK:
                    succeeded = true
                    if case .execute = reply { results.append(result) }
                case PGRES_PIPELINE_ABORTED:
                    break
                default:
                    if failure == nil { failure = self.error(in: raw) }
                }
                guard PQstatus(self.raw) == CONNECTION_OK else { throw failure ?? self.lost() }
            }
            if !succeeded, case .prepare(let key) = reply { self.prepared[key] = nil }
        }
        guard let sync = try self.nextResult(until: deadline) else { throw failure ?? self.lost() }
        defer { PQclear(sync) }
        guard PQresultStatus(sync) == PGRES_PIPELINE_SYNC else { throw failure ?? self.lost() }
        if let failure { throw failure }
        return results
    }

    private func nextResult(until deadline: ContinuousClock.Instant) throws(StorageError) -> OpaquePointer? {
        while PQisBusy(self.raw) == 1 {
            try self.wait(for: POLLIN, until: deadline)
            guard PQconsumeInput(self.raw) == 1 else { throw self.lost() }
        }
        return PQgetResult(self.raw)
    }

    /// The error that a result carries, `nil` for a success.
    private func error(in result: OpaquePointer) -> StorageError? {
        switch PQresultStatus(result) {
        case PGRES_COMMAND_OK, PGRES_TUPLES_OK, PGRES_EMPTY_QUERY, PGRES_PIPELINE_SYNC, PGRES_PIPELINE_ABORTED:
            return nil
        default:
            break
        }
        // PG_DIAG_SQLSTATE, PG_DIAG_CONSTRAINT_NAME and PG_DIAG_MESSAGE_PRIMARY are character macros.
        func field(_ code: Unicode.Scalar) -> String? {
            PQresultErrorField(result, Int32(code.value)).map { String(cString: $0) }
        }
        guard let state = field("C") else { return self.lost() }
        // A plan or a prepared statement that the server no longer accepts, as after a migration by another program:
        // the next connection starts afresh.
        if state == "0A000" || state == "26000" { self.isUsable = false }
        return StorageError(sqlState: state, constraint: field("n"), message: field("M") ?? "")
    }

    /// Marks the connection as lost, and says why in libpq's words.
    private func lost() -> StorageError {
        self.isUsable = false
        let reason = PQerrorMessage(self.raw).map { String(cString: $0) } ?? ""
        return .unavailable(reason.split(separator: "\n").first.map(String.init) ?? "connection to PostgreSQL lost")
    }

    private func wait(for events: Int32, until deadline: ContinuousClock.Instant) throws(StorageError) {
        var descriptor = pollfd(fd: self.socket, events: Int16(events), revents: 0)
        while true {
            let rest = ContinuousClock.now.duration(to: deadline)
            guard rest > .zero else {
                self.isUsable = false
                throw .unavailable("PostgreSQL did not answer in time")
            }
            switch poll(&descriptor, 1, rest.pollMilliseconds) {
            case 0:
                continue
            case -1 where errno == EINTR:
                continue
            case -1:
                throw self.lost()
            default:
                return
            }
        }
    }
}

// MARK: - Connecting

extension PostgresConnection {
    private func finishConnecting() throws(StorageError) {
        let deadline = ContinuousClock.now + self.patience.connect
        guard PQstatus(self.raw) != CONNECTION_BAD else { throw self.lost() }
        var status = PGRES_POLLING_WRITING
        while status != PGRES_POLLING_OK {
            switch status {
            case PGRES_POLLING_WRITING: try self.wait(for: POLLOUT, until: deadline)
            case PGRES_POLLING_READING: try self.wait(for: POLLIN, until: deadline)
            default: throw self.lost()
            }
            status = PQconnectPoll(self.raw)
        }
        guard PQsetnonblocking(self.raw, 1) == 0, PQenterPipelineMode(self.raw) == 1 else { throw self.lost() }
    }

    /// libpq wants two arrays of C strings that end in NULL.
    private static func withParameterArrays<Result>(
        _ url: DatabaseURL,
        _ body: (UnsafePointer<UnsafePointer<CChar>?>, UnsafePointer<UnsafePointer<CChar>?>) -> Result?
    ) -> Result? {
        let keywords = url.parameters.map { strdup($0.keyword) }
        let values = url.parameters.map { strdup($0.value) }
        defer {
            for copy in keywords + values { free(copy) }
        }
        let keywordPointers = keywords.map { UnsafePointer($0) } + [nil]
        let valuePointers = values.map { UnsafePointer($0) } + [nil]
        return keywordPointers.withUnsafeBufferPointer { keywords in
            valuePointers.withUnsafeBufferPointer { values in
                guard let keywords = keywords.baseAddress, let values = values.baseAddress else { return nil }
                return body(keywords, values)
            }
        }
    }
}

extension Duration {
    /// For `poll`: whole milliseconds, rounded up so that it never spins, at most a minute.
    var pollMilliseconds: Int32 {
        let (seconds, attoseconds) = self.components
        guard seconds < 60 else { return 60_000 }
        return max(0, Int32(seconds) * 1000 + Int32(attoseconds / 1_000_000_000_000_000) + 1)
    }
}
