internal import Assignment
internal import Foundation
internal import Glibc
internal import Logging
internal import Storage
internal import Transport

/// Looks at an install without changing anything in it.
struct Doctor {
    let configuration: GatewayConfiguration
    let logger: Logger

    func examine() async -> [Finding] {
        var findings = [DoctorRules.descriptors(limit: FileDescriptorBudget.limit)]
        findings += self.certificate()
        findings += await self.database()
        return findings
    }

    // MARK: Files

    private func certificate() -> [Finding] {
        guard let certificate = self.configuration.tls.certificate, let key = self.configuration.tls.key else {
            return []
        }
        var findings: [Finding] = []
        do throws(TLSIdentityError) {
            let identity = try TLSIdentity(certificatePath: certificate, keyPath: key)
            let days = Int((identity.expiry.timeIntervalSinceNow / 86_400).rounded(.down))
            findings.append(DoctorRules.certificate(days: days, path: certificate))
        } catch {
            findings.append(.failed("tls", error.description))
        }
        if FileMode.isOpenToOthers(key) {
            findings.append(.failed("files", "\(key) can be read by others: chmod 600 it"))
        }
        return findings
    }

    private func files(in directory: String) -> [Finding] {
        var findings: [Finding] = []
        let key = "\(directory)/signing-key"
        if self.configuration.jwt.secret == nil, FileManager.default.fileExists(atPath: key) {
            findings.append(
                FileMode.isOpenToOthers(key)
                    ? .failed("files", "\(key) can be read by others: chmod 600 it")
                    : .ok("files", "\(key) is its owner's alone"))
        }
        if access(directory, R_OK | W_OK | X_OK) != 0 {
            findings.append(.failed("files", "\(directory) cannot be read and written by user id \(geteuid())"))
        }
        var status = statvfs()
        if statvfs(directory, &status) == 0 {
            let (free, overflow) = Int64(clamping: status.f_bavail)
                .multipliedReportingOverflow(by: Int64(clamping: status.f_frsize))
            findings.append(DoctorRules.space(free: overflow ? .max : free, path: directory))
        }
        return findings
    }

    // MARK: The database

    private func database() async -> [Finding] {
        if let text = self.configuration.storage.databaseURL {
            do throws(DatabaseURLError) {
                return await self.examine(try DatabaseURL(parsing: text.reveal()))
            } catch {
                return [.failed("database", error.message)]
            }
        }
        let directory = self.configuration.storage.dataDirectory ?? StorageSettings.defaultDataDirectory
        let installed = EmbeddedServer.installedVersions
        let programs = installed.map(String.init).joined(separator: ", ")
        do throws(EmbeddedServerError) {
            switch try EmbeddedServer.look(dataDirectory: directory) {
            case .none where (installed.first ?? 0) < 15:
                return [.failed("database", "no PostgreSQL 15 or newer is installed, and no database URL is set")]
            case .none:
                return [.ok("database", "none yet: the first start makes one in \(directory) (PostgreSQL \(programs))")]
            case .stopped(let version):
                return self.files(in: directory) + [
                    installed.contains(version)
                        ? .warning("database", "the private server in \(directory) does not run: start the gateway")
                        : .failed(
                            "database", "made by PostgreSQL \(version), which is not installed (found: \(programs))")
                ]
            case .running(let url):
                return self.files(in: directory) + (await self.examine(url))
            }
        } catch {
            return [.failed("database", error.message)]
        }
    }

    private func examine(_ url: DatabaseURL) async -> [Finding] {
        var configuration = Database.Configuration(url: url)
        configuration.size = 1
        // As the URL's user: whether the schema is there at all has to be asked by somebody who may look.
        configuration.role = nil
        let database = Database(configuration: configuration, logger: self.quiet)
        defer { Task { await database.shutDown() } }
        do {
            try await database.start()
            let facts = try await database.transaction(.none) { try DatabaseFacts.read($0) }
            let node = Timestamp(microseconds: Int64(Date().timeIntervalSince1970 * 1_000_000))
            var findings = DoctorRules.database(facts, connections: self.configuration.storage.connections)
            findings.append(DoctorRules.clock(node: node, database: facts.now))
            findings += await self.content(url)
            return findings
        } catch {
            return [.failed("database", "\(url): \(error)")]
        }
    }

    /// What stands in the tables, read as the gateway reads it.
    private func content(_ url: DatabaseURL) async -> [Finding] {
        var configuration = Database.Configuration(url: url)
        configuration.size = 1
        let database = Database(configuration: configuration, logger: self.quiet)
        defer { Task { await database.shutDown() } }
        do {
            try await database.start()
        } catch {
            return [.warning("schema", "the role \(Database.applicationRole) cannot be taken on yet: \(error)")]
        }
        do {
            let outcome = try await database.transaction(.none) { try SchemaCheck.outcome($0) }
            guard outcome == .ok else { return [DoctorRules.schema(outcome)] }
            let workspaces = try await database.transaction(.none) { try Workspaces.directory($0) }
            var findings = [DoctorRules.schema(outcome)]
            if workspaces.isEmpty {
                findings.append(.warning("keys", "there is no workspace yet (gateway widgetkey create)"))
            }
            for workspace in workspaces {
                findings.append(
                    try await database.transaction(.workspace(workspace)) { sql in
                        let trust = try Trust.rows(sql)
                        return DoctorRules.keys(
                            workspace: workspace, widgets: try Keys.liveWidgetKeys(sql).count,
                            bots: try Keys.liveAPIKeys(sql).count, verifying: trust.keys.count + trust.keySets.count)
                    })
            }
            return findings
        } catch {
            return [.warning("schema", "not there yet: the first start, or `gateway migrate`, makes it (\(error))")]
        }
    }

    /// What goes wrong is a finding, not a line in the log.
    private var quiet: Logger {
        var logger = self.logger
        logger.logLevel = .critical
        return logger
    }
}
