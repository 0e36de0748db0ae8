#!/usr/bin/env python3
"""Drives the conformance server's app listener with a stock python-socketio 5 client.

    app_listener.py http://127.0.0.1:3002
    app_listener.py http://127.0.0.1:3003 msgpack

With `msgpack` the client writes packets as MessagePack, as the listener of that name wants them. Every check runs over
polling, over websocket and over polling upgraded to websocket. Prints one line per check that fails and the counts at the
end; exit status 1 when any failed.
"""
import asyncio
import sys
import time
import traceback

import socketio

TRANSPORTS = {
    "polling": ["polling"],
    "websocket": ["websocket"],
    "upgrade": ["polling", "websocket"],
}
PATIENCE = 10
CHECKS = []
SERIALIZER = sys.argv[2] if len(sys.argv) > 2 else "default"


def check(function):
    CHECKS.append(function)
    return function


def only_with(serializer):
    """For what one of the listeners has and the other has not."""
    return check if serializer == SERIALIZER else lambda function: function


class Client:
    """A connected client that keeps what it received."""

    def __init__(self, url, transports):
        self.url, self.transports = url, transports
        self.sio = socketio.AsyncClient(reconnection=False, serializer=SERIALIZER)
        self.received = asyncio.Queue()
        self.answer = lambda *args: args
        self.disconnected = asyncio.Event()
        self.reason = None

    async def connect(self, *namespaces, auth=None):
        namespaces = namespaces or ("/",)
        for namespace in namespaces:
            self.listen(namespace)
        await self.sio.connect(
            self.url, transports=self.transports, namespaces=list(namespaces), auth=auth, wait_timeout=PATIENCE
        )
        return self

    def listen(self, namespace):
        async def any_event(event, *args):
            await self.received.put((namespace, event, args))

        async def question(*args):
            answer = self.answer(*args)
            return await answer if asyncio.iscoroutine(answer) else answer

        async def disconnect(reason):
            self.reason = reason
            self.disconnected.set()

        self.sio.on("*", any_event, namespace=namespace)
        self.sio.on("question", question, namespace=namespace)
        self.sio.on("disconnect", disconnect, namespace=namespace)

    async def expect(self, event, *args, namespace="/"):
        """The next event of this name has exactly these arguments."""
        got = await self.wait(event, namespace)
        assert got == args, f"{event} brought {got!r}, not {args!r}"

    async def wait(self, event, namespace="/"):
        while True:
            got = await asyncio.wait_for(self.received.get(), PATIENCE)
            if got[:2] == (namespace, event):
                return got[2]

    async def call(self, event, *args, namespace="/"):
        return await self.sio.call(event, args or None, namespace=namespace, timeout=PATIENCE)

    async def emit(self, event, *args, namespace="/"):
        await self.sio.emit(event, args or None, namespace=namespace)

    async def silent(self, event):
        """Nothing of this name has come before the answer to a later call."""
        await self.call("message-with-ack", "fence")
        while not self.received.empty():
            got = self.received.get_nowait()
            assert got[1] != event, f"{got!r} should not have come"

    @property
    def id(self):
        return self.sio.get_sid("/")

    async def close(self):
        await self.sio.disconnect()


async def repeat(say, *hearers, event):
    """Until all have heard it."""
    deadline = time.monotonic() + PATIENCE
    missing = list(hearers)
    while missing:
        assert time.monotonic() < deadline, f"{event} never came to {len(missing)} of {len(hearers)}"
        await say()
        for hearer in list(missing):
            await hearer.call("message-with-ack", "fence")
            while not hearer.received.empty():
                if hearer.received.get_nowait()[1] == event and hearer in missing:
                    missing.remove(hearer)


class Clients:
    """Makes clients of one transport and closes them at the end of the check."""

    def __init__(self, url, transports):
        self.url, self.transports, self.open = url, transports, []

    async def __call__(self, *namespaces, auth=None):
        client = Client(self.url, self.transports)
        self.open.append(client)
        await client.connect(*namespaces, auth=auth)
        return client

    def fresh(self):
        client = Client(self.url, self.transports)
        self.open.append(client)
        return client

    async def close(self):
        for client in self.open:
            await client.close()


@check
async def auth_arrives(clients):
    client = await clients(auth={"token": "x", "deep": {"list": [1, None, "é"]}})
    await client.expect("auth", {"token": "x", "deep": {"list": [1, None, "é"]}})
    client = await clients()
    await client.expect("auth", {})


@check
async def messages_come_back(clients):
    client = await clients()
    for args in [("a",), (1, 2.5, None, True, "ñ😀\u2028"), ({"k": [{}, []]},), (b"\x00\x01\xff",), ({"a": b"1", "b": [b"2"]}, "x")]:
        await client.emit("message", *args)
        await client.expect("message-back", *args)


@check
async def acks_both_ways(clients):
    client = await clients()
    assert await client.call("message-with-ack", "x") == "x"
    assert await client.call("message-with-ack", 1, {"b": b"\x01"}) == (1, {"b": b"\x01"})
    client.answer = lambda *args: ("thanks", *args, b"\x07")
    await client.emit("ask", "why", b"\x05")
    await client.expect("answer", "thanks", "why", b"\x05", b"\x07")


@check
async def acks_time_out(clients):
    client = await clients()
    client.answer = lambda *args: asyncio.sleep(1, "late")
    await client.emit("ask-timeout", 100)
    await client.expect("answer-timeout", True)
    client.answer = lambda *args: "soon"
    await client.emit("ask-timeout", 5000)
    await client.expect("answer-timeout", False, "soon")


@check
async def rooms(clients):
    ana, bob, eve = await clients(), await clients(), await clients()
    for member in (ana, bob):
        await member.call("join", "room")
    assert await ana.call("sockets-in", "room") == sorted([ana.id, bob.id])
    await ana.call("to-room", "room", "said", "hello", b"\x01")
    await bob.expect("said", "hello", b"\x01")
    await ana.silent("said")
    await eve.silent("said")
    await ana.call("in-room", ["room", ana.id], "twice", 1)
    await ana.expect("twice", 1)
    await bob.expect("twice", 1)
    await ana.silent("twice")
    await ana.call("except-room", "room", "others", {"n": 1})
    await eve.expect("others", {"n": 1})
    await bob.silent("others")
    await bob.call("leave", "room")
    await ana.call("in-room", "room", "left")
    await ana.expect("left")
    await bob.silent("left")


@check
async def broadcasts(clients):
    ana, bob = await clients(), await clients()
    await ana.call("broadcast", "news", "a")
    await bob.expect("news", "a")
    await ana.silent("news")
    await ana.call("emit-all", "all", 1, b"\x02")
    await ana.expect("all", 1, b"\x02")
    await bob.expect("all", 1, b"\x02")
    await ana.call("emit-later", 50, bob.id, "later", "x")
    await ana.close()
    await bob.expect("later", "x")


@check
async def volatile_events_arrive(clients):
    """Where they are said again: what is volatile is lost while a polling client is between two polls."""
    ana, bob = await clients(), await clients()
    await repeat(lambda: ana.call("volatile-all", "to-all", 1), ana, bob, event="to-all")
    await repeat(lambda: ana.call("volatile-me", "to-me", 2), ana, event="to-me")
    await bob.silent("to-me")


@check
async def an_ack_that_never_comes(clients):
    client = await clients()
    answers = []
    await client.sio.emit("never-ack", callback=lambda *args: answers.append("never"))
    await client.sio.emit("message-with-ack", "x", callback=lambda *args: answers.append(args))
    await client.call("message-with-ack", "fence")
    assert answers == [("x",)], answers


@check
async def rooms_are_managed(clients):
    ana, bob = await clients(), await clients()
    await ana.call("room-join-room", bob.id, "moved")
    assert "moved" in (await bob.call("whoami"))["rooms"]
    await ana.call("room-leave-room", "moved", "moved")
    assert (await bob.call("whoami"))["rooms"] == [bob.id]
    await bob.call("join", "kicked")
    await ana.call("kick-room", "kicked", False)
    await asyncio.wait_for(bob.disconnected.wait(), PATIENCE)
    assert bob.reason == bob.sio.reason.SERVER_DISCONNECT, bob.reason


@check
async def broadcasts_gather_acks(clients):
    ana, bob = await clients(), await clients()
    for member, answer in ((ana, "a"), (bob, "b")):
        member.answer = lambda *args, answer=answer: answer + args[0]
        await member.call("join", "poll")
    await ana.emit("ask-room", "poll", 5000, "?")
    error, answers = await ana.wait("room-answers")
    assert (error, sorted(answers)) == (False, ["a?", "b?"]), (error, answers)
    bob.answer = lambda *args: asyncio.sleep(1, "late")
    await ana.emit("ask-room", "poll", 200, "!")
    await ana.expect("room-answers", True, ["a!"])
    await ana.emit("ask-room", "nobody", 200, "!")
    await ana.expect("room-answers", False, [])


@only_with("msgpack")
async def binary_values_stay_inside(clients):
    """The text form's limit of ten attachments does not hold here, and nothing is a placeholder."""
    client = await clients()
    many = [bytes([n]) * n for n in range(100)]
    assert await client.call("message-with-ack", many, {"b": b""}) == (many, {"b": b""})
    assert await client.call("message-with-ack", 2**63, -(2**63), 1.0, -0.0) == (2**63, -(2**63), 1.0, -0.0)
    await client.emit("message", {"_placeholder": True, "num": 0})
    await asyncio.wait_for(client.disconnected.wait(), PATIENCE)


@only_with("default")
async def namespaces(clients):
    client = await clients("/", "/custom", "/slow", "/dyn-12")
    await client.expect("dyn", "/dyn-12", namespace="/dyn-12")
    for namespace in ("/", "/custom", "/slow", "/dyn-12"):
        assert await client.call("message-with-ack", namespace, namespace=namespace) == namespace
        assert (await client.call("whoami", namespace=namespace))["nsp"] == namespace
    assert len({client.sio.get_sid(n) for n in ("/", "/custom", "/slow", "/dyn-12")}) == 4


@check
async def unknown_namespaces_are_refused(clients):
    for namespace in ("/nope", "/dyn-", "/dyn-1x", "/custom/", "/Custom"):
        errors = asyncio.Queue()
        client = clients.fresh()
        client.sio.on("connect_error", errors.put, namespace=namespace)
        try:
            await client.connect(namespace)
            raise AssertionError(f"{namespace} was accepted")
        except socketio.exceptions.ConnectionError:
            pass
        error = await asyncio.wait_for(errors.get(), PATIENCE)
        assert error == {"message": "Invalid namespace"}, error


@check
async def middleware_decides(clients):
    client = await clients("/auth", auth={"token": "secret"})
    assert await client.call("message-with-ack", 1, namespace="/auth") == 1
    errors = asyncio.Queue()
    client = clients.fresh()
    client.sio.on("connect_error", errors.put, namespace="/auth")
    try:
        await client.connect("/auth", auth={"token": "guess"})
        raise AssertionError("a wrong token was accepted")
    except socketio.exceptions.ConnectionError:
        pass
    error = await asyncio.wait_for(errors.get(), PATIENCE)
    assert error == {"message": "not authorized", "data": {"code": 401, "hint": "réessayez"}}, error


@check
async def big_things(clients):
    client = await clients()
    assert await client.call("big-text", 300_000) == "x" * 300_000
    assert await client.call("big-binary", 300_000) == b"\x07" * 300_000
    text = "é" * 200_000
    assert await client.call("message-with-ack", text) == text


@check
async def bursts_keep_their_order(clients):
    client = await clients()
    await client.emit("burst", 200)
    for item in range(200):
        await client.expect("burst-item", item)


@check
async def unicode(clients):
    client = await clients()
    await client.emit("unicode")
    for text in (
        "てすと", "Я Б Г Д Ж Й", "Ä ä Ü ü ß", "utf8 — string", "😀👩\u200d👩\u200d👧\u200d👦🏳\ufe0f\u200d🌈",
        "\0\x1e\u2028\u2029\ufeff", "𝒳𐍈",
    ):
        await client.expect("unicode-item", text)


@check
async def identity(clients):
    client = await clients()
    me = await client.call("whoami")
    transport = "polling" if clients.transports == ["polling"] else "websocket"
    assert me == {"id": client.id, "nsp": "/", "transport": transport, "protocol": 4, "recovered": False, "rooms": [client.id]}, me
    assert len(client.id) == 20 and client.id != client.sio.eio.sid
    handshake = await client.call("handshake")
    assert handshake["query"]["EIO"] == "4", handshake
    assert handshake["xdomain"] is False and handshake["secure"] is clients.url.startswith("https:"), handshake
    assert handshake["headers"]["host"], handshake


@check
async def reasons(clients):
    observer = await clients()

    async def reason_of(sid):
        for _ in range(100):
            reason = await observer.call("last-disconnect", sid)
            if reason is not None:
                return reason
            await asyncio.sleep(0.02)

    client = await clients("/", "/custom")
    sid = client.sio.get_sid("/custom")
    await client.sio.call("message-with-ack", 1, namespace="/custom")
    await client.sio._send_packet(client.sio.packet_class(socketio.packet.DISCONNECT, namespace="/custom"))
    assert await reason_of(sid) == "client namespace disconnect"
    assert await client.call("message-with-ack", "alive") == "alive"

    for close in (False, True):
        client = await clients()
        sid = client.id
        await client.emit("disconnect-me", close)
        await asyncio.wait_for(client.disconnected.wait(), PATIENCE)
        assert client.reason == client.sio.reason.SERVER_DISCONNECT, client.reason
        assert await reason_of(sid) == "server namespace disconnect"

    client = await clients()
    sid = client.id
    await client.emit("close-transport")
    await asyncio.wait_for(client.disconnected.wait(), PATIENCE)
    assert await reason_of(sid) == "forced close"


async def main(url):
    passed = failed = 0
    for name, transports in TRANSPORTS.items():
        for function in CHECKS:
            clients = Clients(url, transports)
            try:
                await asyncio.wait_for(function(clients), 6 * PATIENCE)
                passed += 1
            except Exception as error:
                failed += 1
                print(f"FAIL {name}: {function.__name__}: {type(error).__name__}: {error}")
                traceback.print_exc(limit=-1)
            finally:
                await clients.close()
    print(f"{passed} passed, {failed} failed")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(asyncio.run(main(sys.argv[1])))
