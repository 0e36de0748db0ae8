"""The reference clients of examples/: the same story, told on a bad line, to the one in JavaScript and the one in Python."""

import asyncio
import sys
import threading

import socketio

from harness import ROOT, check, equal, eventually, test
from proxy import Proxy
from test_examples import Files, credentials

sys.path.insert(0, str(ROOT / "examples" / "python"))

from puente_client import PuenteClient  # noqa: E402


FOREIGN = "00000000-0000-4000-8000-000000000000"


class PythonUser:
    """A user of puente_client.py, on a loop of its own."""

    def __init__(self, url, key):
        self.log, self.acks, self.lost = [], [], []
        self.loop = asyncio.new_event_loop()
        threading.Thread(target=self.loop.run_forever, daemon=True).start()
        self.client = PuenteClient(
            url, {"key": key}, lambda m: self.log.append([m["seq"], m["content"]]), on_lost=self.lost.append,
            ping_every=0.5, patience=2)
        self._do(self.client.__aenter__())

    def _do(self, work):
        return asyncio.run_coroutine_threadsafe(work, self.loop).result(20)

    def send(self, text):
        task = asyncio.run_coroutine_threadsafe(self.client.send(text), self.loop)
        task.add_done_callback(lambda done: self.acks.append(done.result()))

    def heard(self):
        return list(self.log)

    def answers(self):
        return list(self.acks)

    def go_out(self, chat):
        """Out of the room, without the client's knowledge."""
        self._do(self.client._ask("chat:leave", {"chatId": chat}))

    def try_to_follow(self, chat):
        self._do(self.client.follow(chat))
        return self.lost

    def everything(self, chat):
        """What a newcomer of the same credential hears from the beginning on."""
        seen = []

        async def read():
            auth = {"token": self.client.auth["token"]}
            async with PuenteClient(
                self.client.url, auth, lambda m: seen.append([m["seq"], m["content"]]), positions={chat: 0}):
                for _ in range(200):
                    if len(seen) >= len(self.log):
                        break
                    await asyncio.sleep(0.05)

        self._do(read())
        return seen

    def stop(self):
        self._do(self.client.__aexit__())
        self.loop.call_soon_threadsafe(self.loop.stop)


class BrowserUser:
    """A user of puente-client.mjs in Chromium, with the real bundle."""

    def __init__(self, browser, url, key):
        self.files = Files()
        self.window = browser.window(f"{self.files.address}/js/")
        self.window.run_async(
            """
            await new Promise((resolve, reject) => {
              const script = document.createElement("script");
              Object.assign(script, { src: args[0] + "/socket.io/socket.io.min.js", onload: resolve, onerror: reject });
              document.head.append(script);
            });
            const { puente } = await import("/js/puente-client.mjs");
            window.log = []; window.acks = []; window.lost = []; window.auth = { key: args[1] };
            window.socket = io(args[0], { auth: (give) => give(auth), reconnectionDelay: 100, reconnectionDelayMax: 300 });
            window.client = puente(socket, {
              onMessage: (m) => log.push([m.seq, m.content]), onSession: ({ token }) => { if (token) auth = { token }; },
              onLost: (chat) => lost.push(chat), pingEvery: 500, patience: 2000,
            });
            window.everything = async (chat) => {
              const seen = [], other = puente(io(args[0], { auth, forceNew: true }), {
                onMessage: (m) => seen.push([m.seq, m.content]), positions: { [chat]: 0 } });
              for (let i = 0; i < 200 && seen.length < log.length; i += 1) await new Promise((r) => setTimeout(r, 50));
              other.close();
              return seen;
            };
            """, url, key)

    def send(self, text):
        self.window.run("client.send(arguments[0]).then((ack) => acks.push(ack))", text)

    def heard(self):
        return self.window.run("return log")

    def answers(self):
        return self.window.run("return acks")

    def go_out(self, chat):
        self.window.run_async("await socket.timeout(5000).emitWithAck('chat:leave', { chatId: args[0] })", chat)

    def try_to_follow(self, chat):
        return self.window.run_async("await client.follow(args[0]); return lost", chat)

    def everything(self, chat):
        return self.window.run_async("return await everything(args[0])", chat)

    def stop(self):
        self.window.run("client.close()")
        self.files.stop()


def story(gateway, workspace, make):
    given = credentials(gateway, workspace, roles=[("sam", "supervisor")])
    line = Proxy(gateway.port)
    sam = socketio.Client()
    wire = []
    sam.on("message:new", lambda message: wire.append(message["content"]))
    user = make(f"http://127.0.0.1:{line.port}", given["key"])
    try:
        user.send("first")
        chat = eventually(user.answers, "an ack")[0]["chatId"]
        sam.connect(gateway.address, auth={"token": given["tokens"]["sam"]})
        check(sam.call("chat:join", {"chatId": chat, "mode": "barge"})["ok"], "sam is in")
        expected = ["first"]

        def says(*texts):
            for text in texts:
                check(sam.call("message:send", {"chatId": chat, "content": text, "type": "agent"})["ok"], "said")
                expected.append(text)

        def all_there(what):
            wanted = [[number, text] for number, text in enumerate(expected, 1)]
            eventually(lambda: user.heard() == wanted, lambda: f"{what}: {user.heard()[-8:]}")

        says("hello")
        all_there("live")

        # What is not ours to hear is said, and not asked for for ever.
        equal(user.try_to_follow(FOREIGN), [FOREIGN], "lost")

        # The line is away, and what is sent meanwhile waits.
        line.down()
        says("a", "b", "c")
        user.send("meanwhile")
        expected.append("meanwhile")
        line.up()
        all_there("after the line was away")

        # Only the answer is lost: sent again, stored once.
        line.trouble = "deaf"
        user.send("once")
        expected.append("once")
        eventually(lambda: "once" in wire, "it is stored")
        line.cut()
        line.trouble = None
        all_there("after a lost answer")
        eventually(lambda: len(user.answers()) == 3, "all acks")
        equal(user.answers()[-1].get("duplicate"), True, "the second answer says that it was known")
        equal(wire.count("once"), 1, "others heard it")

        # Out of the room without knowing: the ping finds out, without another message.
        user.go_out(chat)
        says("unheard", "unheard too")
        all_there("found by ping")

        # The line hangs without ending: no pong, a new line.
        line.trouble = "blackhole"
        says("into the dark")
        eventually(lambda: len(line.connections) == 0 or len(line.connections) > 2, "the client gives the line up")
        line.trouble = None
        all_there("after a line that hung")

        # More than a page.
        line.down()
        says(*(f"number {n}" for n in range(520)))
        line.up()
        all_there("more than a page")
        equal(user.everything(chat), [[n, text] for n, text in enumerate(expected, 1)], "a newcomer from the start")
    finally:
        line.trouble = None
        line.up()
        user.stop()
        sam.disconnect()
        line.stop()


@test
def reference_client_in_python(gateway):
    """puente_client.py gives every message once and in order on a bad line"""
    story(gateway, "reference-python", PythonUser)


@test
def reference_client_in_a_browser(browser, gateway):
    """puente-client.mjs gives every message once and in order on a bad line"""
    story(gateway, "reference-js", lambda url, key: BrowserUser(browser, url, key))
