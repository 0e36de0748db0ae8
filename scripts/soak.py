#!/usr/bin/env python3
"""make soak: mixed load on one gateway for SECONDS, to see whether anything grows that should not.

Real clients (python-socketio): visitors who write, ask for a person, lose their line and come back with their token; two
bots that answer; commercials who take chats, answer and close them. Every five seconds the gateway's memory, descriptors,
timers, sessions and waiting bytes are noted (--csv keeps them). Every visitor counts what it hears: its messages have to be
1, 2, 3 … without a gap or a double. Fails when memory of the last quarter is more than --growth above that of the second
quarter, when a visitor missed or doubled a message, or when sessions, timers or descriptors do not come back to where they
were before the load.
"""
import argparse
import asyncio
import csv
import os
import random
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

GAUGES = ("puente_sessions", "puente_timers", "puente_pending_bytes", "puente_messages_waiting")
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
        return sample

    def stop(self):
        self.process.send_signal(signal.SIGTERM)
        return self.process.wait(60)


class Run:
    def __init__(self, url, seconds, chance):
        self.url, self.until, self.chance = url, time.monotonic() + seconds, chance
        self.sent = self.refused = self.heard = self.lines = self.closed = 0
        self.faults = []

    @property
    def goes_on(self):
        return time.monotonic() < self.until

    async def connect(self, auth):
        client = socketio.AsyncClient(reconnection=False)
        await client.connect(self.url, auth=auth, transports=["websocket"], wait_timeout=30)
        self.lines += 1
        return client


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
            stretch = time.monotonic() + run.chance.uniform(10, 60)
            while run.goes_on and time.monotonic() < stretch:
                await asyncio.sleep(run.chance.uniform(1, 8))
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
        if chats:
            chat = chats.pop(0)
            await client.call("message:send", {"chatId": chat, "content": "Here I am.", "type": "agent"}, timeout=30)
            ack = await client.call("chat:close", {"chatId": chat}, timeout=30)
            run.closed += ack["ok"]
    await client.disconnect()


async def load(gateway, options, keys):
    run = Run(gateway.url, options.seconds, random.Random(options.seed))
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


def main():
    parser = argparse.ArgumentParser(description="Mixed load for a while; fails when something grows.")
    parser.add_argument("--binary", required=True, help="the gateway")
    parser.add_argument("--seconds", type=int, default=1800)
    parser.add_argument("--visitors", type=int, default=2000)
    parser.add_argument("--growth", type=float, default=0.10, help="share by which memory may grow (0.10)")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--csv", help="where to keep the samples")
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
            if after["sessions"] == 0 and after["descriptors"] <= before["descriptors"] + 8:
                break
        status = gateway.stop()
    if options.csv:
        with open(options.csv, "w", newline="") as file:
            writer = csv.DictWriter(file, samples[0])
            writer.writeheader()
            writer.writerows(samples)
    quarter = max(1, len(samples) // 4)
    early = statistics.mean(sample["rss"] for sample in samples[quarter:2 * quarter] or samples)
    late = statistics.mean(sample["rss"] for sample in samples[-quarter:])
    print(f"{run.sent} sent, {run.refused} refused, {run.heard} heard, {run.lines} connections, {run.closed} chats closed")
    print(f"memory {early / 1e6:.1f} MB in the second quarter, {late / 1e6:.1f} MB in the last ({late / early - 1:+.1%})")
    for name in ("descriptors", "sessions", "timers", "pending_bytes"):
        print(f"{name}: {before[name]:.0f} before, {max(sample[name] for sample in samples):.0f} at most, "
              f"{after[name]:.0f} after")
    faults = run.faults
    if late > early * (1 + options.growth):
        faults.append("memory grows")
    if after["sessions"] or after["timers"] > before["timers"] or after["descriptors"] > before["descriptors"] + 8:
        faults.append("something is left of the load")
    if status:
        faults.append(f"the gateway ended with {status}")
    for fault in faults[:20]:
        print("FAILED:", fault)
    print(f"{0 if faults else 1} passed, {1 if faults else 0} failed")
    sys.exit(1 if faults else 0)


if __name__ == "__main__":
    main()
