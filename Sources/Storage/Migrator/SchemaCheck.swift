/// Whether the schema is still the one that this program was built for: somebody may migrate the database while it runs.
package enum SchemaCheck {
    package enum Outcome: String, Sendable, CaseIterable {
        case ok
        /// A newer program has migrated the database.
        case newer
        /// A backup of an older schema was put back, or a migration reads otherwise than it did.
        case different
    }

    /// Compares what the database says was applied with what this program knows.
    package static func outcome(
        _ transaction: Transaction, migrations: [Migration] = Migrator.compiled
    ) throws(StorageError) -> Outcome {
        let rows = try transaction.query(
            "select number, name, checksum from public.schema_migrations order by number")
        var applied: [MigrationPlan.Applied] = []
        for row in rows {
            applied.append(
                MigrationPlan.Applied(
                    number: Int(clamping: try row.int(0)), name: try row.text(1), checksum: try row.text(2)))
        }
        do throws(MigrationError) {
            return try MigrationPlan.pending(known: migrations, applied: applied).isEmpty ? .ok : .different
        } catch {
            return error.code == .newerSchema ? .newer : .different
        }
    }
}
