"""What is broken by the nemesis: one PostgreSQL, gateways on it, and a line of its own for everything that talks."""

import asyncio
import ctypes
import glob
import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
sys.path.insert(0, str(ROOT / "Tests" / "Browser"))

from harness import free_ports  # noqa: E402
from proxy import Proxy  # noqa: E402

BIN = Path(os.environ.get("TEST_BIN", ROOT / ".build" / "debug"))
# A child does not outlive a harness that was killed.
_libc = ctypes.CDLL(None)


def with_parent():
    _libc.prctl(1, signal.SIGKILL)


async def until(probe, what, patience=30):
    deadline = time.monotonic() + patience
    while not (value := await asyncio.to_thread(probe)):
        if time.monotonic() > deadline:
            raise RuntimeError(f"never happened: {what}")
        await asyncio.sleep(0.05)
    return value


class PostgreSQL:
    """A cluster of its own, durable as in production; as root on a file system of its own that can be filled."""

    SIZE = 192 << 20

    def __init__(self, folder):
        binaries = subprocess.run(["pg_config", "--bindir"], capture_output=True, text=True, check=False).stdout.strip()
        found = [*sorted(glob.glob("/usr/lib/postgresql/*/bin/initdb"), reverse=True), f"{binaries}/initdb"]
        self.bin = Path(next(path for path in found if os.path.exists(path))).parent
        self.port = free_ports(1)
        self.disk, self.process, self.is_small = Path(folder) / "disk", None, False
        self.disk.mkdir()
        self.user = ["setpriv", "--reuid=postgres", "--regid=postgres", "--init-groups"] if os.geteuid() == 0 else []
        if self.user and "PUENTE_OWN_MOUNTS" in os.environ:
            mounted = subprocess.run(
                ["mount", "-t", "tmpfs", "-o", f"size={self.SIZE}", "puente-test", self.disk], capture_output=True)
            self.is_small = mounted.returncode == 0
        if self.user:
            shutil.chown(self.disk, "postgres")
        os.chmod(self.disk, 0o700)
        self.data, self.log = self.disk / "data", open(Path(folder) / "postgres.log", "ab")
        self._run("initdb", "-D", self.data, "-U", "puente", "-A", "trust", "--encoding=UTF8", "--locale=C.UTF-8",
                  "--wal-segsize=1")

    def _run(self, program, *arguments):
        done = subprocess.run(
            [*self.user, self.bin / program, *arguments], cwd="/", capture_output=True, text=True, timeout=60)
        if done.returncode:
            raise RuntimeError(f"{program}: {done.stderr[-400:]}")
        return done.stdout

    async def start(self):
        """Again and again until it stays: the children of a killed one hold its memory for a moment."""
        while True:
            settings = {
                "listen_addresses": "127.0.0.1", "port": self.port, "unix_socket_directories": self.disk,
                "deadlock_timeout": "200ms", "max_wal_size": "32MB", "min_wal_size": "4MB", "shared_buffers": "16MB"}
            words = [word for name, value in settings.items() for word in ("-c", f"{name}={value}")]
            self.process = subprocess.Popen(
                [*self.user, self.bin / "postgres", "-D", self.data, *words], cwd="/", stdout=self.log, stderr=self.log,
                preexec_fn=with_parent)
            while self.process.poll() is None:
                if await asyncio.to_thread(self.is_ready):
                    return
                await asyncio.sleep(0.05)
            await asyncio.sleep(0.2)

    def is_ready(self):
        return subprocess.run(
            [self.bin / "pg_isready", "-q", "-h", "127.0.0.1", "-p", str(self.port)], timeout=10).returncode == 0

    def sql(self, text, database="puente"):
        return self._run("psql", "-h", self.disk, "-p", str(self.port), "-U", "puente", "-d", database, "-XAtqc", text)

    async def stop(self, how):
        """SIGINT is PostgreSQL's fast stop, SIGQUIT its immediate one."""
        self.process.send_signal(how)
        await asyncio.to_thread(self.process.wait)

    def rows(self):
        """The table as the checker wants it."""
        text = self.sql("""
            select json_build_object('op', 'final', 'chat', chat_id, 'seq', seq, 'id', id,
                'who', sender_role || ':' || sender_id, 'content', content) from messages order by chat_id, seq""")
        # The client's own name for a message stands in its words: a server that mixes names up is found out.
        return [{**row, "cmid": row["content"].split(" ")[2]} for row in map(json.loads, text.splitlines())]

    # The ballast that leaves no room.
    def fill(self):
        with open(self.disk / "ballast", "wb", buffering=0) as file:
            try:
                while True:
                    file.write(bytes(1 << 16))
            except OSError:
                pass

    def make_room(self):
        (self.disk / "ballast").unlink(missing_ok=True)

    def end(self):
        if self.process and self.process.poll() is None:
            self.process.send_signal(signal.SIGQUIT)
            self.process.wait(20)
        if self.is_small:
            subprocess.run(["umount", "-l", self.disk], capture_output=True)


class Node:
    """A gateway, with a line to PostgreSQL and one to its clients, and a wall clock of its own where there is libfaketime."""

    def __init__(self, number, postgres, folder, environment):
        self.name, self.folder = f"node-{number}", Path(folder)
        self.to_postgres = Proxy(postgres.port)
        self.port = free_ports(1)
        self.to_clients = Proxy(self.port)
        self.url = f"http://127.0.0.1:{self.to_clients.port}"
        self.database = f"postgresql://puente@127.0.0.1:{self.to_postgres.port}/puente"
        self.environment = {
            **os.environ, "PUENTE_LIMITS": "off", "PUENTE_DATABASE_URL": self.database,
            "PUENTE_ENGINE_PING_INTERVAL": "3", "PUENTE_ENGINE_PING_TIMEOUT": "3", **environment}
        self.clock = None
        if preload := next(iter(glob.glob("/usr/lib/*/faketime/libfaketimeMT.so.1")), None):
            self.clock = self.folder / f"{self.name}.clock"
            self.set_clock(0)
            # Timers count by the clock that cannot be set, as on a real machine whose clock jumps.
            self.faked = {
                "LD_PRELOAD": preload, "FAKETIME_TIMESTAMP_FILE": str(self.clock), "FAKETIME_DONT_FAKE_MONOTONIC": "1",
                "FAKETIME_CACHE_DURATION": "1", "FAKETIME_DONT_RESET": "1"}
        self.log = open(self.folder / f"{self.name}.log", "ab")
        self.process = None

    async def start(self, patience=60):
        """Until it says that it is ready; while PostgreSQL is away it ends, and is started again."""
        deadline = time.monotonic() + patience
        while True:
            self.forget_clock()
            # libfaketime sets a variable, whereupon Swift no longer finds the arguments: `env` bears that, and passes it on.
            self.process = subprocess.Popen(
                ["env", BIN / "gateway", "serve", "--port", str(self.port), "--data-dir", self.folder / self.name],
                stdout=subprocess.PIPE, stderr=self.log, env={**self.environment, **(self.faked if self.clock else {})},
                text=True, preexec_fn=with_parent)
            if (await asyncio.to_thread(self.process.stdout.readline)).startswith("ready "):
                return
            status = await asyncio.to_thread(self.process.wait)
            if time.monotonic() > deadline:
                raise RuntimeError(f"{self.name} does not start ({status}); see {self.log.name}")
            await asyncio.sleep(0.2)

    async def kill(self):
        self.process.kill()
        await asyncio.to_thread(self.process.wait)

    def set_clock(self, seconds):
        """Its wall clock is so far ahead of ours, or behind, within a second from now."""
        new = self.clock.with_suffix(".new")
        new.write_text(f"{seconds:+d}\n")
        new.replace(self.clock)

    def forget_clock(self):
        """What libfaketime leaves of a process that was killed."""
        if self.clock and self.process:
            for name in ("faketime_shm", "sem.faketime_sem"):
                Path(f"/dev/shm/{name}_{self.process.pid}").unlink(missing_ok=True)

    def command(self, *arguments):
        done = subprocess.run(
            [BIN / "gateway", *arguments], env=self.environment, capture_output=True, text=True, timeout=60)
        if done.returncode:
            raise RuntimeError(f"gateway {arguments[0]}: {done.stderr[-400:]}")
        return done.stdout.strip()

    def end(self):
        if self.process and self.process.poll() is None:
            self.process.send_signal(signal.SIGCONT)
            self.process.kill()
            self.process.wait()
        self.forget_clock()
        self.to_clients.stop()
        self.to_postgres.stop()


class House:
    """All of it, in a folder that goes away unless something is to be looked at."""

    def __init__(self, nodes=2, environment=None):
        self.folder = tempfile.mkdtemp(prefix="puente-delivery-")
        os.chmod(self.folder, 0o755)
        self.postgres = PostgreSQL(self.folder)
        self.nodes = [Node(n, self.postgres, self.folder, environment or {}) for n in range(1, nodes + 1)]

    async def start(self):
        await self.postgres.start()
        self.postgres.sql("create database puente", "postgres")
        for node in self.nodes:
            await node.start()

    def end(self, keep):
        for one in [*self.nodes, self.postgres]:
            one.end()
        if not keep:
            shutil.rmtree(self.folder, ignore_errors=True)
