/// The role `puente_app`, for which row-level security is in force. Roles belong to the whole cluster: other databases
/// may share it, and other migrators may make it at the same moment.
enum ApplicationRole {
    /// Makes the role and lets the current user take it on, where that is still to be done.
    ///
    /// Throws `MigrationError` with the SQL to run where the user may not do it, and where the role could pass by
    /// row-level security.
    static func prepare(_ connection: PostgresConnection) throws {
        do throws(StorageError) {
            if try !Self.exists(connection) {
                try Self.run(
                    "create role puente_app nologin nosuperuser nobypassrls nocreatedb nocreaterole", on: connection,
                    ignoring: ["42710", "23505"]
                )
            }
            if try !Self.canTakeOn(connection) {
                // Two migrators that grant at once: the later one finds a tuple that was updated (XX000).
                try Self.run("grant puente_app to current_user", on: connection, ignoring: ["XX000", "23505"])
            }
        } catch {
            guard error.sqlState == "42501" else { throw error }
            throw Self.refused(
                "may not make the role of the application", connection,
                sql: """
                    create role puente_app nologin nosuperuser nobypassrls;
                    grant puente_app to \(Self.currentUser(connection));
                    """
            )
        }
        let rows = try connection.run([
            Statement(sql: "select rolsuper or rolbypassrls from pg_roles where rolname = 'puente_app'")
        ]).last?.rows
        guard try rows?.first?.bool(0) == false else {
            throw Self.refused(
                "would be exempt from row-level security by the role of the application", connection,
                sql: "alter role puente_app nosuperuser nobypassrls;"
            )
        }
    }

    private static func exists(_ connection: PostgresConnection) throws(StorageError) -> Bool {
        let rows = try connection.run([Statement(sql: "select from pg_roles where rolname = 'puente_app'")]).last?.rows
        return rows?.isEmpty == false
    }

    /// Membership alone is not enough from PostgreSQL 16 on: who makes a role gets it without the right to take it on.
    private static func canTakeOn(_ connection: PostgresConnection) throws(StorageError) -> Bool {
        let statement =
            connection.serverVersion >= 16
            ? Statement(sql: "select pg_has_role(current_user, 'puente_app', 'SET')")
            : Statement(sql: "select pg_has_role(current_user, 'puente_app', 'MEMBER')")
        return try connection.run([statement]).last?.rows.first?.bool(0) ?? false
    }

    private static func run(
        _ sql: StaticString, on connection: PostgresConnection, ignoring states: Set<String>
    ) throws(StorageError) {
        do throws(StorageError) {
            _ = try connection.run([Statement(sql: sql)])
        } catch {
            guard let state = error.sqlState, states.contains(state) else { throw error }
        }
    }

    private static func currentUser(_ connection: PostgresConnection) -> String {
        let rows = try? connection.run([Statement(sql: "select quote_ident(current_user)")]).last?.rows
        return (try? rows?.first?.text(0)) ?? "the_user_of_the_url"
    }

    private static func refused(_ what: String, _ connection: PostgresConnection, sql: String) -> MigrationError {
        MigrationError(
            code: .role,
            message: """
                the database user \(Self.currentUser(connection)) \(what). Let a superuser run:

                \(sql)
                """
        )
    }
}
