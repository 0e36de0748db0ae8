"""A client that does for its user what delivery asks of one: every message of a chat once and in order, whatever happens.

    pip install python-socketio aiohttp

    async with PuenteClient(url, {"key": "demo"}, on_message=print) as client:
        ack = await client.send("Hello!")

The ordinary python-socketio client carries it; these are the few rules that make its at-least-once wire exactly once:

- gaps: messages of a chat are numbered 1, 2, 3 …; what is missing below a number is asked for with `chat:history`;
- doubles: a number that was given to the user is never given again;
- order: a number that came early waits for those before it;
- resending: a message without an answer is sent again with the same `clientMsgId`, and is stored once;
- silence: `ping` tells the server the last numbers; the answer names what is missing, and no answer is a dead line.
"""

import asyncio
import contextlib
import random
import time
import uuid

import aiohttp
import socketio

# Answers after which the same message may be sent again; any other is the user's to hear.
PASSING = {"unavailable", "rate_limited", "timeout"}


class Refused(Exception):
    """The gateway's answer to a message that it will not take."""

    def __init__(self, error):
        super().__init__(f"{error.get('code')}: {error.get('message')}")
        self.code = error.get("code")


class Chat:
    """How far one chat has been given to the user."""

    KEPT = 1000  # early messages that wait in memory; what is beyond is asked for again

    def __init__(self, last):
        self.last = last
        self.early = {}
        self.repair = None  # the task that fills a gap, one at a time


class PuenteClient:
    """`url` is an address or a function that gives one, for installs of several nodes. `positions` is what was kept of
    `positions()` at the end of the last run; `auth` may be replaced while it runs (`session.token`)."""

    def __init__(self, url, auth, on_message, *, on_session=None, on_lost=None, positions=None, ping_every=10, patience=8):
        self.url, self.auth = url, auth
        self.on_message, self.on_session, self.on_lost = on_message, on_session, on_lost
        self.ping_every, self.patience = ping_every, patience
        self.doubles = self.connections = 0
        self._chats = {chat: Chat(last) for chat, last in (positions or {}).items()}
        self._modes = {}
        self._socket, self._ready, self._gone = None, asyncio.Event(), asyncio.Event()
        self._sending = asyncio.Lock()
        self._tasks, self._farewells = set(), set()

    async def __aenter__(self):
        # One for all connections: a client whose connecting was given up would leave its own open.
        self._http = aiohttp.ClientSession()
        self._life = asyncio.create_task(self._live())
        return self

    async def __aexit__(self, *_):
        self._life.cancel()
        await asyncio.gather(self._life, return_exceptions=True)
        for task in self._tasks - self._farewells:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        await self._http.close()

    # --- What a user calls ------------------------------------------------------------------------------------------

    def positions(self):
        """The last number given of each chat: keep it, and the next run goes on from there."""
        return {chat: state.last for chat, state in self._chats.items()}

    async def follow(self, chat, after=0, mode="normal"):
        """From now on `on_message` gets every message of this chat above `after`; returns when the first page is there."""
        self._modes[chat] = mode
        self._chats.setdefault(chat, Chat(after))
        while not await self._join(chat):
            await self._ready.wait()
            await asyncio.sleep(0.1)

    async def leave(self, chat):
        self._chats.pop(chat, None)
        return await self._ask("chat:leave", {"chatId": chat})

    async def send(self, content, client_id=None, **fields):
        """Returns the ack, however long that takes and however often it has to be sent; raises `Refused`."""
        payload = {"content": content, "clientMsgId": client_id or str(uuid.uuid4()), **fields}
        delay = 0.2
        async with self._sending:  # one after the other: they keep their order
            while True:
                await self._ready.wait()
                ack = await self._ask("message:send", payload)
                if ack["ok"]:
                    # An own message comes as its ack: to the sending socket nothing else is sent of it.
                    self._chats.setdefault(ack["chatId"], Chat(0))
                    self._take({**payload, **ack, "own": True})
                    return ack
                if ack["error"]["code"] not in PASSING:
                    raise Refused(ack["error"])
                await asyncio.sleep(ack["error"].get("retryAfterMs", 0) / 1000 or delay * random.uniform(0.5, 1))
                delay = min(delay * 2, 2)

    # --- Order ------------------------------------------------------------------------------------------------------

    def _take(self, message):
        chat, seq = self._chats.get(message["chatId"]), message.get("seq")
        if chat is None or seq is None:  # left meanwhile; a note, which has numbers of its own
            return
        if seq <= chat.last or seq in chat.early:
            self.doubles += 1
        elif seq > chat.last + 1:
            if len(chat.early) < Chat.KEPT:
                chat.early[seq] = message
            self._fill(message["chatId"])
        else:
            while message:
                chat.last += 1
                self.on_message(message)
                message = chat.early.pop(chat.last + 1, None)

    def _fill(self, name):
        chat = self._chats.get(name)
        if chat and (chat.repair is None or chat.repair.done()):
            chat.repair = self._background(self._repair(name, chat))

    async def _repair(self, name, chat):
        while self._chats.get(name) is chat:
            await self._ready.wait()
            page = await self._ask("chat:history", {"chatId": name, "afterSeq": chat.last})
            if not page["ok"]:
                if page["error"]["code"] not in PASSING:
                    return self._lose(name)
                await asyncio.sleep(0.3)
                continue
            for message in page["messages"]:
                self._take({"chatId": name, **message})
            if not page["hasMore"] and not chat.early:
                return None
            if not page["messages"]:
                await asyncio.sleep(0.1)  # what came early was numbered after this page was read

    async def _join(self, name):
        chat = self._chats[name]
        request = {"chatId": name, "afterSeq": chat.last}
        if self._modes.get(name, "normal") != "normal":
            request["mode"] = self._modes[name]
        ack = await self._ask("chat:join", request)
        if not ack["ok"]:
            if ack["error"]["code"] not in PASSING:
                self._lose(name)
            return ack["error"]["code"] not in PASSING
        for message in ack["messages"]:
            self._take({"chatId": name, **message})
        if ack["hasMore"]:
            self._fill(name)
        return True

    def _lose(self, name):
        """No longer ours to hear."""
        if self._chats.pop(name, None) and self.on_lost:
            self.on_lost(name)

    # --- The line ---------------------------------------------------------------------------------------------------

    async def _live(self):
        """One connection after the other, each with a client of its own: nothing of a broken one is left behind."""
        delay = 0.1
        while True:
            began = time.monotonic()
            with contextlib.suppress(socketio.exceptions.SocketIOError, asyncio.TimeoutError, OSError):
                await self._connection()
            delay = 0.1 if time.monotonic() - began > 5 else min(delay * 2, 2)
            await asyncio.sleep(delay * random.uniform(0.5, 1))

    async def _connection(self):
        self._gone = gone = asyncio.Event()
        socket = self._socket = socketio.AsyncClient(reconnection=False, http_session=self._http)
        socket.on("message:new", lambda message: socket is self._socket and self._take(message))
        socket.on("session", lambda session: socket is self._socket and self._session(session))
        socket.on("disconnect", lambda *_: gone.set())
        try:
            url = self.url() if callable(self.url) else self.url
            await asyncio.wait_for(socket.connect(url, auth=self.auth, transports=["websocket"]), self.patience)
            self.connections += 1
            while not gone.is_set():
                with contextlib.suppress(asyncio.TimeoutError):
                    await asyncio.wait_for(gone.wait(), self.ping_every)
                    return
                await self._ping(gone)
        finally:
            self._ready.clear()
            gone.set()
            self._farewells.add(self._background(self._close(socket)))

    async def _close(self, socket):
        with contextlib.suppress(Exception):  # a line that is dead cannot be closed politely
            await asyncio.wait_for(socket.disconnect(), 2)

    async def _ping(self, gone):
        # A hundred chats at most in one.
        known = dict(list(self.positions().items())[:100])
        ack = await self._ask("ping", {"timestamp": int(time.time() * 1000), "chats": known})
        if not ack["ok"] and ack["error"]["code"] == "timeout":
            gone.set()
        for chat in ack.get("missed", {}):
            self._fill(chat)

    def _session(self, session):
        """The gateway knows us: after the first connect and after every other."""
        if session.get("token") and self.auth.get("key"):
            self.auth = {**self.auth, "token": session["token"]}
        for chat in session.get("chats", []):
            self._chats.setdefault(chat["chatId"], Chat(0))
        # Before anything that waits to be sent: some modes of joining are a right to post.
        for chat in list(self._chats):
            self._background(self._join_again(chat, self._socket))
        self._ready.set()
        if self.on_session:
            self.on_session(session)

    async def _join_again(self, chat, socket):
        while chat in self._chats and socket is self._socket and not self._gone.is_set():
            if await self._join(chat):
                return
            await asyncio.sleep(0.3)

    async def _ask(self, event, payload):
        """The ack, or an error with the code `timeout`: no answer in time, or the line is gone."""
        lost = {"ok": False, "error": {"code": "timeout"}}
        answer = asyncio.get_running_loop().create_future()
        socket, gone = self._socket, asyncio.create_task(self._gone.wait())
        try:
            await socket.emit(event, payload, callback=lambda ack: answer.done() or answer.set_result(ack))
            await asyncio.wait({answer, gone}, timeout=self.patience, return_when=asyncio.FIRST_COMPLETED)
            return answer.result() if answer.done() else lost
        except (socketio.exceptions.SocketIOError, AttributeError):
            return lost
        finally:
            gone.cancel()

    def _background(self, work):
        task = asyncio.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(lambda done: (self._tasks.discard(done), self._farewells.discard(done)))
        return task
