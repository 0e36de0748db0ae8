#!/usr/bin/env python3
"""make bench: what the hot paths cost, compared with what they cost when somebody last looked.

Instructions of each path by callgrind, which a loaded machine does not change: the difference between many and few runs,
over the number of runs. Then load on a running `conformance`: figures to read, and limits only for what the machine's
speed does not change (memory, faults). Limits: Benchmarks/thresholds.json. Last, the same connections in three waves: the
second and third may not take more memory than the first, and afterwards every gauge must be at zero.

Exit status: 0 all within the limits; 1 something costs more, or failed; 2 a tool is missing, the rest is fine.
"""
import argparse
import json
import os
import re
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
LIMITS = ROOT / "Benchmarks" / "thresholds.json"
# path -> runs of the short and the long count, and how many of something one run does
PATHS = {
    "decode-packet": (2000, 12000, 1),
    "encode-event": (2000, 12000, 1),
    "echo": (500, 2500, 1),
    "broadcast": (5, 25, 1000),
    "broadcast-two-loops": (5, 25, 1000),
    "poll": (200, 1000, 1),
    "connect": (100, 400, 1),
}
LOADS = ["ack1", "ack10", "broadcast", "rooms", "polling", "connect", "hold"]
# A later wave may take this much more memory than the first.
WAVE_TOLERANCE = 1.05
TOLERANCE = 1.05


def build(product):
    command = ["swift", "build", "-c", "release", "--scratch-path", ".build-release", *os.environ.get("SWIFT_FLAGS", "").split()]
    subprocess.run([*command, "--product", product], cwd=ROOT, check=True)
    return ROOT / ".build-release" / "release" / product


def instructions(binary, path, runs):
    """What a process that runs a path so often executes, all threads together."""
    environment = {**os.environ, "SWIFT_DETERMINISTIC_HASHING": "1"}
    command = ["valgrind", "--tool=callgrind", "--callgrind-out-file=/dev/null", str(binary), "count", path, str(runs)]
    result = subprocess.run(command, env=environment, capture_output=True, text=True)
    found = re.search(r"Collected : (\d+)", result.stderr)
    if result.returncode or not found:
        sys.exit(f"bench: {path}: {result.stderr[-500:]}")
    return int(found[1])


def count(binary):
    """-> {path: instructions of one}; None without valgrind."""
    if not shutil.which("valgrind"):
        print("bench: valgrind is missing (Debian: apt-get install valgrind); instructions are not counted", file=sys.stderr)
        return None
    # Older valgrinds give up at the debug information of newer compilers.
    bare = binary.with_suffix(".bare")
    subprocess.run(["strip", "--strip-debug", "-o", bare, binary], check=True)
    counts = {}
    for path, (few, many, each) in PATHS.items():
        difference = instructions(bare, path, many) - instructions(bare, path, few)
        counts[path] = round(difference / (many - few) / each)
    return counts


class Conformance:
    """A server of its own for one measurement, on one loop."""

    def __init__(self, server, port):
        self.process = subprocess.Popen([server, "--port", str(port), "--loops", "1"], stdout=subprocess.PIPE, text=True)

    def __enter__(self):
        if self.process.stdout.readline().strip() != "ready":
            sys.exit("bench: conformance did not start")
        time.sleep(0.5)
        return self

    def __exit__(self, *_):
        self.process.terminate()
        self.process.wait()

    def gauges(self):
        self.process.send_signal(signal.SIGUSR1)
        return json.loads(self.process.stdout.readline())


def measure(binary, server, port, *arguments):
    """Runs the load generator on the bench listener; what it says."""
    command = [binary, *arguments, "--port", str(port + 5), "--server", str(server.process.pid)]
    result = subprocess.run(command, capture_output=True, text=True, timeout=600)
    if result.returncode:
        sys.exit(f"bench: {' '.join(arguments)}: {result.stderr.strip()[-500:]}")
    return json.loads(result.stdout)


def load(binary, server, port, connections):
    """-> {scenario: figures}."""
    figures = {}
    for scenario in LOADS:
        with Conformance(server, port) as running:
            figures[scenario] = measure(binary, running, port, "load", scenario, "--connections", str(connections))
    return figures


def waves(binary, server, port, connections):
    """Prints what three waves of the same connections took; whether they took as much as the first, and left nothing."""
    with Conformance(server, port) as running:
        memory = measure(binary, running, port, "waves", "--connections", str(connections))["resident bytes"]
        # What hangs on the last connections goes a moment after them.
        for _ in range(100):
            left = {name: value for name, value in running.gauges().items() if value}
            if not left:
                break
            time.sleep(0.1)
    more = [later / memory[0] for later in memory[1:]]
    print(f"waves        {connections:,} connections: " + ", ".join(f"{value:,}" for value in memory) + " bytes resident; "
          + ", ".join(f"{ratio - 1:+.1%}" for ratio in more) + f"; left over: {left or 'nothing'}")
    return not left and max(more) <= WAVE_TOLERANCE


def compare(measured, limits):
    """Prints a line per figure; returns the names of those that are too high."""
    high = []
    for name, value in measured.items():
        limit = limits.get(name)
        if limit is None:
            verdict = "no limit yet"
        elif value > limit * TOLERANCE:
            verdict = f"MORE than {limit:,} + {TOLERANCE - 1:.0%}"
            high.append(name)
        elif value * TOLERANCE < limit:
            verdict = f"less than {limit:,}: lower the limit (--update)"
        else:
            verdict = f"as agreed ({limit:,})"
        print(f"  {name:32} {value:>12,}  {verdict}")
    return high


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--only", choices=["count", "load", "waves"], help="one of the three parts")
    parser.add_argument("--connections", type=int, default=5000, help="how many are held, and come in waves")
    parser.add_argument("--update", action="store_true", help="make what was measured the new limits")
    parser.add_argument("--port", type=int, default=21600, help="first of seven free ports")
    options = parser.parse_args()

    limits = json.loads(LIMITS.read_text()) if LIMITS.exists() else {}
    binary = build("benchmarks")
    measured = {}
    missing = False
    steady = True
    if options.only in (None, "count"):
        counts = count(binary)
        missing = counts is None
        measured |= {f"{path}: instructions": value for path, value in (counts or {}).items()}
    if options.only in (None, "load"):
        for scenario, figures in load(binary, build("conformance"), options.port, options.connections).items():
            print(f"{scenario:12} " + "  ".join(f"{name} {value:,}" for name, value in figures.items()))
            if "bytes per connection" in figures:
                measured[f"{scenario}: bytes per connection"] = figures["bytes per connection"]
    if options.only in (None, "waves"):
        steady = waves(binary, build("conformance"), options.port, options.connections)
    print("limits:")
    high = compare(measured, limits)
    if options.update:
        LIMITS.write_text(json.dumps(limits | measured, indent=4) + "\n")
    elif high:
        print("bench: costs more than agreed: " + ", ".join(high), file=sys.stderr)
        return 1
    if not steady:
        print("bench: waves of connections leave something behind", file=sys.stderr)
        return 1
    return 2 if missing else 0


if __name__ == "__main__":
    sys.exit(main())
