"""A gateway without its demo, set up from a workspace file, and people who come to it with stock clients."""

import asyncio
import os
import shutil
import subprocess
import tempfile
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta, timezone
from pathlib import Path

import requests
import socketio

from harness import BIN, PATIENCE, Failed, Server, check
from proxy import Proxy

# Each story has a queue of its own, and people who serve no other.
WORKSPACE = """
queues:
  - name: default
  - {name: vanishing, autoAccept: false}
  - {name: refusing, autoAccept: false}
  - name: full
  - name: closed
    hours: {timezone: UTC, weekly: {mon-sun: ["00:00-24:00"]}, holidays: [HOLIDAYS]}
  - name: sales
  - name: support
  - {name: languages, languages: [es, en]}
  - name: passing
  - name: together
  - name: whispers
commercials:
  - {id: alba, queues: {vanishing: 1}}
  - {id: bruno, queues: {vanishing: 1}}
  - {id: carla, queues: {refusing: 1}}
  - {id: diego, queues: {refusing: 1}}
  - {id: elsa, cap: 1, queues: {full: 1}}
  - {id: fina, queues: {closed: 1}}
  - {id: hugo, queues: {sales: 1}}
  - {id: ines, queues: {support: 1}}
  - {id: quim, languages: [es], queues: {languages: 1}}
  - {id: rita, languages: [en], queues: {languages: 1}}
  - {id: julia, cap: 1, queues: {passing: 1}}
  - {id: kike, cap: 1, queues: {passing: 1}}
  - {id: lola, cap: 1, queues: {together: 1}}
  - {id: mario, cap: 1, queues: {together: 1}}
  - {id: nora, queues: {whispers: 1}}
  - {id: pepa, queues: {default: 1}}
"""
COMMERCIALS = [line.split("id: ")[1].split(",")[0] for line in WORKSPACE.splitlines() if "{id: " in line]


class House:
    """The gateway on a private database; whoever is gone has 300 ms to come back."""

    def __init__(self):
        self.folder = tempfile.mkdtemp(prefix="puente-house-")
        os.chmod(self.folder, 0o755)
        self.server = Server(
            "gateway", ["serve", "--port", 0, "--data-dir", f"{self.folder}/data"], {"PUENTE_PRESENCE_GRACE": "300ms"})
        self.address = self.server.line(r"ready (http://\S+)")[1]
        today = datetime.now(timezone.utc).date()
        holidays = ", ".join(str(today + timedelta(days=n)) for n in range(-1, 3))
        file = Path(self.folder, "workspace.yaml")
        file.write_text(WORKSPACE.replace("HOLIDAYS", holidays))
        staff = [("commercial", name) for name in COMMERCIALS] + [("supervisor", "boss")]
        # Each of these commands is a process.
        with ThreadPoolExecutor(4) as pool:
            applied = pool.submit(self.run, "apply", file)
            key = pool.submit(self.run, "widgetkey", "create")
            bot = pool.submit(self.run, "apikey", "create", "--name", "robbie", "--scopes", "messaging,analytics,automation")
            tokens = pool.map(
                lambda who: self.run("token", "--role", who[0], "--subject", who[1], "--name", who[1].title()), staff)
            self.tokens = dict(zip([name for _, name in staff], tokens))
            self.key, self.bot_key = key.result(), bot.result()
            applied.result()

    def run(self, *arguments):
        done = subprocess.run(
            [str(BIN / "gateway"), *map(str, arguments), "--data-dir", f"{self.folder}/data"],
            capture_output=True, text=True, timeout=60)
        check(done.returncode == 0, f"gateway {arguments[0]} failed: {done.stderr[-400:]}")
        return done.stdout.strip()

    # Who comes; each is a context.

    def staff(self, name, line=None):
        """`line` is a proxy through which they come."""
        return Person(name, f"http://127.0.0.1:{line.port}" if line else self.address, {"token": self.tokens[name]})

    def visitor(self, **auth):
        """Somebody new, or with `token=` somebody who was here before."""
        return Person("visitor", self.address, auth if "token" in auth else {"key": self.key, **auth})

    def bot(self):
        return Person("robbie", self.address, {"token": self.bot_key})

    def line(self):
        return Proxy(int(self.address.rsplit(":", 1)[1]))

    def get(self, path, token):
        """What REST answers to this token."""
        return requests.get(self.address + path, headers={"Authorization": f"Bearer {token}"}, timeout=10)

    def stop(self):
        self.server.stop()
        shutil.rmtree(self.folder, ignore_errors=True)


class Person:
    """A stock `socketio.AsyncClient` that keeps what it hears."""

    def __init__(self, name, address, auth):
        self.name, self.address, self.auth = name, address, auth
        self.heard = []
        self.news = asyncio.Condition()
        self.client = socketio.AsyncClient(reconnection=False)
        self.client.on("*", self._hear)

    async def _hear(self, event, *values):
        async with self.news:
            self.heard.append((event, values[0] if values else None))
            self.news.notify_all()

    async def __aenter__(self):
        await self.client.connect(self.address, auth=self.auth)
        self.session = await self.hears("session")
        return self

    async def __aexit__(self, *_):
        await self.client.disconnect()

    def of(self, event, **fields):
        """The payloads of these events until now."""
        return [p for name, p in self.heard if name == event and all(p.get(k) == v for k, v in fields.items())]

    async def hears(self, event, count=1, **fields):
        """The payload of the `count`-th such event, once it has come."""
        try:
            async with asyncio.timeout(PATIENCE), self.news:
                await self.news.wait_for(lambda: len(self.of(event, **fields)) >= count)
        except TimeoutError:
            names = [name for name, _ in self.heard]
            raise Failed(f"{self.name} never heard {event} {fields or ''}; heard {names}") from None
        return self.of(event, **fields)[count - 1]

    async def asks(self, event, payload):
        """The ack, whatever it says."""
        return await self.client.call(event, payload, timeout=PATIENCE)

    async def does(self, event, payload):
        """The ack of what has to work."""
        ack = await self.asks(event, payload)
        check(ack["ok"], f"{self.name}: {event} was answered {ack}")
        return ack

    async def fails(self, code, event, payload):
        ack = await self.asks(event, payload)
        check(not ack["ok"] and ack["error"]["code"] == code, f"{self.name}: {event} should be {code}: {ack}")

    async def begins(self, queue, text="hola", status=None):
        """A visitor writes to this queue; the chat's id."""
        ack = await self.does("chat:create", {"department": queue, "firstMessage": text})
        check(status is None or ack["status"] == status, f"the chat is {ack['status']}")
        return ack["chatId"]

    async def says(self, chat, text, **more):
        return await self.does("message:send", {"chatId": chat, "content": text, **more})

    async def is_up_to_date(self):
        """Whatever was sent to them by now has come."""
        count = len(self.of("pong")) + 1
        await self.asks("ping", {"timestamp": count})
        await self.hears("pong", count)
