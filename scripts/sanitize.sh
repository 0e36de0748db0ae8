#!/usr/bin/env bash
# sanitize.sh [address|thread...]: the suites of values, sockets and storage under a sanitizer (default: both), each with a
# build of its own in .build-address and .build-thread. What a sanitizer finds ends the run with its report.
#   SUITES   which suites, as a regular expression
#   SCRATCH  where the builds go instead: $SCRATCH-address, $SCRATCH-thread
set -uo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.." || exit

sanitizers=("$@")
((${#sanitizers[@]})) || sanitizers=(address thread)
scratch=${SCRATCH:-.build}
suites=${SUITES:-'^(EngineIOTests|SocketIOTests|AssignmentTests|SimulationTests|FuzzTests|TransportTests|SocketServerTests|StorageTests)\.'}
read -ra flags <<<"${SWIFT_FLAGS:-}"
# The tests' deadlines are those of an ordinary build, and this one takes several times as long: one test per core.
width=$(nproc)
# The Swift runtime keeps what it makes once: the tests that count objects look for leaks.
export ASAN_OPTIONS=${ASAN_OPTIONS:-detect_leaks=0:detect_stack_use_after_return=1:suppressions=$PWD/scripts/asan-suppressions.txt}
export TSAN_OPTIONS=${TSAN_OPTIONS:-halt_on_error=1}

failed=0
for sanitizer in "${sanitizers[@]}"; do
    begin=$SECONDS
    log=$(mktemp)
    printf '== %s ==\n' "$sanitizer"
    # The sanitizer keeps freed memory for a while, which a test that measures memory takes for a leak.
    swift test --sanitize="$sanitizer" --scratch-path "$scratch-$sanitizer" --disable-xctest --filter "$suites" \
        --skip HostileMemoryTests \
        --experimental-maximum-parallelization-width "$width" "${flags[@]}" 2>&1 | tee "$log" |
        grep -aE '^(==|SUMMARY|WARNING: ThreadSanitizer|✘|error:)|: error: |Test run with'
    status=${PIPESTATUS[0]}
    # A run that found nothing to run proves nothing.
    if ((status == 0)) && grep -qE 'Test run with [1-9][0-9]* tests?' "$log"; then
        printf '%s: nothing found, %s s\n' "$sanitizer" $((SECONDS - begin))
        rm -f "$log"
    else
        printf '%s: FAILED, see %s\n' "$sanitizer" "$log"
        failed=1
    fi
done
exit $failed
