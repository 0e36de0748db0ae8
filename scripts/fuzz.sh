#!/usr/bin/env bash
# fuzz.sh [SECONDS [TARGET...]]: libFuzzer on the parsers that strangers reach, SECONDS for each (default 60).
#   Corpora grow in .build-fuzz/corpus; an input that breaks something is left in .build-fuzz/found, and the script fails.
#   FUZZ_FLAGS  more flags of libFuzzer
set -uo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.." || exit

time=${1:-60}
targets=("${@:2}")
readonly folder=.build-fuzz
read -ra more <<<"${FUZZ_FLAGS:-}"
[[ ${#targets[@]} -gt 0 ]] || mapfile -t targets < <(
    grep -hoE '(name: |FuzzTarget\(name: )"[a-z-]+"' Tests/FuzzTests/Properties/*.swift | grep -oE '"[^"]+"' | tr -d '"')

# libFuzzer brings its own `main`: this target is in the manifest only when it is asked for.
read -ra flags <<<"${SWIFT_FLAGS:-}"
PUENTE_FUZZ=1 swift build --sanitize fuzzer --scratch-path "$folder" --product Fuzz "${flags[@]}" || exit 1
program=$(PUENTE_FUZZ=1 swift build --sanitize fuzzer --scratch-path "$folder" --show-bin-path)/Fuzz
mkdir -p "$folder/found"

failed=0
for target in "${targets[@]}"; do
    corpus=$folder/corpus/$target
    mkdir -p "$corpus"
    log=$folder/$target.log
    if PUENTE_FUZZ_TARGET=$target PUENTE_FUZZ_CORPUS=$corpus "$program" -max_total_time="$time" -timeout=5 \
        -artifact_prefix="$folder/found/$target-" "${more[@]}" "$corpus" >"$log" 2>&1; then
        printf '%-16s ok      %s\n' "$target" "$(grep -E 'DONE' "$log" | tail -n 1 | tr -s ' \t' ' ')"
    else
        printf '%-16s FAILED  %s\n' "$target" "$log"
        grep -E 'Fatal error|ERROR|SUMMARY|Test unit' "$log" | head -n 5
        failed=1
    fi
done
exit $failed
