package import Logging

/// Brings the schema up to date: at the start of a gateway and by `gateway migrate`.
///
/// Works as the URL's user, who owns the tables. Several at once are harmless: an advisory lock lets one work, the
/// others find nothing left to do. Each migration is one transaction with its row in `schema_migrations`.
package enum Migrator {
    /// The migrations that this program was built with.
    package static var compiled: [Migration] { CompiledMigrations.all }

    /// Makes the role of the application if needed, then applies what is missing.
    ///
    /// - Returns: the file names of the migrations that were applied now.
    @discardableResult
    package static func migrate(
        _ url: DatabaseURL, migrations: [Migration] = Migrator.compiled, logger: Logger
    ) async throws(MigrationError) -> [String] {
        try await DedicatedThread.run("pg-migrate") { () throws(MigrationError) in
            let result: Result<[String], MigrationError>
            do throws(StorageError) {
                // An index on a large table may take its time.
                let connection = try PostgresConnection(url, patience: .init(response: .seconds(3600)))
                try Self.session.apply(to: connection)
                result = try Self.migrate(connection, migrations: migrations, logger: logger)
            } catch {
                throw MigrationError(code: .failed, message: "migration of \(url) failed: \(error)")
            }
            return try result.get()
        }
    }

    private static let session = SessionSettings(
        role: nil, statementTimeout: .zero, lockTimeout: .seconds(60), idleInTransactionTimeout: .seconds(60)
    )

    /// A `StorageError` means that the database failed, a failed result that the migrator refused.
    private static func migrate(
        _ connection: PostgresConnection, migrations: [Migration], logger: Logger
    ) throws(StorageError) -> Result<[String], MigrationError> {
        // Held until the connection ends. The number is arbitrary: "puente" in ASCII.
        _ = try connection.run([Statement(sql: "select pg_advisory_lock(123666793624677)")])
        let pending: ArraySlice<Migration>
        do {
            pending = try MigrationPlan.pending(known: migrations, applied: Self.applied(connection))
            // Last of the checks: it may write.
            try ApplicationRole.prepare(connection)
        } catch let error as MigrationError {
            return .failure(error)
        } catch let error as StorageError {
            throw error
        } catch {
            throw .unexpected("\(error)")
        }
        for migration in pending {
            do throws(StorageError) {
                try Self.apply(migration, on: connection)
            } catch {
                let message = "\(migration.fileName) failed, nothing of it is kept: \(error)"
                return .failure(MigrationError(code: .failed, message: message))
            }
            logger.info("migration applied", metadata: ["migration": "\(migration.fileName)"])
        }
        return .success(pending.map(\.fileName))
    }

    private static func applied(_ connection: PostgresConnection) throws(StorageError) -> [MigrationPlan.Applied] {
        let exists = try connection.run([Statement(sql: "select to_regclass('public.schema_migrations') is not null")])
        guard try exists.last?.rows.first?.bool(0) == true else { return [] }
        let rows = try connection.run([
            Statement(sql: "select number, name, checksum from public.schema_migrations order by number")
        ])
        var applied: [MigrationPlan.Applied] = []
        for row in rows.last?.rows ?? [] {
            applied.append(
                MigrationPlan.Applied(number: Int(try row.int(0)), name: try row.text(1), checksum: try row.text(2))
            )
        }
        return applied
    }

    private static func apply(_ migration: Migration, on connection: PostgresConnection) throws(StorageError) {
        do throws(StorageError) {
            _ = try connection.run([
                .begin,
                Statement(
                    sql: """
                        create table if not exists public.schema_migrations (
                            number integer primary key,
                            name text not null,
                            checksum text not null,
                            applied_at timestamptz not null default now()
                        )
                        """
                ),
                // Readiness compares it with what the program knows.
                Statement(sql: "grant select on public.schema_migrations to puente_app"),
            ])
            try connection.runScript(migration.sql)
            _ = try connection.run([
                Statement(
                    sql: "insert into public.schema_migrations (number, name, checksum) values ($1, $2, $3)",
                    parameters: [.int(migration.number), .text(migration.name), .text(migration.checksum)]
                ),
                .commit,
            ])
        } catch {
            if connection.isUsable { _ = try? connection.run([.rollback]) }
            throw error
        }
        guard connection.isIdle else { throw .unexpected("the migration left a transaction open") }
    }
}
