#!/usr/bin/env bash
# autobahn.sh: the WebSocket cases of AutobahnTestSuite 0.8.2, all 517 of them, against the listener `autobahn` of a
# release build of `conformance`. Fails on anything but OK and INFORMATIONAL, and NON-STRICT in 6.4.x.
#
#   PYTHON2=/path/to/python2.7   an interpreter for the suite, which never came to Python 3; else pyenv's, else PATH's
#   CASES='1.* 2.*'              only these
#   CONFORMANCE=/path            this executable instead of building one
#
# The reports are in .build/autobahn/. Takes 10 to 20 minutes, most of them for the 216 cases of compression.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

readonly tools=tools/autobahn work=.build/autobahn
say() { printf 'autobahn: %s\n' "$*" >&2; }
die() {
    printf 'autobahn: error: %s\n' "$*" >&2
    exit 1
}

is_python2() { [[ -n $1 ]] && [[ $("$1" -c 'import sys; print(sys.version_info[:2] == (2, 7))' 2>/dev/null) == True ]]; }

find_python2() {
    local candidate
    if [[ -n ${PYTHON2:-} ]]; then
        is_python2 "$PYTHON2" || die "PYTHON2=$PYTHON2 is no Python 2.7"
        echo "$PYTHON2"
        return
    fi
    for candidate in "$(pyenv root 2>/dev/null || true)"/versions/2.7.*/bin/python2.7 "$(command -v python2.7 || true)"; do
        if is_python2 "$candidate"; then
            echo "$candidate"
            return
        fi
    done
    die "no Python 2.7 found, which the suite needs. Install one (pyenv install 2.7.18) or name it: PYTHON2=/path make autobahn"
}

# The suite in an environment of its own. Newer versions of virtualenv make none for Python 2.
install_suite() {
    cmp -s scripts/requirements-autobahn.txt "$tools/requirements.txt" && return 0
    local python2
    python2=$(find_python2)
    say "installing the suite into $tools, for $python2"
    rm -rf "$tools"
    python3 -m venv "$tools/py3"
    "$tools/py3/bin/pip" install -q --disable-pip-version-check 'virtualenv==20.15.1' >&2
    "$tools/py3/bin/virtualenv" -q -p "$python2" "$tools/py2" >&2
    "$tools/py2/bin/pip" install -q --disable-pip-version-check -r scripts/requirements-autobahn.txt >&2
    cp scripts/requirements-autobahn.txt "$tools/requirements.txt"
}

server=
stop_server() { if [[ -n $server ]]; then kill "$server" 2>/dev/null || true; fi; }
trap stop_server EXIT

# Seven consecutive ports cannot be asked of the system: the next try has others.
start_server() {
    for _ in {1..10}; do
        port=$((20000 + RANDOM % 12000))
        "$1" --port "$port" --loops 1 >"$work/ready" 2>"$work/server.log" &
        server=$!
        for _ in {1..50}; do
            if grep -qx ready "$work/ready"; then return 0; fi
            kill -0 "$server" 2>/dev/null || break
            sleep 0.1
        done
        stop_server
    done
    die "the server does not start: $(tail -n 3 "$work/server.log")"
}

install_suite
if [[ -z ${CONFORMANCE:-} ]]; then
    swift build -c release --scratch-path .build-release --product conformance
    CONFORMANCE=$(swift build -c release --scratch-path .build-release --show-bin-path)/conformance
fi
rm -rf "$work"
mkdir -p "$work"
start_server "$CONFORMANCE"
read -ra wanted <<<"${CASES:-*}"
cases=$(printf '"%s", ' "${wanted[@]}")
cat >"$work/suite.json" <<EOF
{"outdir": "$work/reports", "options": {"failByDrop": false}, "exclude-cases": [], "exclude-agent-cases": {},
 "servers": [{"agent": "puente", "url": "ws://127.0.0.1:$((port + 6))/"}], "cases": [${cases%, }]}
EOF
say "running; progress in $work/suite.log"
"$tools/py2/bin/wstest" -m fuzzingclient -s "$work/suite.json" >"$work/suite.log" 2>&1 ||
    die "the suite failed: $(tail -n 3 "$work/suite.log")"

python3 - "$work/reports/index.json" "${CASES:-}" <<'EOF'
import collections, json, sys

cases = json.load(open(sys.argv[1]))["puente"]
counts = collections.Counter(case["behavior"] for case in cases.values())
fine = {"OK", "INFORMATIONAL"}
bad = [
    name for name, case in sorted(cases.items())
    if not ((case["behavior"] in fine or case["behavior"] == "NON-STRICT" and name.startswith("6.4."))
            and case["behaviorClose"] in fine)
]
for name in bad:
    print(name, cases[name]["behavior"], "close:", cases[name]["behaviorClose"])
print(", ".join(f"{count} {behavior}" for behavior, count in sorted(counts.items())), f"of {len(cases)}")
print(f"{len(cases) - len(bad)} passed, {len(bad)} failed")
if not sys.argv[2] and len(cases) != 517:
    sys.exit(f"{len(cases)} cases instead of 517")
sys.exit(1 if bad or not cases else 0)
EOF
