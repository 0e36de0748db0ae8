// Written by scripts/embed-migrations.sh from migrations/*.sql. Do not edit.
// swift-format-ignore-file

/// The files of `migrations/`, compiled in.
enum CompiledMigrations {
    static let all: [Migration] = [
    ]
}
