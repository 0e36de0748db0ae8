"""The stock JavaScript client, 4.8, in a real browser against the conformance server's listeners for real clients."""

import app_table
from harness import ROOT, WAITING, check, equal, test

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
def ack_timeouts(browser, conformance):
    """`timeout` and `emitWithAck`: an answer, and none"""
    equal(script(browser, conformance, """
        const socket = await open();
        const answer = await socket.timeout(5000).emitWithAck("message-with-ack", "here");
        const late = await socket.timeout(150).emitWithAck("never-ack").then(() => "answered", () => "timed out");
        socket.disconnect();
        return [answer, late];
    """), ["here", "timed out"])


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


# --- The table ----------------------------------------------------------------------------------------------


def setting(conformance, transport, **more):
    return {"address": app_table.elsewhere(conformance.app), **app_table.TRANSPORTS[transport], **more}


def table_test(transport, name):
    """A test for one check over one transport."""

    def one(browser, conformance):
        window = page(browser, conformance)
        app_table.load(window)
        app_table.run(window, name, setting(conformance, transport))

    one.__doc__ = f"{transport}: {name}"
    one.__name__ = f"table {transport} {name}"
    return test(one)


for chosen in app_table.TRANSPORTS:
    for title in app_table.NAMES:
        table_test(chosen, title)


@test
def table_covers_the_server(browser, conformance):
    """the table: whatever event the server does nothing for, a check notices; of a server that does nothing, all do"""
    handled, emitted = app_table.server_events()
    for namespace in app_table.server_namespaces():
        check(f'"{namespace}' in app_table.SCRIPT, f"no check is about {namespace}")
    window = page(browser, conformance)
    app_table.load(window)
    # A check that could not even connect has noticed nothing.
    window.run("""
        window.noticing = async (names, setting) => {
          const results = await Promise.allSettled(names.map((name) => runCheck(name, setting)));
          return names.filter((_, index) => results[index].status === "rejected" && !/: connect arrives/.test(results[index].reason));
        };
        window.unnoticed = async (events, setting) => {
          const noticing = await Promise.all(events.map((event) => window.noticing(checksThatName(event), { ...setting, without: event })));
          return events.filter((_, index) => !noticing[index].length);
        };
    """)
    mute = setting(conformance, "websocket", patience=2000)
    events = sorted(handled | emitted)
    for group in (events[first:first + 6] for first in range(0, len(events), 6)):
        equal(window.run_async("return await unnoticed(args[0], args[1]);", group, mute), [], "events that could be missing")
    noticing = window.run_async("return await noticing(checkNames(), args[0]);", {**mute, "without": "*"})
    equal(noticing, app_table.NAMES, "checks that can fail")


@test
def table_covers_the_python_scripts():
    """the scripts of both Python clients name every event and namespace of the server"""
    handled, emitted = app_table.server_events()
    for file in ("app_listener.py", "app_listener_eio3.py"):
        text = (ROOT / "Tests" / "Clients" / "python" / file).read_text()
        missing = [name for name in sorted(handled | emitted | app_table.server_namespaces()) if f'"{name}' not in text]
        equal(missing, [], f"what {file} has not")
