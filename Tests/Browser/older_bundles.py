#!/usr/bin/env python3
"""Older stock JavaScript clients in a real browser, by hand: older_bundles.py path/to/socket.io.js [path…]

The bundles are those that socket.io-client published in `dist/` (tags 2.5.0, 3.1.3 and others); they are not part of
this project. Every check runs over polling, WebSocket and the upgrade, and for version 2 over JSONP, against the
listener `app`; then as a visitor against the gateway. Prints a line per check and the counts.
"""

import re
import sys
from pathlib import Path

import harness
from harness import WAITING, Failed, check, equal

PRELUDE = WAITING + """
const [address, options] = args;
const sockets = [];
const make = (namespace = "/", more = {}) => {
  const socket = io(address + namespace, { forceNew: true, ...options, ...more });
  sockets.push(socket);
  return socket;
};
const open = async (...values) => { const socket = make(...values); await once(socket, "connect"); return socket; };
const ask = (socket, ...values) => within(8000, new Promise((resolve) => socket.emit(...values, (...v) => resolve(v))), values[0]);
const bytes = (...values) => new Uint8Array(values).buffer;
const list = (value) => [...new Uint8Array(value)];
const refusal = (socket) => Promise.race([once(socket, "error"), once(socket, "connect_error")]);
const transport = (socket) => socket.io.engine.transport;
"""

CHECKS = []


def js(expected):
    """Registers a check: its docstring is the body of a function; what that returns is `expected`, or passes it."""

    def register(function):
        CHECKS.append((function.__name__.replace("_", " "), function.__doc__, expected))
        return function

    return register


@js(lambda v, version: v["protocol"] == (3 if version == 2 else 4) and v["mine"])
def identity():
    """
    const socket = await open();
    const [me] = await ask(socket, "whoami");
    return { protocol: me.protocol, mine: me.id === socket.id };
    """


@js(lambda v, version: v == ({"same": True, "id": True} if version == 2 else {"same": False, "id": True}))
def identity_in_a_namespace():
    """
    const socket = await open("/custom");
    const [me] = await ask(socket, "whoami");
    return { same: me.id === "/custom#" + socket.io.engine.id, id: me.id === socket.id };
    """


@js(lambda v, version: v)
def texts_come_back():
    r"""
    const texts = ["てすと", "Я Б Г", "Ä ß", "😀👩‍👩‍👧‍👦🏳️‍🌈", "\u0000\u001e\u2028\u2029\ufeff", "𝒳𐍈", "\"\\n\n</script>", "%+&="];
    const socket = await open();
    socket.emit("message", ...texts);
    const back = await once(socket, "message-back");
    return JSON.stringify(back) === JSON.stringify(texts);
    """


@js(lambda v, version: v)
def the_servers_texts_arrive():
    r"""
    const socket = await open();
    const got = [];
    socket.on("unicode-item", (text) => got.push(text));
    socket.emit("unicode");
    await until(() => got.length === 7, "seven texts");
    return JSON.stringify(got) === JSON.stringify(["てすと", "Я Б Г Д Ж Й", "Ä ä Ü ü ß", "utf8 — string",
      "😀👩‍👩‍👧‍👦🏳️‍🌈", "\u0000\u001e\u2028\u2029\ufeff", "𝒳𐍈"]);
    """


@js([[1, 2, 3], [], [255, 0], "text", [9, 8], 300_000, [7]])
def binary_both_ways():
    """
    const socket = await open();
    socket.emit("message", bytes(1, 2, 3), { deep: [bytes(), bytes(255, 0)] }, "text");
    const [a, b, c] = await once(socket, "message-back");
    const [ack] = await ask(socket, "message-with-ack", bytes(9, 8));
    const [big] = await ask(socket, "big-binary", 300000);
    return [list(a), list(b.deep[0]), list(b.deep[1]), c, list(ack), big.byteLength, list(big.slice(-1))];
    """


@js([["because", "why?", 7], [True], [False, "soon"]])
def acks_the_other_way():
    """
    const socket = await open();
    let answer = (reply, ...values) => reply("because", ...values);
    socket.on("question", (...values) => { const reply = values.pop(); answer(reply, ...values); });
    socket.emit("ask", "why?", 7);
    const first = await once(socket, "answer");
    answer = () => {};
    socket.emit("ask-timeout", 100);
    const late = await once(socket, "answer-timeout");
    answer = (reply) => reply("soon");
    socket.emit("ask-timeout", 5000);
    return [first, late, await once(socket, "answer-timeout")];
    """


@js({"a": [2, 3], "b": [1, 2, 4], "c": [4]})
def rooms_and_broadcasts():
    """
    const [a, b, c] = await Promise.all([open(), open(), open()]);
    const got = { a: [], b: [], c: [] };
    for (const [name, socket] of Object.entries({ a, b, c })) socket.on("news", (value) => got[name].push(value));
    await ask(a, "join", "blue"); await ask(b, "join", "blue");
    await ask(a, "to-room", "blue", "news", 1);
    await ask(c, "in-room", "blue", "news", 2);
    await ask(b, "leave", "blue");
    await ask(c, "in-room", "blue", "news", 3);
    await ask(a, "broadcast", "news", 4);
    await until(() => got.a.length === 2 && got.b.length === 3 && got.c.length === 1, JSON.stringify(got));
    await pause(50);
    return got;
    """


@js([False, ["A", "B"]])
def broadcasts_gather_answers():
    """
    const [a, b] = await Promise.all([open(), open()]);
    for (const [name, socket] of [["A", a], ["B", b]]) {
      socket.on("question", (...values) => values.pop()(name));
      await ask(socket, "join", "poll");
    }
    a.emit("ask-room", "poll", 5000, "?");
    const [error, answers] = await once(a, "room-answers");
    return [error, answers.sort()];
    """


@js(lambda v, version: v["name"] == "/dyn-42" and v["slow"] == ["x"] and v["missing"] == "Invalid namespace"
    and v["denied"] == {"code": 401, "hint": "réessayez"} and v["admitted"] == 1)
def namespaces():
    """
    const dynamic = make("/dyn-42"), slow = make("/slow"), unknown = make("/nowhere");
    const refused = make("/auth", { query: { token: "guess" }, auth: { token: "guess" } });
    const admitted = make("/auth?token=secret", { auth: { token: "secret" } });
    const waits = [once(dynamic, "dyn"), once(slow, "connect"), refusal(unknown), refusal(refused), once(admitted, "connect")];
    const [[name], , [missing], [denied]] = await Promise.all(waits);
    return { name, slow: await ask(slow, "message-with-ack", "x"), missing: missing.message,
      denied: denied.data || denied, admitted: (await ask(admitted, "message-with-ack", 1))[0] };
    """


@js(lambda v, version: v == list(range(200)))
def bursts_keep_their_order():
    """
    const socket = await open();
    const got = [];
    socket.on("burst-item", (item) => got.push(item));
    socket.emit("burst", 200);
    await until(() => got.length === 200, "200 items");
    return got;
    """


@js(lambda v, version: v["reason"] in ("transport close", "transport error") and v["back"] == ["written while away"])
def comes_back():
    """
    const socket = await open("/", { reconnectionDelay: 50, reconnectionDelayMax: 100, randomizationFactor: 0 });
    const gone = once(socket, "disconnect");
    socket.emit("close-transport");
    const [reason] = await gone;
    socket.emit("message", "written while away");
    return { reason, back: await once(socket, "message-back") };
    """


@js("io server disconnect")
def the_servers_disconnect():
    """
    const socket = await open();
    const gone = once(socket, "disconnect");
    socket.emit("disconnect-me", true);
    return (await gone)[0];
    """


@js(lambda v, version: v["inOrder"] and v["n"] == 550)
def messages_around_the_upgrade():
    """
    const socket = make();
    const got = [];
    let n = 0;
    const burst = () => { for (let i = 0; i < 50; i += 1) socket.emit("message", n++); };
    socket.on("message-back", (value) => got.push(value));
    await once(socket, "connect");
    for (let i = 0; i < 11; i += 1) { burst(); await pause(5); }
    await until(() => got.length === n, `all of ${n} messages (${got.length} came)`);
    return { n, inOrder: got.every((value, index) => value === index) };
    """


VISITOR = """
const credential = { key: "demo" };
const socket = make("/", { query: credential, auth: credential, reconnectionDelay: 50, reconnectionDelayMax: 100 });
const [session] = await once(socket, "session");
const heard = once(socket, "message:new");
const [first] = await ask(socket, "message:send", { content: "hola €😀", clientMsgId: "m1" });
const [answer] = await heard;
const back = once(socket, "session");
socket.io.opts.query = socket.auth = { token: session.token };
socket.io.engine.close();
const [later] = await back;
const [join] = await ask(socket, "chat:join", { chatId: first.chatId });
const [again] = await ask(socket, "message:send", { content: "hola €😀", clientMsgId: "m1" });
return [first.ok, answer.sender.role, later.chats[0].chatId === first.chatId, join.messages[0].content, again.duplicate];
"""


def run(window, origin, body, address, options):
    window.go(origin)
    window.run("window.io = undefined")
    window.run("(0, eval)(arguments[0]); window.io = window.io || globalThis.io;", window.bundle)
    return window.run_async(PRELUDE + "try {" + body + "} finally { for (const s of sockets) s.close(); }", address, options)


def main(paths):
    conformance, gateway, browser = harness.Conformance(), harness.Gateway(), harness.Browser()
    passed = failed = 0
    try:
        for path in paths:
            bundle = Path(path).read_text()
            version = int(re.search(r"Socket\.IO v(\d+)", bundle)[1])
            window = browser.window(f"{conformance.app}/page")
            window.bundle = bundle
            transports = {
                "polling": {"transports": ["polling"]}, "websocket": {"transports": ["websocket"]}, "upgrade": {},
            }
            if version == 2:
                transports["base64"] = {"transports": ["polling"], "forceBase64": True}
                transports["jsonp"] = {"transports": ["polling"], "forceJSONP": True}
            # Under another name than the page's: what a widget does.
            elsewhere = conformance.app.replace("127.0.0.1", "elsewhere.test")
            plans = [
                (f"{name}: {title}", f"{conformance.app}/page", body, elsewhere, options, expected)
                for name, options in transports.items() for title, body, expected in CHECKS
            ] + [
                (f"{name}: visitor of the gateway", f"{conformance.app}/page", VISITOR, gateway.address, options,
                 [True, "ai", True, "hola €😀", True])
                for name, options in transports.items()
            ]
            for name, origin, body, address, options, expected in plans:
                try:
                    value = run(window, origin, body, address, options)
                    if callable(expected):
                        check(expected(value, version), f"found {value!r}")
                    else:
                        equal(value, expected)
                    passed += 1
                    print(f"  ok    {version}: {name}", flush=True)
                except Failed as error:
                    failed += 1
                    print(f"  FAIL  {version}: {name}\n      {error}", flush=True)
    finally:
        for fixture in (browser, gateway, conformance):
            fixture.stop()
    print(f"{passed} passed, {failed} failed")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
