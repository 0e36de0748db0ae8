#!/usr/bin/env python3
"""Drives the conformance server's app listener with a stock python-socketio 4 client: Engine.IO 3, Socket.IO 2.

    app_listener_eio3.py http://127.0.0.1:3002

Every check runs over polling, over websocket and over polling upgraded to websocket. Prints one line per check that
fails and the counts at the end; exit status 1 when any failed.
"""
import os
import queue
import sys
import time
import traceback

import socketio

TRANSPORTS = {
    "polling": ["polling"],
    "websocket": ["websocket"],
    "upgrade": None,
}
PATIENCE = 10
CHECKS = []


def check(function):
    CHECKS.append(function)
    return function


class Recorder(socketio.Client):
    """The stock client, which has no handler for all events."""

    def __init__(self, client):
        super().__init__(reconnection=False)
        self.client = client
        # It starts a thread for each message, which loses their order and takes headers apart from attachments.
        trigger = self.eio._trigger_event
        self.eio._trigger_event = lambda event, *args, **kwargs: trigger(event, *args, **{**kwargs, "run_async": False})

    def _trigger_event(self, event, namespace, *args):
        return self.client.happened(event, namespace, args)


class Client:
    """A connected client that keeps what it received."""

    def __init__(self, url, transports):
        self.url, self.transports = url, transports
        self.sio = Recorder(self)
        self.arriving = queue.Queue()
        self.received = []
        self.answer = lambda *args: args

    def connect(self, *namespaces, query=""):
        self.sio.connect(self.url + query, transports=self.transports, namespaces=list(namespaces))
        for namespace in ("/", *namespaces):
            self.wait("connect", namespace.split("?")[0])
        return self

    def happened(self, event, namespace, args):
        self.arriving.put((namespace, event, args))
        return self.answer(*args) if event == "question" else None

    def expect(self, event, *args, namespace="/"):
        """The next event of this name has exactly these arguments."""
        got = self.wait(event, namespace)
        assert got == args, f"{event} brought {got!r}, not {args!r}"

    def wait(self, event, namespace="/"):
        deadline = time.monotonic() + PATIENCE
        while True:
            for index, got in enumerate(self.received):
                if got[:2] == (namespace, event):
                    return self.received.pop(index)[2]
            try:
                self.received.append(self.arriving.get(timeout=max(0, deadline - time.monotonic())))
            except queue.Empty:
                raise AssertionError(f"{event} never came to {namespace}") from None

    def call(self, event, *args, namespace="/"):
        return self.sio.call(event, args or None, namespace=namespace, timeout=PATIENCE)

    def emit(self, event, *args, namespace="/"):
        self.sio.emit(event, args or None, namespace=namespace)

    def silent(self, event):
        """Nothing of this name has come before the answer to a later call."""
        self.call("message-with-ack", "fence")
        while not self.arriving.empty():
            self.received.append(self.arriving.get_nowait())
        for got in self.received:
            assert got[1] != event, f"{got!r} should not have come"

    @property
    def id(self):
        return self.sio.eio.sid

    def close(self):
        if self.sio.eio.state == "connected":
            self.sio.disconnect()


class Clients:
    """Makes clients of one transport and closes them at the end of the check."""

    def __init__(self, url, transports):
        self.url, self.transports, self.open = url, transports, []

    def __call__(self, *namespaces, query=""):
        return self.fresh().connect(*namespaces, query=query)

    def fresh(self):
        self.open.append(Client(self.url, self.transports))
        return self.open[-1]

    def close(self):
        for client in self.open:
            client.close()


def own_room(client):
    """A room of this check: the stock client may leave without telling, and then stands in its rooms for 45 s."""
    return f"room of {client.id}"


def repeat(say, *hearers, event):
    """Until all have heard it."""
    def heard(hearer):
        while not hearer.arriving.empty():
            hearer.received.append(hearer.arriving.get_nowait())
        return any(got[1] == event for got in hearer.received)

    deadline = time.monotonic() + PATIENCE
    while not all(heard(hearer) for hearer in hearers):
        assert time.monotonic() < deadline, f"{event} never came to all"
        say()
        for hearer in hearers:
            hearer.call("message-with-ack", "fence")


def eventually(probe):
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline:
        value = probe()
        if value is not None:
            return value
        time.sleep(0.02)
    raise AssertionError("never happened")


@check
def identity(clients):
    client = clients("/custom")
    me = client.call("whoami")
    transport = "polling" if clients.transports == ["polling"] else "websocket"
    assert me == {
        "id": client.id, "nsp": "/", "transport": transport, "protocol": 3, "recovered": False, "rooms": [client.id],
    }, me
    assert client.call("whoami", namespace="/custom")["id"] == f"/custom#{client.id}"
    handshake = client.call("handshake")
    assert handshake["query"]["EIO"] == "3", handshake
    assert handshake["headers"]["host"], handshake
    client.expect("auth", {}, namespace="/custom")


@check
def messages_come_back(clients):
    client = clients()
    for args in [("a",), (1, 2.5, None, True, "ñ😀\u2028"), ({"k": [{}, []]},), (b"\x00\x01\xff",), ({"a": b"1", "b": [b"2"]}, "x")]:
        client.emit("message", *args)
        client.expect("message-back", *args)


@check
def acks_both_ways(clients):
    client = clients()
    assert client.call("message-with-ack", "x") == "x"
    assert client.call("message-with-ack", 1, {"b": b"\x01"}) == (1, {"b": b"\x01"})
    client.answer = lambda *args: ("thanks", *args, b"\x07")
    client.emit("ask", "why", b"\x05")
    client.expect("answer", "thanks", "why", b"\x05", b"\x07")


@check
def acks_time_out(clients):
    client = clients()
    client.answer = lambda *args: time.sleep(0.5) or "late"
    client.emit("ask-timeout", 100)
    client.expect("answer-timeout", True)
    client.answer = lambda *args: "soon"
    client.emit("ask-timeout", 5000)
    client.expect("answer-timeout", False, "soon")


@check
def rooms(clients):
    ana, bob, eve = clients(), clients(), clients()
    room = own_room(ana)
    for member in (ana, bob):
        member.call("join", room)
    assert ana.call("sockets-in", room) == sorted([ana.id, bob.id])
    ana.call("to-room", room, "said", "hello", b"\x01")
    bob.expect("said", "hello", b"\x01")
    ana.silent("said")
    eve.silent("said")
    ana.call("in-room", [room, ana.id], "twice", 1)
    ana.expect("twice", 1)
    bob.expect("twice", 1)
    ana.silent("twice")
    ana.call("except-room", room, "others", {"n": 1})
    eve.expect("others", {"n": 1})
    bob.silent("others")
    bob.call("leave", room)
    ana.call("in-room", room, "left")
    ana.expect("left")
    bob.silent("left")


@check
def broadcasts(clients):
    ana, bob = clients(), clients()
    ana.call("broadcast", "news", "a")
    bob.expect("news", "a")
    ana.silent("news")
    ana.call("emit-all", "all", 1, b"\x02")
    ana.expect("all", 1, b"\x02")
    bob.expect("all", 1, b"\x02")
    ana.call("emit-later", 50, bob.id, "later", "x")
    ana.close()
    bob.expect("later", "x")


@check
def volatile_events_arrive(clients):
    """Where they are said again: what is volatile is lost while a polling client is between two polls."""
    ana, bob = clients(), clients()
    repeat(lambda: ana.call("volatile-all", "to-all", 1), ana, bob, event="to-all")
    repeat(lambda: ana.call("volatile-me", "to-me", 2), ana, event="to-me")
    bob.silent("to-me")


@check
def an_ack_that_never_comes(clients):
    client = clients()
    answers = []
    client.sio.emit("never-ack", callback=lambda *args: answers.append("never"))
    client.sio.emit("message-with-ack", "x", callback=lambda *args: answers.append(args))
    client.call("message-with-ack", "fence")
    assert answers == [("x",)], answers


@check
def rooms_are_managed(clients):
    ana, bob = clients(), clients()
    room = own_room(ana)
    ana.call("room-join-room", bob.id, room)
    assert room in bob.call("whoami")["rooms"]
    ana.call("room-leave-room", room, room)
    assert bob.call("whoami")["rooms"] == [bob.id]
    bob.call("join", room)
    ana.call("kick-room", room, False)
    bob.expect("disconnect")


@check
def broadcasts_gather_acks(clients):
    ana, bob = clients(), clients()
    room = own_room(ana)
    for member, answer in ((ana, "a"), (bob, "b")):
        member.answer = lambda *args, answer=answer: answer + args[0]
        member.call("join", room)
    ana.emit("ask-room", room, 5000, "?")
    error, answers = ana.wait("room-answers")
    assert (error, sorted(answers)) == (False, ["a?", "b?"]), (error, answers)
    bob.answer = lambda *args: time.sleep(0.5) or "late"
    ana.emit("ask-room", room, 200, "!")
    ana.expect("room-answers", True, ["a!"])
    ana.emit("ask-room", "nobody", 200, "!")
    ana.expect("room-answers", False, [])


@check
def namespaces(clients):
    client = clients("/custom", "/slow", "/dyn-12")
    client.expect("dyn", "/dyn-12", namespace="/dyn-12")
    for namespace in ("/", "/custom", "/slow", "/dyn-12"):
        assert client.call("message-with-ack", namespace, namespace=namespace) == namespace
        assert client.call("whoami", namespace=namespace)["nsp"] == namespace


@check
def unknown_namespaces_are_refused(clients):
    for namespace in ("/nope", "/dyn-", "/dyn-1x", "/custom/", "/Custom"):
        client = clients.fresh()
        client.sio.connect(client.url, transports=client.transports, namespaces=[namespace])
        client.expect("connect_error", {"message": "Invalid namespace"}, namespace=namespace)
        # Only that namespace is refused.
        assert client.call("message-with-ack", 1) == 1


@check
def middleware_decides(clients):
    client = clients("/auth?token=secret&x=%C3%A9%20+")
    client.expect("auth", {"token": "secret", "x": "é  "}, namespace="/auth")
    assert client.call("message-with-ack", 1, namespace="/auth") == 1
    client = clients("/auth", query="?token=secret")
    assert client.call("handshake", namespace="/auth")["query"]["token"] == "secret"
    client = clients.fresh()
    client.sio.connect(client.url, transports=client.transports, namespaces=["/auth?token=guess"])
    client.expect("connect_error", {"code": 401, "hint": "réessayez"}, namespace="/auth")


@check
def big_things(clients):
    client = clients()
    assert client.call("big-text", 300_000) == "x" * 300_000
    assert client.call("big-binary", 300_000) == b"\x07" * 300_000
    text = "é😀" * 50_000
    assert client.call("message-with-ack", text) == text


@check
def bursts_keep_their_order(clients):
    client = clients()
    client.emit("burst", 200)
    for item in range(200):
        client.expect("burst-item", item)


@check
def unicode(clients):
    client = clients()
    client.emit("unicode")
    for text in (
        "てすと", "Я Б Г Д Ж Й", "Ä ä Ü ü ß", "utf8 — string", "😀👩\u200d👩\u200d👧\u200d👦🏳\ufe0f\u200d🌈",
        "\0\x1e\u2028\u2029\ufeff", "𝒳𐍈",
    ):
        client.expect("unicode-item", text)


@check
def reasons(clients):
    observer = clients()

    def reason_of(sid):
        return eventually(lambda: observer.call("last-disconnect", sid))

    client = clients("/custom")
    sid = f"/custom#{client.id}"
    client.sio._send_packet(socketio.packet.Packet(socketio.packet.DISCONNECT, namespace="/custom"))
    assert reason_of(sid) == "client namespace disconnect"
    assert client.call("message-with-ack", "alive") == "alive"

    for close in (False, True):
        client = clients()
        sid = client.id
        client.emit("disconnect-me", close)
        client.expect("disconnect")
        assert reason_of(sid) == "server namespace disconnect"

    client = clients()
    sid = client.id
    client.emit("close-transport")
    client.expect("disconnect")
    assert reason_of(sid) == "forced close"

    # A polling client that is busy with another POST at that moment ends without a word.
    if clients.transports != ["polling"]:
        client = clients()
        sid = client.id
        client.sio.eio.disconnect(abort=True)
        assert reason_of(sid) == "transport close"


def main(url):
    passed = failed = 0
    for name, transports in TRANSPORTS.items():
        for function in CHECKS:
            clients = Clients(url, transports)
            try:
                function(clients)
                passed += 1
            except Exception as error:
                failed += 1
                print(f"FAIL {name}: {function.__name__}: {type(error).__name__}: {error}")
                traceback.print_exc(limit=-1)
            finally:
                clients.close()
    print(f"{passed} passed, {failed} failed")
    sys.stdout.flush()
    # Not `exit`: threads of clients that were cut off wait for their timers.
    os._exit(1 if failed else 0)


if __name__ == "__main__":
    main(sys.argv[1])
