"""What goes wrong, one thing after the other, in an order that a seed decides."""

import asyncio
import signal
import time


class Nemesis:
    def __init__(self, house, chance, note, log):
        self.house, self.chance, self.note, self.log = house, chance, note, log
        self.skipped = []

    # --- Faults: each breaks something, waits, and mends it ------------------------------------------------------------

    async def pause(self, least, most):
        await asyncio.sleep(self.chance.uniform(least, most))

    @property
    def node(self):
        return self.chance.choice(self.house.nodes)

    async def gateway_killed(self):
        node = self.node
        await node.kill()
        await self.pause(0, 1.5)
        await node.start()

    async def gateway_frozen(self):
        node = self.node
        node.process.send_signal(signal.SIGSTOP)
        await self.pause(1, 8)  # sometimes longer than its clients wait for a heartbeat
        node.process.send_signal(signal.SIGCONT)

    async def gateway_drained(self):
        node = self.node
        node.process.send_signal(signal.SIGTERM)
        status = await asyncio.to_thread(node.process.wait)
        if status:
            raise RuntimeError(f"{node.name} ended with {status} when it was asked to")
        await node.start()

    async def clock_jumped(self):
        node = self.node
        node.set_clock(self.chance.choice((-86_400, -300, 300, 3_600)))
        await self.pause(2, 5)
        node.set_clock(0)

    async def postgres_stopped(self, how):
        await self.house.postgres.stop(how)
        await self.pause(0, 1)
        await self.house.postgres.start()

    async def postgres_fast(self):
        await self.postgres_stopped(signal.SIGINT)

    async def postgres_immediate(self):
        await self.postgres_stopped(signal.SIGQUIT)

    async def postgres_killed(self):
        await self.postgres_stopped(signal.SIGKILL)

    async def sql(self, text):
        try:
            return await asyncio.to_thread(self.house.postgres.sql, text)
        except RuntimeError as error:
            self.log(f"  sql: {error}")
            return ""

    async def backends_terminated(self):
        await self.sql(
            "select pg_terminate_backend(pid) from pg_stat_activity where backend_type = 'client backend' "
            "and pid <> pg_backend_pid()")
        await self.pause(0.5, 1)

    async def listeners_terminated(self):
        await self.sql(
            "select pg_terminate_backend(pid) from pg_locks where locktype = 'advisory' and mode = 'ShareLock'")
        await self.pause(0.5, 2)

    async def backend_frozen(self):
        pids = (await self.sql(
            "select pid from pg_stat_activity where backend_type = 'client backend' and pid <> pg_backend_pid()")).split()
        if pids:
            pid = self.chance.choice(pids)
            signal_process(int(pid), signal.SIGSTOP)
            await self.pause(1, 4)
            signal_process(int(pid), signal.SIGCONT)

    async def table_locked(self):
        await self.sql(
            f"begin; lock table messages in access exclusive mode; select pg_sleep({self.chance.uniform(0.5, 3):.1f}); commit")

    async def chats_locked(self):
        await self.sql(
            f"begin; select 1 from chats for update; select pg_sleep({self.chance.uniform(0.5, 3):.1f}); commit")

    async def disk_full(self):
        postgres = self.house.postgres
        postgres.fill()
        await self.pause(1, 3)
        postgres.make_room()
        # A server without room for its log ends itself.
        if postgres.process.poll() is not None or not await asyncio.to_thread(postgres.is_ready):
            await self.pause(0.5, 0.5)
            if postgres.process.poll() is not None:
                await postgres.start()

    async def line(self, proxy, trouble, least, most):
        proxy.trouble = trouble
        await self.pause(least, most)
        proxy.trouble = None

    def lines(self, name, pick):
        """The ways in which one kind of line fails."""
        async def blackhole():
            await self.line(pick(), "blackhole", 1, 8)

        async def deaf():
            await self.line(pick(), "deaf", 1, 4)

        async def delay():
            await self.line(pick(), ("delay", self.chance.uniform(0.05, 0.5)), 1, 3)

        async def throttle():
            await self.line(pick(), ("throttle", self.chance.choice([2_000, 20_000])), 1, 3)

        async def limit():
            await self.line(pick(), ("limit", self.chance.randrange(1, 20_000)), 1, 3)

        async def reset():
            pick().reset()

        async def down():
            proxy = pick()
            proxy.down()
            await self.pause(0.5, 2)
            proxy.up()

        return {f"{name}_{one.__name__}": one for one in (blackhole, deaf, delay, throttle, limit, reset, down)}

    def faults(self):
        names = (
            "gateway_killed", "gateway_frozen", "gateway_drained", "clock_jumped", "postgres_fast", "postgres_immediate",
            "postgres_killed", "backends_terminated", "listeners_terminated", "backend_frozen", "table_locked", "chats_locked",
            "disk_full")
        faults = {name: getattr(self, name) for name in names}
        faults |= self.lines("client_line", lambda: self.node.to_clients)
        faults |= self.lines("postgres_line", lambda: self.node.to_postgres)
        if not self.house.nodes[0].clock:
            del faults["clock_jumped"]
            self.skipped.append("clock_jumped: needs libfaketime")
        if not self.house.postgres.is_small:
            del faults["disk_full"]
            self.skipped.append("disk_full: needs root that may mount a small file system of its own")
        return faults

    async def run(self, seconds, only=None):
        """Every fault once, in an order of its own, then all of them again, until the time is over."""
        faults, end = self.faults(), time.monotonic() + seconds
        chosen = [name for name in faults if not only or name in only]
        round_of = []
        if not chosen:
            await asyncio.sleep(seconds)
        while time.monotonic() < end:
            if not round_of:
                round_of = self.chance.sample(chosen, len(chosen))
            name, began = round_of.pop(), time.monotonic()
            self.log(f"{name}")
            await faults[name]()
            self.note({"op": "fault", "name": name, "t": began, "until": time.monotonic()})
            await self.pause(0.2, 1.5)
        if len(round_of) and not only:
            self.skipped.append("not reached in the last round: " + ", ".join(sorted(round_of)))


def signal_process(pid, what):
    import os
    try:
        os.kill(pid, what)
    except ProcessLookupError:
        pass
