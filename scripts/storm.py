#!/usr/bin/env python3
"""make storm: what becomes of CLIENTS visitors when their gateway, or its PostgreSQL, goes away.

Without --outage: the gateway is killed (SIGKILL) while every visitor has a message under way, and started again at once on
the same port. All lose their connection in the same moment and come back as stock clients do (1 s, doubling up to 5 s, half
of it by chance), with their token; each sends again what was not acknowledged, joins its chat behind what it has seen, and
reads on until there is no more.

With --outage SECONDS: PostgreSQL is stopped for so long while everybody goes on writing; the connections stay.

Each visitor then reads its chat from the beginning: numbers 1, 2, 3 … without a gap, every acknowledged message under its
number once, nothing else. Prints when everybody was back, the 99th percentile, and the gateway's memory; fails when
something is missing, or memory passes --memory.
"""
import argparse
import asyncio
import contextlib
import json
import os
import pwd
import random
import resource
import shutil
import signal
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.request
import uuid
from pathlib import Path


class Lost(Exception):
    """The connection ended, or could not be made."""


class Line:
    """One Socket.IO connection over a WebSocket, as small as it can be: thousands of them share a process."""

    def __init__(self, reader, writer):
        self.reader, self.writer = reader, writer
        self.acks, self.number, self.session = {}, 0, asyncio.get_running_loop().create_future()
        self.heard = []
        self.task = asyncio.create_task(self.listen())

    @classmethod
    async def open(cls, port, auth):
        try:
            reader, writer = await asyncio.open_connection("127.0.0.1", port)
            writer.write(
                b"GET /socket.io/?EIO=4&transport=websocket HTTP/1.1\r\nHost: localhost\r\nUpgrade: websocket\r\n"
                b"Connection: Upgrade\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n")
            head = await asyncio.wait_for(reader.readuntil(b"\r\n\r\n"), 30)
        except (OSError, asyncio.IncompleteReadError, asyncio.TimeoutError) as error:
            raise Lost(str(error)) from error
        if not head.startswith(b"HTTP/1.1 101"):
            writer.close()
            raise Lost(head.split(b"\r\n")[0].decode())
        line = cls(reader, writer)
        line.send("40" + json.dumps(auth))
        try:
            line.greeting = await asyncio.wait_for(line.session, 30)
        except (Lost, asyncio.TimeoutError) as error:
            line.close()
            raise Lost(f"no session: {error}") from error
        return line

    def send(self, text):
        data = text.encode()
        size = bytes([0x80 | len(data)]) if len(data) < 126 else bytes([0xFE]) + len(data).to_bytes(2, "big")
        self.writer.write(b"\x81" + size + b"\0\0\0\0" + data)

    async def frame(self):
        head = await self.reader.readexactly(2)
        size = head[1] & 0x7F
        if size > 125:
            size = int.from_bytes(await self.reader.readexactly(2 if size == 126 else 8), "big")
        return head[0] & 0x0F, (await self.reader.readexactly(size)).decode()

    async def listen(self):
        why = "closed"
        try:
            while True:
                opcode, text = await self.frame()
                if opcode == 8:
                    break
                if text == "2":
                    self.send("3")
                elif text.startswith("42"):
                    name, *rest = json.loads(text[text.index("["):])
                    if name == "session" and not self.session.done():
                        self.session.set_result(rest[0])
                    elif name == "message:new":
                        self.heard.append(rest[0])
                elif text.startswith("43"):
                    start = text.index("[")
                    waiter = self.acks.pop(int(text[2:start]), None)
                    if waiter and not waiter.done():
                        waiter.set_result(json.loads(text[start:])[0])
                elif text.startswith("44"):
                    why = text
                    break
        except (OSError, asyncio.IncompleteReadError) as error:
            why = repr(error)
        finally:
            self.writer.close()
            for waiter in [self.session, *self.acks.values()]:
                if not waiter.done():
                    waiter.set_exception(Lost(why))
                    waiter.exception()

    async def call(self, name, payload, timeout=30):
        if self.task.done():
            raise Lost("closed")
        self.number += 1
        waiter = self.acks[self.number] = asyncio.get_running_loop().create_future()
        self.send(f"42{self.number}" + json.dumps([name, payload]))
        return await asyncio.wait_for(waiter, timeout)

    def close(self):
        self.task.cancel()
        self.writer.close()


class Visitor:
    def __init__(self, run):
        self.run, self.token, self.chat, self.line = run, None, None, None
        self.acknowledged, self.under_way, self.seen = {}, [], 0

    async def connect(self):
        self.line = await Line.open(self.run.port, {"token": self.token} if self.token else {"key": self.run.key})
        self.token = self.line.greeting.get("token") or self.token

    async def say(self, message=None):
        """Sends a message, the same one until it is acknowledged."""
        message = message or {"content": "Where is my order? " * 4, "clientMsgId": str(uuid.uuid4())}
        if message not in self.under_way:
            self.under_way.append(message)
        started = time.monotonic()
        try:
            ack = await self.line.call("message:send", message)
        except asyncio.TimeoutError:
            self.run.faults.append("an event was never answered")
            return None
        self.run.latencies.append(time.monotonic() - started)
        if ack["ok"]:
            self.under_way.remove(message)
            self.chat = ack["chatId"]
            self.acknowledged[ack["seq"]] = (ack["messageId"], message["clientMsgId"])
        else:
            self.run.refusals[ack["error"]["code"]] = self.run.refusals.get(ack["error"]["code"], 0) + 1
        return ack["ok"]

    async def settle(self):
        """Sends again what nobody knows of."""
        while self.under_way:
            if not await self.say(self.under_way[0]):
                await asyncio.sleep(random.uniform(0.2, 1))

    async def read(self, after):
        """-> what stands in the chat behind `after`."""
        messages, more = [], self.chat is not None
        while more:
            page = await self.line.call("chat:join", {"chatId": self.chat, "afterSeq": after})
            if not page["ok"]:
                await asyncio.sleep(random.uniform(0.2, 1))
                continue
            messages += page["messages"]
            after, more = (messages[-1]["seq"] if messages else after), page["hasMore"]
        return messages

    async def come_back(self):
        """As a stock client does: until it is in, has settled, and has read what it missed."""
        delay = 1.0
        while True:
            await asyncio.sleep(delay * random.uniform(0.5, 1.5))
            delay = min(5.0, delay * 2)
            try:
                await self.connect()
                await self.settle()
                for message in await self.read(self.seen):
                    self.seen = message["seq"]
                return time.monotonic()
            except Lost as error:
                self.run.retries[str(error)[:40]] = self.run.retries.get(str(error)[:40], 0) + 1

    async def judge(self):
        await self.settle()
        stored = await self.read(0)
        numbers = [message["seq"] for message in stored]
        if numbers != list(range(1, len(numbers) + 1)):
            self.run.faults.append(f"{self.chat} has {numbers}")
        there = {message["seq"]: (message["messageId"], message.get("clientMsgId")) for message in stored}
        for seq, (message, own) in self.acknowledged.items():
            if there.get(seq, (None, None))[0] != message:
                self.run.faults.append(f"{self.chat} {seq}: {message} was acknowledged and is not there")
        if len(stored) != len(self.acknowledged):
            self.run.faults.append(f"{self.chat}: {len(stored)} stored, {len(self.acknowledged)} acknowledged")


class Gateway:
    def __init__(self, options, folder):
        self.options, self.folder, self.port, self.process = options, folder, 0, None
        self.storage = ["--data-dir", str(folder)]

    def start(self):
        self.log = open(self.folder / "gateway.log", "a")
        # Loopback has no limits per address; those per identity stay.
        self.process = subprocess.Popen(
            [self.options.binary, "serve", "--port", str(self.port), *self.storage], stdout=subprocess.PIPE,
            stderr=self.log, text=True)
        line = self.process.stdout.readline()
        if not line.startswith("ready "):
            sys.exit("storm: the gateway did not start: " + Path(self.log.name).read_text()[-2000:])
        self.port = int(line.rsplit(":", 1)[1])

    def command(self, *arguments):
        done = subprocess.run(
            [self.options.binary, *arguments, *self.storage], capture_output=True, text=True, check=True)
        return done.stdout.strip()

    @property
    def resident(self):
        with contextlib.suppress(OSError, IndexError):
            pages = int(Path(f"/proc/{self.process.pid}/statm").read_text().split()[1])
            return pages * os.sysconf("SC_PAGE_SIZE") / 1e6
        return 0

    def get(self, path):
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{self.port}{path}", timeout=5) as answer:
                return answer.status
        except urllib.error.HTTPError as error:
            return error.code
        except OSError:
            return 0

    def stop(self):
        self.process.send_signal(signal.SIGTERM)
        return self.process.wait(60)


class Server:
    """A PostgreSQL that nobody but us starts and stops."""

    def __init__(self, folder):
        self.folder = folder / "server"
        self.folder.mkdir()
        installed = sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=lambda path: int(path.parent.name))
        self.programs = installed[-1] if installed else Path(shutil.which("initdb")).parent
        self.user = None
        if os.geteuid() == 0:
            self.user = "postgres"
            owner = pwd.getpwnam(self.user)
            os.chown(self.folder, owner.pw_uid, owner.pw_gid)
        self.run("initdb", "-D", self.folder / "data", "-U", "puente", "-A", "trust", "--no-sync")
        self.url = f"postgresql://puente@/postgres?host={self.folder}"

    def run(self, program, *arguments):
        subprocess.run(
            [self.programs / program, *arguments], check=True, user=self.user, cwd=self.folder,
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)

    def start(self):
        self.run("pg_ctl", "-D", self.folder / "data", "-w", "-l", self.folder / "log", "-o",
                 f"-k {self.folder} -h '' -c deadlock_timeout=200ms", "start")

    def stop(self, mode="immediate"):
        self.run("pg_ctl", "-D", self.folder / "data", "-w", "-m", mode, "stop")


class Run:
    def __init__(self, gateway, key):
        self.port, self.key = gateway.port, key
        self.latencies, self.refusals, self.retries, self.faults = [], {}, {}, []
        self.memory = []

    async def watch(self, gateway):
        while True:
            self.memory.append(gateway.resident)
            await asyncio.sleep(0.25)


def percentile(values, share):
    return sorted(values)[min(len(values) - 1, int(len(values) * share))] if values else float("nan")


async def everybody(visitors, what, width=100):
    gate = asyncio.Semaphore(width)

    async def one(visitor):
        async with gate:
            return await what(visitor)

    return await asyncio.gather(*(one(visitor) for visitor in visitors))


async def settle_in(run, options):
    visitors = [Visitor(run) for _ in range(options.clients)]

    async def begin(visitor):
        while not visitor.line:
            try:
                await visitor.connect()
            except Lost:
                await asyncio.sleep(random.uniform(0.5, 1.5))
        for _ in range(options.messages):
            while not await visitor.say(visitor.under_way[0] if visitor.under_way else None):
                await asyncio.sleep(random.uniform(0.2, 1))
        visitor.seen = 1  # It looks at nothing further: the rest has to be replayed.

    await everybody(visitors, begin)
    return visitors


async def storm(gateway, run, options):
    visitors = await settle_in(run, options)
    before = gateway.resident
    print(f"{len(visitors)} visitors with {options.messages} messages each are in, the gateway has {before:.0f} MB")
    last = [asyncio.create_task(visitor.say()) for visitor in visitors]
    await asyncio.sleep(0.05)
    killed = time.monotonic()
    gateway.process.send_signal(signal.SIGKILL)
    gateway.process.wait()
    await asyncio.gather(*last, return_exceptions=True)
    returning = [asyncio.create_task(visitor.come_back()) for visitor in visitors]
    await asyncio.to_thread(gateway.start)
    ready = time.monotonic()
    watching = asyncio.create_task(run.watch(gateway))
    back = [at - killed for at in await asyncio.wait_for(asyncio.gather(*returning), 600)]
    unknown = sum(1 for task in last if task.exception())
    print(f"killed with {unknown} messages unanswered; ready again after {ready - killed:.1f} s")
    print(f"back, settled and replayed: half after {statistics.median(back):.1f} s, 99 % after "
          f"{percentile(back, 0.99):.1f} s, all after {max(back):.1f} s; retries {run.retries}")
    await everybody(visitors, Visitor.judge)
    watching.cancel()
    return visitors


async def outage(gateway, server, run, options):
    visitors = await settle_in(run, options)
    watching = asyncio.create_task(run.watch(gateway))
    before, over = gateway.resident, asyncio.Event()

    async def go_on(visitor):
        await asyncio.sleep(random.uniform(0, 5))
        while not over.is_set():
            # One message waits for its outcome at a time, as a person's does.
            await visitor.say(visitor.under_way[0] if visitor.under_way else None)
            await asyncio.sleep(random.uniform(2, 8))

    writing = [asyncio.create_task(go_on(visitor)) for visitor in visitors]
    await asyncio.sleep(5)
    run.latencies.clear()
    stopped = time.monotonic()
    await asyncio.to_thread(server.stop)
    health = []
    while time.monotonic() - stopped < options.outage:
        health.append((await asyncio.to_thread(gateway.get, "/healthz"), await asyncio.to_thread(gateway.get, "/readyz")))
        await asyncio.sleep(1)
    answered, refused = run.latencies[:], dict(run.refusals)
    await asyncio.to_thread(server.start)
    started = time.monotonic()
    while await asyncio.to_thread(gateway.get, "/readyz") != 200:
        await asyncio.sleep(0.05)
    ready = time.monotonic() - started
    await asyncio.sleep(10)
    over.set()
    for task in await asyncio.gather(*writing, return_exceptions=True):
        if isinstance(task, BaseException):
            run.faults.append(f"a connection was lost: {task!r}")
    print(f"{len(visitors)} visitors, PostgreSQL away for {options.outage} s: {len(answered)} answers meanwhile, {refused}, "
          f"99 % within {percentile(answered, 0.99) * 1000:.0f} ms, the last within {max(answered) * 1000:.0f} ms")
    print(f"ready {ready:.1f} s after PostgreSQL; memory {before:.0f} MB before, {max(run.memory):.0f} MB at most, "
          f"{gateway.resident:.0f} MB after")
    if any(live != 200 for live, _ in health[2:]):
        run.faults.append("/healthz did not stay 200")
    if any(readiness != 503 for _, readiness in health[2:]):
        run.faults.append("/readyz did not say 503")
    if set(refused) - {"unavailable"}:
        run.faults.append(f"refused otherwise than as unavailable: {refused}")
    await everybody(visitors, Visitor.judge)
    watching.cancel()
    return visitors


def main():
    parser = argparse.ArgumentParser(description="All clients lose their gateway, or it its PostgreSQL, at once.")
    parser.add_argument("--binary", required=True, help="the gateway")
    parser.add_argument("--clients", type=int, default=5000)
    parser.add_argument("--messages", type=int, default=3)
    parser.add_argument("--outage", type=int, default=0, metavar="SECONDS", help="PostgreSQL goes instead of the gateway")
    parser.add_argument("--memory", type=float, default=1024, metavar="MB", help="the most that the gateway may have (1024)")
    options = parser.parse_args()
    _, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        folder.chmod(0o755)
        gateway, server = Gateway(options, folder), None
        try:
            if options.outage:
                server = Server(folder)
                server.start()
                gateway.storage = ["--database-url", server.url]
            gateway.start()
            run = Run(gateway, gateway.command("widgetkey", "create"))
            work = outage(gateway, server, run, options) if server else storm(gateway, run, options)
            visitors = asyncio.run(work)
            status = gateway.stop()
        finally:
            if gateway.process and gateway.process.poll() is None:
                gateway.process.kill()
            if server:
                server.stop("fast")
    total = sum(len(visitor.acknowledged) for visitor in visitors)
    print(f"{total} messages acknowledged, all looked for; the gateway had {max(run.memory):.0f} MB at most")
    if max(run.memory) > options.memory:
        run.faults.append(f"memory passed {options.memory:.0f} MB")
    if status:
        run.faults.append(f"the gateway ended with {status}")
    for fault in run.faults[:20]:
        print("FAILED:", fault)
    print(f"{0 if run.faults else 1} passed, {1 if run.faults else 0} failed")
    sys.exit(1 if run.faults else 0)


if __name__ == "__main__":
    main()
