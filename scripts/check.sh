#!/usr/bin/env bash
# shellcheck disable=SC2317 # the checks are called by name
# check.sh: what is cheap to check and costly to find later. Fails on the first kind of finding it has, after all ran.
set -uo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.." || exit

failed=0
# check NAME COMMAND...: runs it; its output is shown only when it fails.
check() {
    local name=$1 output
    shift
    if output=$("$@" 2>&1); then
        printf 'ok      %s\n' "$name"
    else
        printf 'FAILED  %s\n' "$name"
        head -n 60 <<<"$output" | pr --omit-header --indent=8 --page-width=500
        failed=1
    fi
}

swift_files() { git ls-files -co --exclude-standard '*.swift'; }

format() { swift_files | xargs swift format lint --strict --parallel; }

# A bare `import` hides whether a dependency is part of a target's interface.
import_levels() { ! git grep -nE '^import ' -- 'Sources/*.swift'; }

# Each of these needs a proof on its line or the line above; the borders with C may have them.
traps() { ! git grep -nE '\btry!|\bas!|fatalError\(' -- 'Sources/*.swift'; }

unproven() {
    ! git grep -nE '@unchecked Sendable|nonisolated\(unsafe\)' -- 'Sources/*.swift' \
        ':!Sources/Storage/Connection' ':!Sources/Transport/Connection'
}

lengths() {
    local long
    long=$(swift_files | grep -vE '^Package.swift$|/CompiledMigrations.swift$' | xargs wc -l | awk '$2 != "total" && $1 > 400 {print $1 " lines: " $2}' | sort -rn)
    [[ -z $long ]] || { echo "$long" && return 1; }
}

scripts() { git ls-files -co --exclude-standard '*.sh' .ci/run | xargs shellcheck; }

python() { git ls-files -co --exclude-standard '*.py' | xargs -r tools/py5/bin/python -m py_compile; }

# Without a Docker engine this is what can be checked: syntax, copied paths, flags.
container() { tools/py5/bin/python scripts/check-container.py; }

# The score of systemd's own judge, from 0 (nothing is left to take away) to 10.
unit() {
    command -v systemd-analyze >/dev/null || { echo "no systemd-analyze: not looked at" && return 0; }
    systemd-analyze security --offline=true --threshold=20 deploy/puente.service
}

# Only the folder that this repository is: nobody else has your paths.
paths() { ! git grep -nE '(^|[^a-z.])/(root|work)/' -- . ':!scripts/check.sh'; }

imports() { swift build --build-tests --explicit-target-dependency-import-check error; }

check "format (swift format lint --strict)" format
check "import levels" import_levels
check "no try!, as!, fatalError" traps
check "no unchecked Sendable outside the borders" unproven
check "no Swift file above 400 lines" lengths
check "shell scripts (shellcheck)" scripts
check "Python scripts compile" python
check "no paths of one machine" paths
check "container files" container
check "systemd unit, exposure at most 2.0" unit
[[ ${1:-} == quick ]] || check "targets import only what they declare" imports
exit $failed
