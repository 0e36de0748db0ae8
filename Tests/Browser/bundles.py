#!/usr/bin/env python3
"""Stock JavaScript clients in a real browser, by hand: bundles.py path/to/socket.io.js [path…]

The bundles are those that socket.io-client published in `dist/` (tags 2.5.0, 3.1.3 and others); they are not part of this
project. One whose name has `msgpack` in it talks to the listener `msgpack`, the others to `app`: every check of
app_checks.js over polling, WebSocket and the upgrade, and for version 2 over JSONP and with base64 as well; then as a
visitor against the gateway, which speaks no MessagePack. Prints a line per check, the counts of each bundle, and the sum.
"""

import re
import sys
from pathlib import Path

import app_table
import harness
from harness import WAITING, Failed, equal

VISITOR = WAITING + """
const [address, options] = args;
const credential = { key: "demo" };
const socket = io(address, { ...options, forceNew: true, query: credential, auth: credential, reconnectionDelay: 50, reconnectionDelayMax: 100 });
const ask = (...values) => within(8000, new Promise((resolve) => socket.emit(...values, resolve)), values[0]);
try {
  const [session] = await once(socket, "session");
  const heard = once(socket, "message:new");
  const first = await ask("message:send", { content: "hola €😀", clientMsgId: "m1" });
  const [answer] = await heard;
  const back = once(socket, "session");
  socket.io.opts.query = socket.auth = { token: session.token };
  socket.io.engine.close();
  const [later] = await back;
  const join = await ask("chat:join", { chatId: first.chatId });
  const again = await ask("message:send", { content: "hola €😀", clientMsgId: "m1" });
  return [first.ok, answer.sender.role, later.chats[0].chatId === first.chatId, join.messages[0].content, again.duplicate];
} finally {
  socket.close();
}
"""


def load(window, page, bundle):
    """A page anew, with the bundle in it as a script of its own would be."""
    window.go(page)
    window.run("(0, eval)(arguments[0]); window.io = window.io || globalThis.io;", bundle)


def plans(version, msgpack, conformance, gateway):
    """What is to be done with a bundle: a title and a function of the window."""
    transports = {**app_table.TRANSPORTS, **(app_table.OLD_TRANSPORTS if version == 2 else {})}
    address = app_table.elsewhere(conformance.msgpack if msgpack else conformance.app)

    def one_check(title, setting):
        def go(window):
            app_table.load(window)
            app_table.run(window, title, {**setting, "address": address, "msgpack": msgpack})
        return go

    def visit(options):
        return lambda window: equal(
            window.run_async(VISITOR, gateway.address, options), [True, "ai", True, "hola €😀", True])

    for name, setting in transports.items():
        for title in app_table.NAMES:
            yield f"{name}: {title}", one_check(title, setting)
        if not msgpack:
            yield f"{name}: visitor of the gateway", visit(setting["options"])


def main(paths):
    if not paths:
        print(__doc__)
        return 2
    conformance, gateway, browser = harness.Conformance(), harness.Gateway(), harness.Browser()
    sums = []
    try:
        for path in map(Path, paths):
            bundle = path.read_text()
            full = re.search(r"Socket\.IO v((\d+)\.[\d.]+)", bundle)
            msgpack = "msgpack" in path.name
            client = f"{full[1]}{' msgpack' if msgpack else ''}"
            window = browser.window(f"{conformance.app}/page")
            passed = failed = 0
            for name, go in plans(int(full[2]), msgpack, conformance, gateway):
                try:
                    load(window, f"{conformance.app}/page", bundle)
                    go(window)
                    passed += 1
                    print(f"  ok    {client}: {name}", flush=True)
                except Failed as error:
                    failed += 1
                    print(f"  FAIL  {client}: {name}\n      {error}", flush=True)
            sums.append((client, passed, failed))
    finally:
        for fixture in (browser, gateway, conformance):
            fixture.stop()
    for client, passed, failed in sums:
        print(f"{client}: {passed} passed, {failed} failed")
    failed = sum(failed for _, _, failed in sums)
    print(f"{sum(passed for _, passed, _ in sums)} passed, {failed} failed")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
