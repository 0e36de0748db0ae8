#!/usr/bin/env python3
"""make soak: mixed load on one gateway for SECONDS, to see whether anything grows that should not.

Real clients (python-socketio): visitors who write, ask for a person, lose their line and come back with their token; two
bots that answer; commercials who take chats, answer and close them. Every five seconds the gateway's memory, descriptors,
timers, sessions and waiting bytes are noted, and what the database holds of the present: leases, chats that are open and
how many row versions wait for vacuum (--csv keeps them, --plot draws them). Every visitor counts what it hears: its
messages have to be 1, 2, 3 … without a gap or a double. Fails when memory of the last quarter is more than --growth above
that of the second quarter, when a visitor missed or doubled a message, or when sessions, timers, descriptors or leases do
not come back to where they were before the load.
"""
import argparse
import asyncio
import collections
import csv
import os
import random
import re
import signal
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.request
import uuid
from pathlib import Path

import socketio

ROOT = Path(__file__).resolve().parent.parent
GAUGES = ("puente_sessions", "puente_timers", "puente_pending_bytes", "puente_messages_waiting")
# What the database holds of the present, not of the past: it may not grow with time.
PRESENT = """select
    (select count(*) from presence_leases),
    (select count(*) from chats where status <> 'closed'),
    (select coalesce(sum(n_dead_tup), 0) from pg_stat_user_tables),
    (select count(*) from messages),
    pg_database_size(current_database())"""
WORDS = ("Where is my order?", "Thank you", "How much is the lamp?", "It came yesterday", "Which sizes are there?")


class Gateway:
    def __init__(self, binary, directory):
        self.binary, self.storage = binary, ["--data-dir", directory]
        self.log = open(Path(directory) / "gateway.log", "w")
        self.process = subprocess.Popen(
            [binary, "serve", "--port", "0", *self.storage], env={**os.environ, "PUENTE_LIMITS": "off"},
            stdout=subprocess.PIPE, stderr=self.log, text=True)
        line = self.process.stdout.readline()
        if not line.startswith("ready "):
            sys.exit("soak: the gateway did not start: " + Path(self.log.name).read_text()[-2000:])
        self.url = line.split()[1]
        found = re.search(r"cluster\W*?(/[^\s,\"\]]+)", Path(self.log.name).read_text())
        lines = (Path(found[1] if found else Path(directory) / "postgres") / "postmaster.pid").read_text().split("\n")
        launcher = (ROOT / "Sources/Storage/Embedded/ServerLauncher.swift").read_text()
        owner = re.search(r'static let owner = "(\w+)"', launcher)[1]
        self.database = f"postgresql:///puente?host={lines[4].strip()}&port={lines[3].strip()}&user={owner}"

    def present(self):
        psql = Path(subprocess.run(["pg_config", "--bindir"], capture_output=True, text=True, check=True).stdout.strip()) / "psql"
        done = subprocess.run(
            [psql, "-X", "-A", "-t", "-F", " ", "-c", PRESENT, self.database], capture_output=True, text=True, check=True)
        return dict(zip(("leases", "open_chats", "dead_rows", "messages", "database"), map(int, done.stdout.split())))

    def command(self, *arguments):
        done = subprocess.run([self.binary, *arguments, *self.storage], capture_output=True, text=True, check=True)
        return done.stdout.strip()

    def sample(self):
        """-> what there is of everything now."""
        process = Path(f"/proc/{self.process.pid}")
        resident = int((process / "statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE")
        sample = {"rss": resident, "descriptors": len(list((process / "fd").iterdir()))}
        with urllib.request.urlopen(self.url + "/metrics", timeout=10) as answer:
            for line in answer.read().decode().splitlines():
                name, _, value = line.partition(" ")
                if name in GAUGES:
                    sample[name.removeprefix("puente_")] = float(value)
        return {**sample, **self.present()}

    def stop(self):
        self.process.send_signal(signal.SIGTERM)
        return self.process.wait(60)


class Run:
    def __init__(self, url, seconds, pace, chance):
        self.url, self.until, self.pace, self.chance = url, time.monotonic() + seconds, pace, chance
        self.sent = self.refused = self.heard = self.lines = self.closed = self.dropped = 0
        self.faults = []

    @property
    def goes_on(self):
        return time.monotonic() < self.until

    async def connect(self, auth):
        """Somebody of the team, whose client comes back by itself."""
        client = socketio.AsyncClient(reconnection_delay=1, reconnection_delay_max=5)
        await client.connect(self.url, auth=auth, transports=["websocket"], wait_timeout=30)
        self.lines += 1
        client.on("disconnect", self.lost)
        return client

    def lost(self, *_):
        """A line that nobody hung up."""
        if self.goes_on:
            self.dropped += 1


async def visitor(run, key):
    """Writes now and then; each stretch is a connection of its own, as one visitor."""
    seen, chat, token = {}, None, None

    def note(message):
        run.heard += 1
        known = seen.setdefault((message["chatId"], message["seq"]), message["messageId"])
        if known != message["messageId"]:
            run.faults.append(f"{message['chatId']} {message['seq']} is two messages")

    while run.goes_on:
        session = asyncio.get_running_loop().create_future()
        client = socketio.AsyncClient(reconnection=False)
        client.on("session", lambda data, f=session: f.done() or f.set_result(data))
        client.on("message:new", note)
        try:
            await client.connect(
                run.url, auth={"key": key, "token": token} if token else {"key": key}, transports=["websocket"],
                wait_timeout=30)
            run.lines += 1
            token = (await asyncio.wait_for(session, 30)).get("token") or token
            stretch = time.monotonic() + run.chance.uniform(2, 12) * run.pace
            while run.goes_on and time.monotonic() < stretch:
                await asyncio.sleep(run.chance.uniform(0.2, 1.8) * run.pace)
                text = "I want to talk to a person" if run.chance.random() < 0.03 else run.chance.choice(WORDS)
                ack = await client.call(
                    "message:send", {"content": text, "clientMsgId": str(uuid.uuid4())}, timeout=30)
                if ack["ok"]:
                    run.sent += 1
                    chat = ack["chatId"]
                    note(ack)
                else:
                    run.refused += 1
            if chat:
                after, more = 0, True
                while more:
                    page = await client.call("chat:history", {"chatId": chat, "afterSeq": after}, timeout=30)
                    if not page["ok"]:
                        run.refused += 1
                        await asyncio.sleep(1)
                        continue
                    numbers = [message["seq"] for message in page["messages"]]
                    if numbers != list(range(after + 1, after + 1 + len(numbers))):
                        run.faults.append(f"{chat} has {numbers} after {after}")
                    for message in page["messages"]:
                        note(message)
                    more, after = page["hasMore"], after + len(numbers)
        except (socketio.exceptions.SocketIOError, asyncio.TimeoutError) as error:
            run.faults.append(f"visitor: {error!r}")
        finally:
            await client.disconnect()


async def bot(run, key):
    client = await run.connect({"token": key})

    @client.on("message:new")
    async def answer(message):
        if message["sender"]["role"] != "visitor" or message["chat"]["assignedTo"] is not None:
            return
        reply = {"chatId": message["chatId"], "content": "One moment, please.", "type": "ai-response",
                 "inReplyToSeq": message["seq"]}
        if client.connected:
            await client.emit("message:send", reply)

    while run.goes_on:
        await asyncio.sleep(1)
    await client.disconnect()


async def commercial(run, token):
    client = await run.connect({"token": token})
    chats = []
    client.on("chat:assigned", lambda told: chats.append(told["chatId"]))
    while run.goes_on:
        await asyncio.sleep(run.chance.uniform(1, 3))
        if chats and client.connected:
            chat = chats[0]
            try:
                await client.call("message:send", {"chatId": chat, "content": "Here I am.", "type": "agent"}, timeout=30)
                ack = await client.call("chat:close", {"chatId": chat}, timeout=30)
            except socketio.exceptions.SocketIOError:
                continue
            chats.remove(chat)
            run.closed += ack["ok"]
    await client.disconnect()


async def load(gateway, options, keys):
    run = Run(gateway.url, options.seconds, options.pace, random.Random(options.seed))
    people = [commercial(run, token) for token in keys["tokens"]] + [bot(run, key) for key in keys["bots"]]
    tasks = [asyncio.create_task(one) for one in people]
    for _ in range(options.visitors):
        tasks.append(asyncio.create_task(visitor(run, keys["widget"])))
        await asyncio.sleep(0.01)
    samples = []
    while run.goes_on:
        await asyncio.sleep(5)
        samples.append({"at": round(time.monotonic() - run.until + options.seconds), **gateway.sample()})
    await asyncio.gather(*tasks)
    return run, samples


def plot(samples):
    """-> an SVG with a curve for each thing that may not grow."""
    curves = [
        ("rss", "resident memory, MB", 1e6), ("descriptors", "descriptors", 1), ("timers", "timers", 1),
        ("sessions", "sessions", 1), ("leases", "presence leases", 1), ("open_chats", "open chats", 1),
        ("dead_rows", "row versions that wait for vacuum", 1),
    ]
    width, height, left = 640, 70, 60
    out = [f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width + left + 20} {len(curves) * (height + 34) + 24}" '
           'font-family="sans-serif" font-size="12" fill="#333">', '<rect width="100%" height="100%" fill="#fff"/>']
    end = samples[-1]["at"] or 1
    for place, (name, title, unit) in enumerate(curves):
        top = place * (height + 34) + 24
        values = [sample[name] / unit for sample in samples]
        most = max(values) or 1
        points = " ".join(f"{left + sample['at'] / end * width:.1f},{top + height - value / most * height:.1f}"
                          for sample, value in zip(samples, values))
        out += [f'<text x="{left}" y="{top - 6}">{title}</text>',
                f'<text x="{left - 6}" y="{top + 10}" text-anchor="end">{most:,.0f}</text>',
                f'<text x="{left - 6}" y="{top + height}" text-anchor="end">0</text>',
                f'<path d="M{left} {top}V{top + height}H{left + width}" fill="none" stroke="#bbb"/>',
                f'<polyline points="{points}" fill="none" stroke="#1d6fb8" stroke-width="1.5"/>']
    out += [f'<text x="{left + width}" y="{len(curves) * (height + 34) + 16}" text-anchor="end">{end / 60:.0f} minutes</text>', "</svg>"]
    return "\n".join(out) + "\n"


def main():
    parser = argparse.ArgumentParser(description="Mixed load for a while; fails when something grows.")
    parser.add_argument("--binary", required=True, help="the gateway")
    parser.add_argument("--seconds", type=int, default=1800)
    parser.add_argument("--visitors", type=int, default=2000)
    parser.add_argument("--pace", type=float, default=20, help="seconds between a visitor's messages, on average (20)")
    parser.add_argument("--growth", type=float, default=0.10, help="share by which memory may grow (0.10)")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--csv", help="where to keep the samples")
    parser.add_argument("--plot", help="where to draw them, as SVG")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as directory:
        os.chmod(directory, 0o755)
        gateway = Gateway(options.binary, directory)
        names = [f"person-{number}" for number in range(10)]
        keys = {
            "widget": gateway.command("widgetkey", "create"),
            "bots": [gateway.command("apikey", "create", "--name", f"bot-{n}", "--scopes", "messaging") for n in (1, 2)],
            "tokens": [
                gateway.command("token", "--role", "commercial", "--subject", name, "--ttl", str(options.seconds + 600))
                for name in names],
        }
        before = gateway.sample()
        run, samples = asyncio.run(load(gateway, options, keys))
        after = before
        for _ in range(60):
            time.sleep(1)
            after = gateway.sample()
            if after["sessions"] == 0 and after["descriptors"] <= before["descriptors"] + 8 and after["leases"] <= before["leases"]:
                break
        status = gateway.stop()
    if options.csv:
        with open(options.csv, "w", newline="") as file:
            writer = csv.DictWriter(file, samples[0])
            writer.writeheader()
            writer.writerows(samples)
    if options.plot:
        Path(options.plot).write_text(plot(samples))
    quarter = max(1, len(samples) // 4)
    early = statistics.mean(sample["rss"] for sample in samples[quarter:2 * quarter] or samples)
    late = statistics.mean(sample["rss"] for sample in samples[-quarter:])
    print(f"{run.sent} sent, {run.refused} refused, {run.heard} heard, {run.lines} connections, {run.closed} chats closed, "
          f"{run.dropped} lines of the team lost")
    print(f"memory {early / 1e6:.1f} MB in the second quarter, {late / 1e6:.1f} MB in the last ({late / early - 1:+.1%})")
    grown = (samples[-1]["database"] - before["database"]) / max(1, samples[-1]["messages"] - before["messages"])
    print(f"database: {samples[-1]['database'] / 1e6:.1f} MB at the end, {grown:,.0f} bytes a message")
    for name in ("descriptors", "sessions", "timers", "pending_bytes", "leases", "open_chats", "dead_rows"):
        print(f"{name}: {before[name]:.0f} before, {max(sample[name] for sample in samples):.0f} at most, "
              f"{after[name]:.0f} after")
    faults = run.faults
    if late > early * (1 + options.growth):
        faults.append("memory grows")
    left = after["sessions"] or after["leases"] > before["leases"] or after["timers"] > before["timers"]
    if left or after["descriptors"] > before["descriptors"] + 8:
        faults.append("something is left of the load")
    if status:
        faults.append(f"the gateway ended with {status}")
    for fault, times in collections.Counter(faults).most_common(20):
        print(f"FAILED: {fault}" + (f" ({times} times)" if times > 1 else ""))
    print(f"{0 if faults else 1} passed, {1 if faults else 0} failed")
    sys.exit(1 if faults else 0)


if __name__ == "__main__":
    main()
