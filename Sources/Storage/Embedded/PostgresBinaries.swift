internal import Foundation

/// The programs of one installed PostgreSQL server.
struct PostgresBinaries: Equatable {
    var directory: String
    /// The major version, such as 15.
    var version: Int

    static let oldestVersion = 15

    func path(_ program: String) -> String { "\(self.directory)/\(program)" }

    /// What is installed, newest first: where `pg_config` points, where Debian, Red Hat and Homebrew put servers, and
    /// the `PATH`.
    static func installed() -> [PostgresBinaries] {
        var directories = [ChildProcess.run("pg_config", ["--bindir"])]
            .filter { $0.status == 0 }
            .map { $0.output.trimmingCharacters(in: .whitespacesAndNewlines) }
        let files = FileManager.default
        for version in (try? files.contentsOfDirectory(atPath: "/usr/lib/postgresql")) ?? [] {
            directories.append("/usr/lib/postgresql/\(version)/bin")
        }
        for name in (try? files.contentsOfDirectory(atPath: "/usr")) ?? [] where name.hasPrefix("pgsql-") {
            directories.append("/usr/\(name)/bin")
        }
        directories += (ProcessInfo.processInfo.environment["PATH"] ?? "").split(separator: ":").map(String.init)
        var seen: Set<String> = []
        return
            directories
            .filter { $0.hasPrefix("/") && seen.insert($0).inserted }
            .compactMap(Self.init(directory:))
            .sorted { $0.version > $1.version }
    }

    /// The major version in `postgres (PostgreSQL) 15.20 (Debian 15.20-0+deb12u1)`, or `17beta1`.
    static func version(in output: String) -> Int? {
        guard let marker = output.range(of: "(PostgreSQL) ") else { return nil }
        return Int(output[marker.upperBound...].prefix { $0.isASCII && $0.isNumber })
    }

    /// The server for a cluster: the one that made it, or the newest for a new one.
    static func choose(
        from installed: [PostgresBinaries], for clusterVersion: Int?
    ) throws(EmbeddedServerError) -> PostgresBinaries {
        if let clusterVersion {
            if let match = installed.first(where: { $0.version == clusterVersion }) { return match }
            throw EmbeddedServerError(
                code: .versionMismatch,
                message: """
                    the data directory was made by PostgreSQL \(clusterVersion), which is not installed (found: \
                    \(Self.list(installed))). Install it (apt-get install postgresql-\(clusterVersion)), or move the \
                    data with pg_upgrade or pg_dumpall.
                    """
            )
        }
        if let newest = installed.first, newest.version >= Self.oldestVersion { return newest }
        throw EmbeddedServerError(
            code: .notInstalled,
            message: """
                no PostgreSQL server of version \(Self.oldestVersion) or newer found (found: \
                \(Self.list(installed))). Install one (apt-get install postgresql), or pass --database-url.
                """
        )
    }

    private static func list(_ installed: [PostgresBinaries]) -> String {
        installed.isEmpty ? "none" : installed.map { "\($0.version)" }.joined(separator: ", ")
    }
}

extension PostgresBinaries {
    /// `nil` if the directory holds no complete server.
    init?(directory: String) {
        let programs = ["postgres", "initdb", "pg_ctl"].map { "\(directory)/\($0)" }
        guard programs.allSatisfy(FileManager.default.isExecutableFile(atPath:)) else { return nil }
        let outcome = ChildProcess.run(programs[0], ["--version"])
        guard outcome.status == 0, let version = Self.version(in: outcome.output) else { return nil }
        self.directory = directory
        self.version = version
    }
}
