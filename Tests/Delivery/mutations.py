#!/usr/bin/env python3
"""make check-mutations: a gateway that breaks a promise on purpose has to be caught by the checker, one run per promise.

Debug builds alone know how to (`PUENTE_MUTATION`); that a release build does not is looked up in its binary, where there
is one."""

import argparse
import re
import subprocess
import sys
import time

from servers import ROOT

KILLS = ("postgres_killed", "postgres_immediate", "gateway_killed", "backends_terminated")
LINES = ("client_line_deaf", "client_line_reset", "client_line_blackhole", "client_line_down")

# -> the invariants of which one has to be found broken; the faults that bring it out, or none.
MUTATIONS = {
    "ack-before-commit": ((1,), KILLS),
    "number-lost": ((4,), ("none",)),
    "retry-stored-twice": ((1, 3), LINES),
    "false-refusal": ((2,), ("none",)),
    "replay-off-by-one": ((5, 10), LINES),
    "barrier-off-by-one": ((5,), ("none",)),
    "event-swallowed": ((5, 10), ("none",)),
    "event-doubled": ((3,), ("none",)),
    "order-lost": ((5,), ("none",)),
    "others-unheard": ((5, 10), ("none",)),
    "leave-ignored": ((9,), ("none",)),
}


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("names", nargs="*", help="these alone")
    parser.add_argument("--seconds", default="12")
    parser.add_argument("--seed", default="1")
    options = parser.parse_args()
    failed = []
    names = options.names or list(MUTATIONS)
    for name in names:
        expected, faults = MUTATIONS[name]
        began = time.monotonic()
        words = [word for fault in faults for word in ("--only", fault)]
        words += [word for number in expected for word in ("--expect", str(number))]
        done = subprocess.run(
            [sys.executable, str(ROOT / "Tests/Delivery/run.py"), "--mutation", name, "--seconds", options.seconds,
             "--seed", options.seed, *words], capture_output=True, text=True, timeout=300)
        found = re.findall(r"FAIL +(\d+) ([a-z ]+): (\d+)", done.stdout)
        print(f"  {'caught ' if done.returncode == 0 else 'MISSED '} {name:20} "
              + ", ".join(f"{number} {what} ({count})" for number, what, count in found)
              + f" ({time.monotonic() - began:.0f} s)", flush=True)
        if done.returncode:
            failed.append(name)
            print(done.stdout[-3000:], done.stderr[-2000:])
    release = ROOT / ".build-release" / "release" / "gateway"
    if not options.names and release.exists():
        known = [name for name in MUTATIONS if name.encode() in release.read_bytes()]
        print(f"  {'MISSED ' if known else 'absent '} from the release build")
        failed += known[:1] and ["release"]
    print(f"{len(names) - len(failed)} passed, {len(failed)} failed")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
