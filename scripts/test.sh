#!/usr/bin/env bash
# test.sh: the cheap checks, then every test on one debug build. Fast and pure suites first, then sockets, then PostgreSQL
# and the product, then real clients and a real browser. Prints totals; fails when anything failed.
#   ONLY=swift|clients scripts/test.sh    only one of the two parts
set -uo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.." || exit

# Tests of sockets and PostgreSQL have deadlines: more of them at once than this only measures the machine's queue.
width=$(($(nproc) * 2))
readonly pure='^(EngineIOTests|SocketIOTests|AssignmentTests|SimulationTests)\.'
readonly random='^FuzzTests\.'
# Eight processes at full speed: beside others they would only make those late.
readonly stress='DispatchStressTests'
readonly sockets='^(TransportTests|SocketServerTests)\.'
only=${ONLY:-all}
started=$SECONDS
declare -a report=()
failed=0

# note NAME STATUS SECONDS SUMMARY
note() {
    report+=("$(printf '%-24s %-7s %4ss  %s' "$1" "$([[ $2 == 0 ]] && echo passed || echo FAILED)" "$3" "$4")")
    [[ $2 == 0 ]] || failed=1
}

# swift_suites NAME ARGUMENTS...: one `swift test` run; its last line of totals goes into the report.
swift_suites() {
    local name=$1 begin=$SECONDS log status
    shift
    log=$(mktemp)
    printf '\n== %s ==\n' "$name"
    swift test --skip-build --disable-xctest "$@" 2>&1 | tee "$log" | grep -vE '^[^ ]* (Test [^r]|Test r[^u]|Suite ).*(started|passed after [0-9.]+ seconds)\.$'
    status=${PIPESTATUS[0]}
    # A run that found nothing to run proves nothing.
    if ! grep -qE 'Test run with [1-9][0-9]* tests?' "$log"; then status=1; fi
    note "$name" "$status" $((SECONDS - begin)) "$(grep -oE 'Test run with .*' "$log" | tail -n 1)"
    rm -f "$log"
}

# client_suite NAME COMMAND...: a script whose last line is "N passed, N failed".
client_suite() {
    local name=$1 begin=$SECONDS log status
    shift
    log=$(mktemp)
    printf '\n== %s ==\n' "$name"
    "$@" 2>&1 | tee "$log"
    status=${PIPESTATUS[0]}
    note "$name" "$status" $((SECONDS - begin)) "$(grep -oE '[0-9]+ passed, [0-9]+ failed' "$log" | tail -n 1)"
    rm -f "$log"
}

echo "== checks =="
begin=$SECONDS
scripts/check.sh quick
note checks $? $((SECONDS - begin)) ""

printf '\n== build ==\n'
begin=$SECONDS
# The import check is a wall of the house: a target that imports what it does not declare does not build.
swift build --build-tests --explicit-target-dependency-import-check error || exit 1
note build 0 $((SECONDS - begin)) ""
printf '\n== container files ==\n'
begin=$SECONDS
tools/py5/bin/python scripts/check-container.py "$(swift build --show-bin-path)/gateway"
note "container files" $? $((SECONDS - begin)) ""

if [[ $only != clients ]]; then
    swift_suites "pure suites" --filter "$pure"
    swift_suites "sockets" --filter "$sockets" --experimental-maximum-parallelization-width "$width"
    swift_suites "storage and gateway" --skip "$pure" --skip "$sockets" --skip "$random" --skip "$stress" \
        --experimental-maximum-parallelization-width "$width"
    # Not beside another suite: two runs of SwiftPM in one build folder lock each other out.
    export PUENTE_FUZZ_SEED=${PUENTE_FUZZ_SEED:-$(date +%s)} PUENTE_FUZZ_SECONDS=${PUENTE_FUZZ_SECONDS:-60}
    printf '\nrandom input has the seed %s; .build-fuzz/found keeps what fails\n' "$PUENTE_FUZZ_SEED"
    swift_suites "random input" --filter "$random"
    swift_suites "stress" --filter "$stress"
fi
if [[ $only != swift ]]; then
    TEST_BIN=$(swift build --show-bin-path)
    export TEST_BIN
    client_suite "clients and browser" tools/py5/bin/python Tests/Browser/run.py
    client_suite "delivery checker" tools/py5/bin/python Tests/Delivery/test_checker.py
    # Its own seed each time; it says which.
    client_suite "delivery under faults" tools/py5/bin/python Tests/Delivery/run.py --seconds "${DELIVERY_SECONDS:-60}"
fi

printf '\n%s\n' "${report[@]}"
printf 'total %s s\n' $((SECONDS - started))
exit $failed
