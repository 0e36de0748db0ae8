#!/usr/bin/env python3
"""make bench-durable: messages a second through the gateway, each acknowledged after its COMMIT, beside what pgbench does
on the same server in the same run.

One private PostgreSQL with synchronous_commit=on (or the one of --database-url, whose user owns everything). Rounds: pgbench
with one statement that does the same work for one message (Benchmarks/durable.sql), pgbench with a bare INSERT, then
visitors with a chat each, over WebSockets. Last the tenth of that load, and one chat that all write to. What counts are
ratios of one run: rates of a machine that others use mean little. `us` is processor time per message of all that took part:
clients, gateway and PostgreSQL; it is the figure that other people's work changes least.
"""
import argparse
import json
import os
import re
import resource
import shutil
import signal
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
SQL = ROOT / "Benchmarks"
BIN = Path(subprocess.run(["pg_config", "--bindir"], capture_output=True, text=True, check=True).stdout.strip())
CHATS = f"""
    create table if not exists pgbench_bare (id bigint generated always as identity primary key, content text);
    insert into workspaces (workspace_id) values ('pgbench') on conflict do nothing;
    insert into queues (workspace_id, name) values ('pgbench', 'default') on conflict do nothing;
    insert into visitors (workspace_id, id) select 'pgbench', 'v' || n from generate_series(0, 511) n
        on conflict do nothing;
    insert into chats (workspace_id, id, visitor_id, status, first_queued_at, route_key)
        select 'pgbench', ('00000000-0000-4000-8000-' || lpad(n::text, 12, '0'))::uuid, 'v' || n, 'waiting', now(), now()
        from generate_series(0, 511) n on conflict do nothing;
    -- As it is some time after a start, and not in the middle of a run.
    vacuum analyze;
"""


def build(product):
    command = ["swift", "build", "-c", "release", "--scratch-path", ".build-release"]
    subprocess.run([*command, *os.environ.get("SWIFT_FLAGS", "").split(), "--product", product], cwd=ROOT, check=True)
    return ROOT / ".build-release" / "release" / product


def processor_time(process):
    """-> seconds of a process, and of those that it started and that are gone."""
    try:
        fields = Path(f"/proc/{process}/stat").read_text().rsplit(")", 1)[1].split()
    except OSError:
        return 0, 0
    ticks = os.sysconf("SC_CLK_TCK")
    return (int(fields[11]) + int(fields[12])) / ticks, (int(fields[13]) + int(fields[14])) / ticks


def children(process):
    return [int(child) for child in Path(f"/proc/{process}/task/{process}/children").read_text().split()]


class Gateway:
    """A running gateway and the database behind it."""

    def __init__(self, binary, directory, port, url):
        self.directory = directory
        self.storage = ["--data-dir", directory] + (["--database-url", url] if url else [])
        environment = {**os.environ, "PUENTE_LIMITS": "off"}
        command = [binary, "serve", "--port", str(port), *self.storage]
        self.log = open(Path(directory) / "gateway.log", "w")
        self.process = subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, stderr=self.log, text=True)
        line = self.process.stdout.readline()
        if not line.startswith("ready "):
            sys.exit("bench-durable: the gateway did not start: " + Path(self.log.name).read_text()[-2000:])
        self.port = int(line.rsplit(":", 1)[1])
        self.postmaster = None
        self.url = url or self.private()
        key = subprocess.run([binary, "widgetkey", "create", *self.storage], capture_output=True, text=True, check=True)
        self.key = key.stdout.strip()

    def private(self):
        """The private server, by what it wrote about itself."""
        found = re.search(r"cluster\W*?(/[^\s,\"\]]+)", Path(self.log.name).read_text())
        cluster = Path(found[1]) if found else Path(self.directory) / "postgres"
        lines = (cluster / "postmaster.pid").read_text().split("\n")
        self.postmaster = int(lines[0])
        launcher = (ROOT / "Sources/Storage/Embedded/ServerLauncher.swift").read_text()
        owner = re.search(r'static let owner = "(\w+)"', launcher)[1]
        return f"postgresql:///puente?host={lines[4].strip()}&port={lines[3].strip()}&user={owner}"

    def processor_time(self):
        """Seconds that the gateway, PostgreSQL and everything started by this script have used up to now."""
        own = resource.getrusage(resource.RUSAGE_CHILDREN)
        total = own.ru_utime + own.ru_stime + processor_time(self.process.pid)[0]
        if self.postmaster:
            total += sum(processor_time(self.postmaster)) + sum(processor_time(child)[0] for child in children(self.postmaster))
        return total

    def sql(self, text):
        result = subprocess.run(
            [BIN / "psql", "-X", "-q", "-A", "-t", "-v", "ON_ERROR_STOP=1", self.url], input=text, text=True, capture_output=True)
        if result.returncode:
            sys.exit(f"bench-durable: {result.stderr}")
        return result.stdout.strip()

    def end(self):
        self.process.send_signal(signal.SIGTERM)
        self.process.wait(60)


def pgbench(gateway, script, seconds):
    """-> transactions a second, and microseconds of processor time each."""
    before = gateway.processor_time()
    command = [BIN / "pgbench", "-n", "-M", "prepared", "-c", "32", "-j", "2", "-T", str(seconds), "-f", SQL / script]
    result = subprocess.run([*command, gateway.url], capture_output=True, text=True)
    found = re.search(r"tps = ([\d.]+)", result.stdout)
    if result.returncode or not found:
        sys.exit(f"bench-durable: pgbench: {result.stderr[-500:]}")
    rate = float(found[1])
    return round(rate), round((gateway.processor_time() - before) / rate / seconds * 1e6)


def visitors(binary, gateway, seconds, **options):
    """-> {figure: value}; `us` from the moment at which it counts."""
    command = [binary, "durable", "--port", str(gateway.port), "--key", gateway.key, "--seconds", str(seconds)]
    for name, value in options.items():
        command += ["--" + name] if value is True else ["--" + name, str(value)]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    if process.stdout.readline().strip() != "counting":
        sys.exit("bench-durable: the visitors did not get so far")
    before = gateway.processor_time() + processor_time(process.pid)[0]
    figures = json.loads(process.stdout.readline())
    after = gateway.processor_time() + processor_time(process.pid)[0]
    process.wait()
    figures["us"] = round((after - before) / figures["sends a second"] / seconds * 1e6)
    return figures


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seconds", type=int, default=20, help="of each measurement (20)")
    parser.add_argument("--rounds", type=int, default=1, help="medians of so many rounds (1)")
    parser.add_argument("--visitors", type=int, default=400, help="connections, with one message under way each (400)")
    parser.add_argument("--senders", type=int, default=20, help="connections that write to the hot chat (20)")
    parser.add_argument("--port", type=int, default=0, help="of the gateway (any free one)")
    parser.add_argument("--database-url", help="a PostgreSQL to use instead of a private one")
    parser.add_argument("--no-build", action="store_true", help="use what is in .build-release")
    options = parser.parse_args()

    def product(name):
        return ROOT / ".build-release" / "release" / name if options.no_build else build(name)

    binary, generator = product("gateway"), product("benchmarks")
    directory = tempfile.mkdtemp(prefix="puente-bench-")
    # PostgreSQL runs as another user where root starts it, and has to pass through.
    os.chmod(directory, 0o711)
    gateway = Gateway(binary, directory, options.port, options.database_url)
    try:
        gateway.sql(CHATS)
        durability = [gateway.sql(f"show {name}") for name in ("synchronous_commit", "fsync")]
        print(f"synchronous_commit {durability[0]}, fsync {durability[1]}, {options.seconds} s each", flush=True)
        rounds = []
        for _ in range(options.rounds):
            (same, same_us), (bare, _) = (
                pgbench(gateway, script, options.seconds) for script in ("durable.sql", "bare.sql"))
            durable = visitors(generator, gateway, options.seconds, visitors=options.visitors)
            figures = {"pgbench, same work": same, "pgbench, bare insert": bare, "gateway": durable["sends a second"]}
            figures |= {"ratio": round(durable["sends a second"] / same, 2)}
            figures |= {name: durable[name] for name in ("p50 ms", "p99 ms", "refused")}
            figures |= {"pgbench us": same_us, "gateway us": durable["us"], "ratio of us": round(same_us / durable["us"], 2)}
            print(json.dumps(figures), flush=True)
            rounds.append(figures)
        median = {name: statistics.median(figures[name] for figures in rounds) for name in rounds[0]}
        tenth = visitors(
            generator, gateway, options.seconds, visitors=options.visitors, rate=max(1, round(median["gateway"] / 10)))
        hot = visitors(generator, gateway, options.seconds, visitors=options.senders, hot=True)
    finally:
        gateway.end()
        shutil.rmtree(directory, ignore_errors=True)
    print(json.dumps({"median": median, "a tenth of the load": tenth, f"one chat, {options.senders} senders": hot}, indent=4))
    return 0 if median["ratio"] >= 1 and hot["gapless"] else 1


if __name__ == "__main__":
    sys.exit(main())
