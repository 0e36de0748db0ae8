"""The stock JavaScript client, 4.8, in a real browser against the conformance server's `app` listener."""

from harness import WAITING, check, equal, test

# What every script below begins with.
PRELUDE = WAITING + """
const address = args[0];
const open = async (options = {}, namespace = "/") => {
  const socket = io(address + namespace, { forceNew: true, ...options });
  await once(socket, "connect");
  return socket;
};
const transport = (socket) => socket.io.engine.transport.name;
"""


def page(browser, conformance):
    """A page of the listener's own origin with the bundle that it serves."""
    window = browser.window(f"{conformance.app}/page")
    window.run_async(
        """
        await new Promise((resolve, reject) => {
          const script = document.createElement("script");
          script.src = "/socket.io/socket.io.min.js";
          script.onload = resolve;
          script.onerror = () => reject(new Error("the bundle is not served"));
          document.head.append(script);
        });
        if (typeof io !== "function") throw new Error("no io in the bundle");
        """
    )
    return window


def script(browser, conformance, body):
    return page(browser, conformance).run_async(PRELUDE + body, conformance.app)


@test
def polling_only(browser, conformance):
    """polling only: events and acks both ways, no WebSocket"""
    equal(script(browser, conformance, """
        const socket = await open({ transports: ["polling"] });
        const echo = await socket.timeout(5000).emitWithAck("message-with-ack", 1, "zwei", { drei: [3] });
        socket.emit("message", "hello", { a: 1 });
        const back = await once(socket, "message-back");
        const name = transport(socket);
        socket.disconnect();
        return [name, echo, back];
    """), ["polling", 1, ["hello", {"a": 1}]])


@test
def websocket_only(browser, conformance):
    """websocket only: events and acks both ways"""
    equal(script(browser, conformance, """
        const socket = await open({ transports: ["websocket"] });
        socket.emit("message", "hello", [null, true, 1.5]);
        const back = await once(socket, "message-back");
        const seen = await socket.timeout(5000).emitWithAck("whoami");
        socket.disconnect();
        return [transport(socket), back, seen.transport, seen.protocol, seen.id.length > 10];
    """), ["websocket", ["hello", [None, True, 1.5]], "websocket", 4, True])


@test
def upgrade(browser, conformance):
    """upgrade from polling to websocket loses and reorders nothing"""
    result = script(browser, conformance, """
        const socket = io(address, { forceNew: true });
        const got = [], names = [];
        let n = 0;
        const burst = () => { for (let i = 0; i < 50; i += 1) socket.emit("message", n++); };
        socket.on("message-back", (value) => got.push(value));
        socket.io.once("open", () => {
          const { engine } = socket.io;
          names.push(engine.transport.name);
          engine.on("upgrading", burst);
          engine.on("upgrade", () => { names.push(engine.transport.name); burst(); });
          burst();
        });
        await until(() => names.length === 2, "the upgrade");
        for (let i = 0; i < 20; i += 1) { burst(); await pause(2); }
        await until(() => got.length === n, `all of ${n} messages (${got.length} came)`);
        socket.disconnect();
        return { names, n, inOrder: got.every((value, index) => value === index) };
    """)
    equal(result["names"], ["polling", "websocket"], "transports")
    equal(result["n"], 1150, "messages around the upgrade")
    check(result["inOrder"], "messages came out of order")


@test
def reconnect(browser, conformance):
    """reconnects by itself after the transport is closed, and what was emitted meanwhile arrives"""
    result = script(browser, conformance, """
        const socket = await open({ reconnectionDelay: 50, reconnectionDelayMax: 100, randomizationFactor: 0 });
        await until(() => transport(socket) === "websocket", "the upgrade");
        const first = socket.id;
        const gone = once(socket, "disconnect");
        socket.emit("close-transport");
        const [reason] = await gone;
        socket.emit("message", "written while away");
        const back = await once(socket, "message-back");
        const result = { reason, back, another: socket.id !== first, active: socket.active };
        socket.disconnect();
        return result;
    """)
    equal(result, {"reason": "transport close", "back": ["written while away"], "another": True, "active": True})


@test
def server_disconnect(browser, conformance):
    """the server's disconnect of the namespace is final for the client"""
    equal(script(browser, conformance, """
        const socket = await open();
        const gone = once(socket, "disconnect");
        socket.emit("disconnect-me", false);
        const [reason] = await gone;
        return [reason, socket.active];
    """), ["io server disconnect", False])


@test
def binary(browser, conformance):
    """binary both ways on both transports, several attachments and inside an ack"""
    for transport in ("polling", "websocket"):
        equal(script(browser, conformance, f"""
            const socket = await open({{ transports: ["{transport}"] }});
            const bytes = (...values) => new Uint8Array(values).buffer;
            const list = (value) => [...new Uint8Array(value)];
            socket.emit("message", bytes(1, 2, 3), {{ deep: [bytes(), bytes(255, 0)] }}, "text");
            const [a, b, c] = await once(socket, "message-back");
            const [ack] = await new Promise((resolve) => socket.emit("message-with-ack", bytes(9, 8), (...v) => resolve(v)));
            const [big] = await new Promise((resolve) => socket.emit("big-binary", 300000, (...v) => resolve(v)));
            socket.disconnect();
            return [list(a), list(b.deep[0]), list(b.deep[1]), c, list(ack), big.byteLength, list(big.slice(-1))];
        """), [[1, 2, 3], [], [255, 0], "text", [9, 8], 300_000, [7]], transport)


@test
def acks(browser, conformance):
    """acks the other way, and a timeout where none comes"""
    equal(script(browser, conformance, """
        const socket = await open();
        socket.on("question", (...values) => { const answer = values.pop(); answer("because", ...values); });
        socket.emit("ask", "why?", 7);
        const answer = await once(socket, "answer");
        const late = await socket.timeout(150).emitWithAck("never-ack").then(() => "answered", () => "timed out");
        socket.disconnect();
        return [answer, late];
    """), [["because", "why?", 7], "timed out"])


@test
def rooms(browser, conformance):
    """rooms: to members only, not to the sender, not to who left"""
    equal(script(browser, conformance, """
        const [a, b, c] = await Promise.all([open(), open({ transports: ["polling"] }), open()]);
        const got = { a: [], b: [], c: [] };
        for (const [name, socket] of Object.entries({ a, b, c })) socket.on("news", (value) => got[name].push(value));
        const ask = (socket, ...values) => socket.timeout(5000).emitWithAck(...values);
        await ask(a, "join", "blue"); await ask(b, "join", "blue");
        await ask(a, "to-room", "blue", "news", 1);
        await ask(c, "in-room", "blue", "news", 2);
        await ask(b, "leave", "blue");
        await ask(c, "in-room", "blue", "news", 3);
        await ask(a, "broadcast", "news", 4);
        await until(() => got.a.length === 2 && got.b.length === 3 && got.c.length === 1, JSON.stringify(got));
        await pause(100);
        for (const socket of [a, b, c]) socket.disconnect();
        return got;
    """), {"a": [2, 3], "b": [1, 2, 4], "c": [4]})


@test
def namespaces(browser, conformance):
    """namespaces on one connection: custom, dynamic, guarded, unknown"""
    equal(script(browser, conformance, """
        const manager = new io.Manager(address, { forceNew: true });
        const custom = manager.socket("/custom");
        const dynamic = manager.socket("/dyn-42");
        const unknown = manager.socket("/nowhere");
        const refused = manager.socket("/auth", { auth: { token: "wrong" } });
        const dyn = once(dynamic, "dyn"), no = once(unknown, "connect_error"), wrong = once(refused, "connect_error");
        await once(custom, "connect");
        const [name] = await dyn;
        const [missing] = await no;
        const [denied] = await wrong;
        refused.auth = { token: "secret" };
        refused.connect();
        await once(refused, "connect");
        const engines = new Set([custom, dynamic, refused].map((socket) => socket.io.engine.id)).size;
        for (const socket of [custom, dynamic, refused]) socket.disconnect();
        return [name, missing.message, denied.message, denied.data, engines];
    """), ["/dyn-42", "Invalid namespace", "not authorized", {"code": 401, "hint": "réessayez"}, 1])


@test
def unicode_both_ways(browser, conformance):
    """text survives: scripts, emoji, separators"""
    check(script(browser, conformance, r"""
        const texts = ["てすと", "Я Б Г", "Ä ß", "😀👩‍👩‍👧‍👦🏳️‍🌈", "\u0000\u001e\u2028\u2029\ufeff", "𝒳𐍈", "\"\\\n</script>"];
        const ok = [];
        for (const name of ["polling", "websocket"]) {
          const socket = await open({ transports: [name] });
          socket.emit("message", ...texts);
          const back = await once(socket, "message-back");
          ok.push(JSON.stringify(back) === JSON.stringify(texts));
          socket.disconnect();
        }
        return ok.every(Boolean);
    """), "a text came back changed")


@test
def cross_origin(browser, conformance):
    """a page of another origin may use both transports"""
    window = page(browser, conformance)
    bundle = window.run("return [...document.scripts].find((s) => s.src.endsWith('socket.io.min.js')).src")
    other = browser.window(conformance.app.replace("127.0.0.1", "elsewhere.test") + "/page")
    other.run_async(
        """
        const script = document.createElement("script");
        script.src = args[0];
        await new Promise((resolve, reject) => {
          script.onload = resolve; script.onerror = () => reject(new Error("the bundle is not served to other origins"));
          document.head.append(script);
        });
        """, bundle)
    equal(other.run_async(PRELUDE + """
        const names = [];
        for (const name of ["polling", "websocket"]) {
          const socket = await open({ transports: [name] });
          names.push((await socket.timeout(5000).emitWithAck("handshake")).xdomain ? name : "not seen as cross-origin");
          socket.disconnect();
        }
        return names;
    """, conformance.app), ["polling", "websocket"])
