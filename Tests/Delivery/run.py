#!/usr/bin/env python3
"""make check-delivery: real clients talk through two gateways on one PostgreSQL while a nemesis breaks what they stand on;
what they wrote down is then judged by checker.py.

The seed is printed, and `--seed` repeats its faults. A history that fails is kept (`--keep` keeps a sound one too).
"""

import argparse
import asyncio
import contextlib
import functools
import http.server
import json
import os
import random
import shutil
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

import checker
from clients import Reference, Stock, sha
from nemesis import Nemesis
from servers import ROOT, House

import harness  # from Tests/Browser, found by servers.py

VISITORS = ("py", "py", "js", "js")


class Page:
    """Chromium with page.html; its history comes over with its clock made ours."""

    def __init__(self, note):
        class Handler(http.server.SimpleHTTPRequestHandler):
            extensions_map = {**http.server.SimpleHTTPRequestHandler.extensions_map, ".mjs": "text/javascript"}

            def log_message(self, *_):
                pass

        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), functools.partial(Handler, directory=str(ROOT)))
        threading.Thread(target=self.server.serve_forever, daemon=True).start()
        self.note, self.lock = note, threading.Lock()
        self.least, self.most = -float("inf"), float("inf")
        self.browser = harness.Browser()
        self.window = self.browser.window(f"http://127.0.0.1:{self.server.server_address[1]}/Tests/Delivery/page.html")
        harness.eventually(lambda: self.window.run("return window.isLoaded"), "the page is loaded")

    def _call(self, body, *arguments):
        with self.lock:
            return self.window.run_async(body, *arguments)

    async def call(self, name, *arguments):
        return await asyncio.to_thread(self._call, f"return await window.{name}(...args)", *arguments)

    async def drain(self):
        before = time.monotonic()
        drained = await self.call("drain")
        after, now = time.monotonic(), drained["now"] / 1000
        # Its clock is ours plus something between these two; the more often we look the better we know.
        self.least, self.most = max(self.least, before - now), min(self.most, after - now)
        for event in drained["events"]:
            # An invocation may be taken for earlier, an answer for later: neither proves what is not so.
            offset = self.least if event["op"] in ("send", "joining") else self.most
            event["t"] = event.pop("p") / 1000 + offset
            if "content" in event:
                event["sha"] = sha(event.pop("content"))
            self.note(event)

    def end(self):
        self.browser.stop()
        self.server.shutdown()


class Run:
    def __init__(self, options):
        self.options, self.history = options, []
        self.chance = random.Random(options.seed)
        self.began = time.monotonic()
        self.goes_on = True
        self.alarms = []

    def note(self, event):
        self.history.append(event)

    def log(self, text):
        print(f"  {time.monotonic() - self.began:6.1f}  {text}", flush=True)

    async def talk(self, sender, chats, **fields):
        least, most = self.options.pause
        while self.goes_on:
            await sender.send(random.choice(chats), **fields)
            await asyncio.sleep(random.uniform(least, most))

    async def wander(self, stock, chats):
        """Joins and leaves, and is out for good moments."""
        while self.goes_on:
            chat = random.choice(chats)
            if chat in stock.inside:
                await stock.leave(chat)
            elif chat not in stock.wanted:
                stock.wanted.add(chat)
                stock.later(0, stock.join, chat)
            await asyncio.sleep(random.uniform(0.1, 0.6))

    async def drain(self, page):
        while True:
            await page.drain()
            await asyncio.sleep(1)

    async def __call__(self):
        options = self.options
        # What python-socketio leaves open where a connection was given up is not ours to tell.
        loop = asyncio.get_running_loop()
        loop.set_exception_handler(
            lambda _, context: "Unclosed" in context["message"] or loop.default_exception_handler(context))
        house = House(environment={"PUENTE_MUTATION": options.mutation} if options.mutation else None)
        page = None
        violations = ["the run did not end"]
        try:
            await house.start()
            page = await asyncio.to_thread(Page, self.note)
            async with contextlib.AsyncExitStack() as stack:
                await self.everybody(house, page, stack)
            violations = checker.judge(self.history)
        finally:
            if page:
                await asyncio.to_thread(page.end)
            house.end(keep=bool(violations) and not options.mutation or options.keep)
            if violations and not options.mutation or options.keep:
                path = Path(house.folder) / "history.jsonl"
                path.write_text("".join(json.dumps(event) + "\n" for event in self.history))
                print(f"history and logs: {house.folder}")
        return violations

    async def everybody(self, house, page, stack):
        key = await asyncio.to_thread(house.nodes[0].command, "widgetkey", "create")
        tokens = {
            name: await asyncio.to_thread(
                house.nodes[0].command, "token", "--role", "supervisor", "--subject", name, "--ttl", "24h")
            for name in ("sara", "saul", "sofia", "simon")}
        here, there = (node.url for node in house.nodes)
        # Visitors, each with a chat of their own, and a second tab on the other node.
        visitors = []
        for number, kind in enumerate(VISITORS):
            name, url = f"visitor-{number}", (here, there)[number % 2]
            if kind == "py":
                one = await stack.enter_async_context(Reference(self.note, name, f"visitor:{number}", url, {"key": key}).client)
                one = one.owner
                token, subject = await one.token
                chat = await one.send()
            else:
                one = None
                session = await page.call("reference", {"proc": name, "who": f"visitor:{number}", "url": url, "auth": {"key": key}})
                token, subject = session["token"], session["subject"]
                chat = await page.call("firstMessage", name)
            visitors.append((name, one, token, subject, chat))
        await page.drain()
        # Nobody's name was known before.
        names = {f"visitor:{number}": f"visitor:{v[3]}" for number, v in enumerate(visitors)}
        for event in self.history:
            event["who"] = names.get(event.get("who"), event.get("who"))
        chats = [v[4] for v in visitors]
        for number, (name, one, token, subject, chat) in enumerate(visitors):
            self.note({"op": "may", "proc": name, "chats": [chat]})
            # Its own client follows from the first word on: it joined by sending.
            self.note({"t": time.monotonic(), "op": "join", "proc": name, "chat": chat, "seq": 0})
            url = (there, here)[number % 2]
            if one:
                await page.call("stock", {"proc": f"{name}-tab", "who": f"visitor:{subject}", "url": url, "auth": {"token": token}, "chats": [chat], "may": [chat]})
            else:
                tab = Stock(self.note, f"{name}-tab", f"visitor:{subject}", url, {"token": token}, [chat], may=[chat])
                await stack.enter_async_context(tab)
        # Supervisors: one in Python, one in the browser, one who comes and goes, one who sends and never asks again.
        sara = Reference(self.note, "sara", "supervisor:sara", there, {"token": tokens["sara"]}, mode="barge")
        await stack.enter_async_context(sara.client)
        await page.call("reference", {"proc": "saul", "who": "supervisor:saul", "url": here, "auth": {"token": tokens["saul"]}, "mode": "barge"})
        for chat in chats:
            await sara.follow(chat)
            await page.call("follow", "saul", chat)
        sofia = Stock(self.note, "sofia", "supervisor:sofia", here, {"token": tokens["sofia"]}, [], joins=True, limit=30)
        simon = Stock(self.note, "simon", "supervisor:simon", there, {"token": tokens["simon"]}, chats, joins=True, mode="barge", limit=100)
        for stock in (sofia, simon):
            await stack.enter_async_context(stock)
        self.log("everybody is there")

        drains = asyncio.create_task(self.drain(page))
        tasks = [self.talk(one, [chat]) for _, one, _, _, chat in visitors if one]
        tasks += [self.talk(sara, chats, type="agent"), self.talk(simon, chats, type="agent"), self.wander(sofia, chats)]
        tasks += [self.talk(simon, chats, replyTo="nothing")]  # always refused
        tasks = [asyncio.create_task(task) for task in tasks]
        least, most = (round(bound * 1000) for bound in self.options.pause)
        for name, one, _, _, chat in visitors:
            if not one:
                await page.call("talk", name, [chat], {}, least, most)
        await page.call("talk", "saul", chats, {"type": "agent"}, least, most)

        nemesis = Nemesis(house, self.chance, self.note, self.log)
        await nemesis.run(self.options.seconds, self.options.only)
        self.note({"t": time.monotonic(), "op": "heal"})
        self.log("everything is whole again")
        self.goes_on = False
        stopping = asyncio.create_task(page.call("stopTalking"))
        done, pending = await asyncio.wait([stopping, *tasks], timeout=45)
        for task in done:
            if task is not stopping and task.exception():
                raise task.exception()
        if pending:
            self.alarms.append("somebody's message was not answered within 45 s")
        sofia.wanted |= set(chats)
        for chat in chats:
            if chat not in sofia.inside:
                sofia.later(0, sofia.join, chat)
        await self.settle(house, page)
        drains.cancel()
        await page.drain()
        for line in [*checker.report(self.history), *(f"skipped: {reason}" for reason in nemesis.skipped)]:
            print(line)

    async def settle(self, house, page):
        """Until everybody has what is stored, or long enough."""
        until = time.monotonic() + checker.CONVERGES_WITHIN + 5
        while True:
            rows = await asyncio.to_thread(house.postgres.rows)
            for row in rows:
                row["sha"] = sha(row.pop("content"))
            await page.drain()
            self.history[:] = [event for event in self.history if event["op"] != "final"] + rows
            missing = list(checker.liveness(checker.History(self.history)))
            # A mutation that is caught already needs no patience.
            if time.monotonic() > until or not missing or self.options.mutation and len(checker.judge(self.history)) > len(missing):
                return
            await asyncio.sleep(1)


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--seconds", type=float, default=60, help="how long the nemesis is at work")
    parser.add_argument("--seed", type=int, default=None)
    parser.add_argument("--only", action="append", help="this fault, and no other; may be repeated")
    parser.add_argument("--mutation", help="a fault of the gateway's own (debug builds)")
    parser.add_argument("--pause", type=float, nargs=2, default=(0.05, 0.4), help="between two messages of one sender")
    parser.add_argument("--expect", type=int, action="append", help="an invariant that has to be found broken, or another of these")
    parser.add_argument("--keep", action="store_true", help="keep the history of a sound run")
    options = parser.parse_args()
    options.seed = options.seed if options.seed is not None else random.SystemRandom().randrange(1 << 31)
    if os.geteuid() == 0 and "PUENTE_OWN_MOUNTS" not in os.environ:
        # The small file system is nobody else's business, and goes with us. Some containers' root may not.
        own = ["unshare", "-m", "--propagation", "private"]
        if shutil.which("unshare") and subprocess.run([*own, "true"], capture_output=True).returncode == 0:
            os.environ["PUENTE_OWN_MOUNTS"] = "1"
            os.execvp("unshare", [*own, sys.executable, *sys.argv])
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))
    print(f"seed {options.seed}, {options.seconds:.0f} s" + (f", mutation {options.mutation}" if options.mutation else ""), flush=True)
    run = Run(options)
    violations = asyncio.run(run())
    shown = {}
    for violation in violations:
        shown.setdefault(violation.invariant, []).append(violation.what)
    for invariant, name in checker.NAMES.items():
        found = shown.get(invariant, [])
        print(f"  {'FAIL' if found else 'ok  '}  {invariant:2} {name}" + (f": {len(found)}" if found else ""))
        for what in found[:5]:
            print(f"            {what}")
    for alarm in run.alarms:
        print(f"  FAIL  {alarm}")
    if options.expect:
        caught = set(options.expect) & set(shown)
        print(f"{'caught' if caught else 'NOT caught'} by {sorted(shown)}, expected one of {options.expect}")
        return 0 if caught else 1
    failed = len(shown) + len(run.alarms)
    print(f"{len(checker.NAMES) - len(shown)} passed, {failed} failed")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
