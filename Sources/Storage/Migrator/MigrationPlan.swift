/// Which migrations are still to be applied: the migrator's decision, without a database.
enum MigrationPlan {
    /// A row of `schema_migrations`.
    struct Applied: Equatable {
        var number: Int
        var name: String
        var checksum: String
    }

    /// The migrations that are missing, in order.
    ///
    /// - Parameters:
    ///   - known: the migrations of this program, in any order.
    ///   - applied: what the database says, in any order.
    static func pending(
        known: [Migration], applied: [Applied]
    ) throws(MigrationError) -> ArraySlice<Migration> {
        let known = known.sorted { $0.number < $1.number }
        for (index, migration) in known.enumerated() where migration.number != index + 1 {
            throw MigrationError(
                code: .gap,
                message: "migrations are numbered without gaps or doubles: expected \(index + 1), found "
                    + migration.fileName
            )
        }
        let applied = applied.sorted { $0.number < $1.number }
        if let newest = applied.last, newest.number > known.count {
            throw MigrationError(
                code: .newerSchema,
                message: """
                    the database has migration \(newest.number) (\(newest.name)), this program knows \(known.count): \
                    it was migrated by a newer version. Use that version.
                    """
            )
        }
        for (index, row) in applied.enumerated() {
            guard row.number == index + 1 else {
                throw MigrationError(
                    code: .gap, message: "the database has migration \(row.number) but not \(index + 1)"
                )
            }
            let migration = known[index]
            guard row.checksum == migration.checksum, row.name == migration.name else {
                throw MigrationError(
                    code: .edited,
                    message: """
                        \(migration.fileName) is not what was applied to this database as migration \(row.number) \
                        (\(row.name)). A shipped migration is never edited: undo the edit and add a new one.
                        """
                )
            }
        }
        return known[applied.count...]
    }
}
