"""Clients that write down what they did and heard: users of the reference client, and bare python-socketio."""

import asyncio
import contextlib
import hashlib
import logging
import sys
import time
import uuid

import socketio

from servers import ROOT

sys.path.insert(0, str(ROOT / "examples" / "python"))

from puente_client import PuenteClient, Refused  # noqa: E402

# Lines that break are what this is about.
logging.getLogger("engineio.client").setLevel(logging.CRITICAL)


def sha(content):
    return hashlib.sha256(content.encode()).hexdigest()[:16]


def words(cmid):
    """Words that call for nothing, and that nobody else says."""
    return f"El paquete {cmid} es azul"


class Scribe:
    """One client's part of the history."""

    def __init__(self, note, proc, who, kind, chats=None, joins=False):
        self._note, self.proc = note, proc
        self.write("client", who=who, kind=kind, joins=joins)
        if chats:
            self.write("may", chats=chats)

    def write(self, op, **fields):
        self._note({"t": time.monotonic(), "proc": self.proc, "op": op, **fields})

    def heard(self, message, via):
        if message.get("seq") is not None:
            self.write(
                "recv", chat=message["chatId"], seq=message["seq"], id=message["messageId"], via=via,
                cmid=message.get("clientMsgId"), sha=sha(message["content"]))


class Reference:
    """Somebody whose client does the work. Sends until told to stop."""

    def __init__(self, note, proc, who, url, auth, chats=None, mode="normal"):
        self.scribe = Scribe(note, proc, who, "reference", chats)
        self.mode, self.token = mode, asyncio.get_running_loop().create_future()
        self.client = PuenteClient(
            url, auth, self._message, on_session=self._session, ping_every=2, patience=4)
        self.client.owner = self

    def _session(self, session):
        if session.get("token") and not self.token.done():
            self.token.set_result((session["token"], session["subject"]))

    def _message(self, message):
        self.scribe.heard(message, "own" if message.get("own") else "live")

    async def follow(self, chat):
        self.scribe.write("joining", chat=chat, after=0)
        await self.client.follow(chat, mode=self.mode)
        self.scribe.write("join", chat=chat, seq=0)

    async def send(self, chat=None, **fields):
        cmid = uuid.uuid4().hex
        self.scribe.write("send", cmid=cmid, sha=sha(words(cmid)))
        try:
            ack = await self.client.send(words(cmid), client_id=cmid, **({"chatId": chat} if chat else {}), **fields)
        except Refused as refused:
            self.scribe.write("nack", cmid=cmid, code=refused.code)
            return None
        self.scribe.write("ack", cmid=cmid, chat=ack["chatId"], seq=ack["seq"], id=ack["messageId"])
        return ack["chatId"]


class Stock:
    """An ordinary client that does nothing special: it joins what it cares about whenever it has a session."""

    def __init__(self, note, proc, who, url, auth, chats, may=None, joins=False, mode="normal", limit=500):
        self.scribe = Scribe(note, proc, who, "stock", may, joins)
        self.url, self.auth, self.mode, self.joins = url, auth, mode, joins
        self.wanted, self.inside, self.limit = set(chats), set(), limit
        self.socket = socketio.AsyncClient(reconnection_delay=0.1, reconnection_delay_max=1)
        self.socket.on("connect", lambda: self.scribe.write("begin"))
        self.socket.on("disconnect", lambda *_: (self.inside.clear(), self.scribe.write("end")))
        self.socket.on("session", lambda _: [self.later(0, self.join, chat) for chat in self.wanted])
        self.socket.on("message:new", lambda message: self.scribe.heard(message, "live"))

    async def __aenter__(self):
        while not self.socket.connected:
            with contextlib.suppress(socketio.exceptions.ConnectionError):
                await self.socket.connect(self.url, auth=self.auth, transports=["websocket"], wait_timeout=5)
        return self

    async def __aexit__(self, *_):
        with contextlib.suppress(Exception):
            await asyncio.wait_for(self.socket.shutdown(), 3)

    def later(self, delay, what, *arguments):
        # Without a task in between where nothing has to wait: what comes next must not come first.
        if delay:
            asyncio.get_running_loop().call_later(delay, self.later, 0, what, *arguments)
        else:
            asyncio.ensure_future(what(*arguments))

    async def join(self, chat):
        if chat not in self.wanted or not self.socket.connected:
            return
        sid = self.socket.sid

        # In the callback, not after an await: the history keeps the order of the wire.
        def joined(ack):
            if not ack["ok"]:
                self.later(0.3, self.join, chat)
                return
            first = ack["messages"][0]["seq"] if ack["messages"] else ack["lastSeq"] + 1
            self.inside.add(chat)
            self.scribe.write("join", chat=chat, seq=ack["lastSeq"], first=first)
            for message in ack["messages"]:
                self.scribe.heard({"chatId": chat, **message}, "replay")

        self.scribe.write("joining", chat=chat)
        mode = {} if self.mode == "normal" else {"mode": self.mode}
        with contextlib.suppress(socketio.exceptions.SocketIOError):
            await self.socket.emit("chat:join", {"chatId": chat, "limit": self.limit, **mode}, callback=joined)
        await asyncio.sleep(6)
        if chat in self.wanted and chat not in self.inside and self.socket.sid == sid:
            await self.join(chat)

    async def leave(self, chat):
        """Whether it is known to be out."""
        self.wanted.discard(chat)
        if chat not in self.inside:
            return

        def left(ack):
            if ack["ok"]:
                self.inside.discard(chat)
                self.scribe.write("left", chat=chat)

        with contextlib.suppress(socketio.exceptions.SocketIOError):
            await self.socket.emit("chat:leave", {"chatId": chat}, callback=left)

    async def send(self, chat, patience=3, **fields):
        """Once, whatever comes of it."""
        cmid = uuid.uuid4().hex
        payload = {"chatId": chat, "content": words(cmid), "clientMsgId": cmid, **fields}
        over = asyncio.get_running_loop().create_future()

        def answered(ack):
            late = over.done()
            if ack["ok"]:
                self.scribe.write("ack", cmid=cmid, chat=ack["chatId"], seq=ack["seq"], id=ack["messageId"])
                self.scribe.heard({**payload, **ack}, "own")
            elif not late:
                self.scribe.write("nack", cmid=cmid, code=ack["error"]["code"])
            if not late:
                over.set_result(ack)

        self.scribe.write("send", cmid=cmid, sha=sha(payload["content"]))
        try:
            await self.socket.emit("message:send", payload, callback=answered)
            await asyncio.wait_for(asyncio.shield(over), patience)
        except (socketio.exceptions.SocketIOError, asyncio.TimeoutError):
            over.cancel()
            self.scribe.write("timeout", cmid=cmid)
