#!/bin/sh
# Writes Sources/Storage/Migrator/CompiledMigrations.swift from migrations/*.sql, so that the executable carries its
# schema wherever it is copied. Run it after adding a migration; a test in StorageTests fails until then.
set -eu
cd "$(dirname "$0")/.."
out=Sources/Storage/Migrator/CompiledMigrations.swift
new=$(mktemp)
trap 'rm -f "$new"' EXIT
{
    echo '// Written by scripts/embed-migrations.sh from migrations/*.sql. Do not edit.'
    echo '// swift-format-ignore-file'
    echo
    echo '/// The files of the folder migrations, compiled in.'
    echo 'enum CompiledMigrations {'
    echo '    static let all: [Migration] = ['
    for file in migrations/*.sql; do
        [ -e "$file" ] || continue
        base=$(basename "$file" .sql)
        case $base in
        [0-9][0-9][0-9][0-9]_*) ;;
        *)
            echo "$file: expected a name like 0001_what_it_does.sql" >&2
            exit 1
            ;;
        esac
        number=$(echo "${base%%_*}" | sed 's/^0*//')
        echo "        Migration(number: $number, name: \"${base#*_}\", sql: ##\"\"\""
        cat "$file"
        echo '"""##),'
    done
    echo '    ]'
    echo '}'
} >"$new"
cmp -s "$new" "$out" || cp "$new" "$out"
