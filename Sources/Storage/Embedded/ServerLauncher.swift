internal import Foundation
internal import Glibc
internal import Logging

/// Makes, starts and stops the server of one cluster. Blocks; called under the start lock.
struct ServerLauncher: Sendable {
    /// The superuser of the cluster, who owns the schema.
    static let owner = "puente"
    static let database = "puente"
    private static let port = 5432

    let location: ClusterLocation
    let settings: [String: String]
    let logger: Logger

    /// The server, found running or started, with our database in it.
    func usable() throws(EmbeddedServerError) -> (postmaster: PostmasterFile, url: DatabaseURL, isAdopted: Bool) {
        if let found = try self.running() {
            do throws(EmbeddedServerError) {
                try self.makeDatabase(Self.url(of: found))
                return (found, Self.url(of: found), true)
            } catch {
                // One that was killed looks alive for a moment more.
                guard self.ends(found, within: .seconds(10)) else { throw error }
            }
        }
        let started = try self.start()
        try self.makeDatabase(Self.url(of: started))
        return (started, Self.url(of: started), false)
    }

    static func url(of postmaster: PostmasterFile) -> DatabaseURL {
        DatabaseURL(
            socketDirectory: postmaster.socketDirectory, port: postmaster.port, user: Self.owner,
            database: Self.database)
    }

    private func ends(_ postmaster: PostmasterFile, within patience: Duration) -> Bool {
        let deadline = ContinuousClock.now + patience
        while PostmasterFile.isServer(postmaster.process, of: self.location.cluster) {
            guard ContinuousClock.now < deadline else { return false }
            usleep(20_000)
        }
        return true
    }

    /// The server that runs already, once it is ready.
    func running() throws(EmbeddedServerError) -> PostmasterFile? {
        let deadline = ContinuousClock.now + .seconds(60)
        while PostmasterFile.livingProcess(cluster: self.location.cluster) != nil {
            let file = try? String(contentsOfFile: "\(self.location.cluster)/postmaster.pid", encoding: .utf8)
            if let file = file.flatMap(PostmasterFile.init(parsing:)), file.isReady { return file }
            guard ContinuousClock.now < deadline else {
                throw self.failed("a PostgreSQL runs on the data directory but does not become ready")
            }
            usleep(50_000)
        }
        return nil
    }

    /// Starts the server, and makes the cluster first if there is none.
    func start() throws(EmbeddedServerError) -> PostmasterFile {
        let installed = PostgresBinaries.installed()
        let binaries = try PostgresBinaries.choose(from: installed, for: self.clusterVersion)
        if self.clusterVersion == nil { try self.makeCluster(binaries) }
        let options = try self.options(socketDirectory: self.makeSocketDirectory())
        // A server that was killed: its children hold its shared memory for some moments more.
        let deadline = ContinuousClock.now + .seconds(60)
        while true {
            self.buryServer()
            let outcome = self.run(
                binaries.path("pg_ctl"),
                ["start", "-w", "-s", "-t", "60", "-D", self.location.cluster, "-l", self.log, "-o", options]
            )
            if outcome.status == 0, let postmaster = try self.running() { return postmaster }
            let words = self.lastWords
            let isHeld = words.contains("shared memory block") || words.contains("already exists")
            guard isHeld, ContinuousClock.now < deadline else {
                throw self.failed("PostgreSQL did not start: \(outcome.output)\(words)")
            }
            usleep(250_000)
        }
    }

    /// Until somebody waits for a server that was killed, its process id looks taken to the next one, which then refuses to
    /// start. Whoever has to wait, the first process of the machine or of the container, may take long or never do it.
    ///
    /// In a container that may be us. Else the files that claim the id are taken away. That a child of the dead one may still
    /// be at work PostgreSQL knows by its shared memory, which it finds by the directory and not by these files.
    private func buryServer() {
        let file = "\(self.location.cluster)/postmaster.pid"
        guard let dead = PostmasterFile.process(cluster: self.location.cluster), PostmasterFile.hasEnded(dead) else {
            return
        }
        guard waitpid(dead, nil, WNOHANG) != dead else { return }
        self.logger.notice(
            "nobody has waited for the server that ended; taking away its lock files", metadata: ["pid": "\(dead)"])
        let text = try? String(contentsOfFile: file, encoding: .utf8)
        if let former = text.flatMap(PostmasterFile.init(parsing:)) {
            let lock = "\(former.socketDirectory)/.s.PGSQL.\(former.port).lock"
            let claim = try? String(contentsOfFile: lock, encoding: .utf8)
            if claim?.split(separator: "\n").first.flatMap({ Int32($0) }) == dead { unlink(lock) }
        }
        unlink(file)
    }

    /// Makes the database, if this is the first time.
    func makeDatabase(_ url: DatabaseURL) throws(EmbeddedServerError) {
        do throws(StorageError) {
            let connection = try PostgresConnection(url.database("postgres"), patience: .init(response: .seconds(60)))
            let known = try connection.run([
                Statement(
                    sql: "select from pg_database where datname = $1::text", parameters: [.text(Self.database)]
                )
            ])
            if known.last?.rows.isEmpty != false { try connection.runScript("create database \(Self.database)") }
        } catch {
            throw self.failed("PostgreSQL has started but cannot be used: \(error)")
        }
    }

    /// Ends the server: its connections are cut, nothing committed is lost.
    func stop() {
        guard let process = PostmasterFile.livingProcess(cluster: self.location.cluster) else { return }
        let file = try? String(contentsOfFile: "\(self.location.cluster)/postmaster.pid", encoding: .utf8)
        // SIGINT is PostgreSQL's fast shutdown, SIGQUIT its immediate one.
        kill(process, SIGINT)
        let deadline = ContinuousClock.now + .seconds(30)
        while PostmasterFile.isServer(process, of: self.location.cluster) {
            if ContinuousClock.now > deadline {
                self.logger.warning("PostgreSQL takes more than 30 s to end; ending it at once")
                kill(process, SIGQUIT)
                break
            }
            usleep(10_000)
        }
        if let directory = file.flatMap(PostmasterFile.init(parsing:))?.socketDirectory { rmdir(directory) }
    }
}

// MARK: - The cluster

extension ServerLauncher {
    /// The version that made the cluster, `nil` if there is none.
    private var clusterVersion: Int? {
        let text = try? String(contentsOfFile: "\(self.location.cluster)/PG_VERSION", encoding: .utf8)
        return text.flatMap { Int($0.trimmingCharacters(in: .whitespacesAndNewlines)) }
    }

    /// Makes the cluster beside its final place and moves it there: one that was interrupted is never used.
    private func makeCluster(_ binaries: PostgresBinaries) throws(EmbeddedServerError) {
        let unfinished = self.location.cluster + ".new"
        let files = FileManager.default
        do {
            if files.fileExists(atPath: unfinished) { try files.removeItem(atPath: unfinished) }
            try files.createDirectory(atPath: unfinished, withIntermediateDirectories: false)
        } catch {
            throw self.failed("cannot make \(unfinished): \(error.localizedDescription)")
        }
        try self.handOver(unfinished)
        let durable = self.settings["fsync"] != "off"
        let outcome = self.run(
            binaries.path("initdb"),
            [
                "-D", unfinished, "-U", Self.owner, "--encoding=UTF8", "--locale=C.UTF-8", "--auth-local=trust",
                "--auth-host=reject",
            ] + (durable ? [] : ["--no-sync"])
        )
        guard outcome.status == 0 else { throw self.failed("initdb failed: \(outcome.output)") }
        guard rename(unfinished, self.location.cluster) == 0 else {
            throw self.failed("cannot rename \(unfinished): \(String(cString: strerror(errno)))")
        }
    }

    /// Makes a directory private to the server's user.
    private func handOver(_ path: String) throws(EmbeddedServerError) {
        let isOurs = self.location.user.map { lchown(path, $0.id, $0.group) == 0 } ?? true
        guard isOurs, chmod(path, 0o700) == 0 else {
            throw self.failed("cannot make \(path) private: \(String(cString: strerror(errno)))")
        }
    }

    /// Whoever can enter this directory can log in: it is closed to all but the server's user. Its path is short, as
    /// the address of a socket has 107 bytes.
    private func makeSocketDirectory() throws(EmbeddedServerError) -> String {
        let path = "\(self.socketParent)/puente-\(self.location.digest)"
        if mkdir(path, 0o700) == 0 {
            try self.handOver(path)
            return path
        }
        var status = stat()
        if lstat(path, &status) == 0, status.st_mode & S_IFMT == S_IFDIR, status.st_mode & 0o077 == 0,
            status.st_uid == self.location.user?.id ?? geteuid()
        {
            return path
        }
        // Somebody else has taken the name.
        var template = Array("\(path)-XXXXXX".utf8CString)
        guard mkdtemp(&template) != nil else {
            throw self.failed("cannot make a directory for the socket: \(String(cString: strerror(errno)))")
        }
        let other = String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
        try self.handOver(other)
        return other
    }

    private var socketParent: String {
        guard self.location.user == nil, let directory = getenv("XDG_RUNTIME_DIR").map({ String(cString: $0) }),
            directory.hasPrefix("/"), directory.utf8.count < 60, Self.isPlain(directory),
            access(directory, W_OK | X_OK) == 0
        else { return "/tmp" }
        return directory
    }

    /// Words that need no quoting, in a shell or in a configuration.
    private static func isPlain(_ text: String) -> Bool {
        text.utf8.allSatisfy { byte in
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "/"), UInt8(ascii: "."), UInt8(ascii: "_"),
                UInt8(ascii: "-"):
                true
            default:
                false
            }
        }
    }
}

// MARK: - Running programs

extension ServerLauncher {
    /// The settings that are ours; the cluster's postgresql.conf holds the rest and may be tuned.
    private func options(socketDirectory: String) throws(EmbeddedServerError) -> String {
        var settings = [
            "listen_addresses": "",
            "unix_socket_directories": socketDirectory,
            "unix_socket_permissions": "0700",
            "port": String(Self.port),
            "max_connections": "100",
            "fsync": "on",
            "synchronous_commit": "on",
            // Before a lock wait of 500 ms ends, so that a deadlock is seen as one.
            "deadlock_timeout": "200ms",
            "timezone": "UTC",
            "log_timezone": "UTC",
            "cluster_name": "puente",
            // Nothing that a user wrote gets into the server's log.
            "log_error_verbosity": "terse",
            "log_min_error_statement": "panic",
            "log_checkpoints": "off",
        ]
        settings.merge(self.settings) { _, new in new }
        guard settings.allSatisfy({ Self.isPlain($0.key) && Self.isPlain($0.value) }) else {
            throw self.failed("a setting holds characters that would need quoting")
        }
        return settings.sorted { $0.key < $1.key }.map { "-c \($0.key)='\($0.value)'" }.joined(separator: " ")
    }

    private var log: String { "\(self.location.cluster)/server.log" }

    private func run(_ program: String, _ arguments: [String]) -> ChildProcess.Outcome {
        ChildProcess.run(program, arguments, as: self.location.user)
    }

    private var lastWords: String {
        let text = (try? String(contentsOfFile: self.log, encoding: .utf8)) ?? ""
        return text.split(separator: "\n").suffix(8).joined(separator: "\n")
    }

    private func failed(_ message: String) -> EmbeddedServerError {
        EmbeddedServerError(code: .startFailed, message: message)
    }
}
