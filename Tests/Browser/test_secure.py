"""The stock JavaScript client over TLS, and the browser's own permessage-deflate."""

from harness import equal, test
from test_bundle import script

# Echoes of a socket of the browser's own; what it offers for compression is not the page's to choose.
ECHO = """
    const socket = new WebSocket(args[0]);
    const next = () => new Promise((resolve, reject) => {
      socket.onmessage = (event) => resolve(event.data);
      socket.onclose = (event) => reject(new Error(`closed with ${event.code}`));
      socket.onerror = () => reject(new Error("failed"));
    });
    await new Promise((resolve, reject) => { socket.onopen = resolve; socket.onerror = () => reject(new Error("failed")); });
    let same = 0;
    for (let size = 1; size < 300000; size = size * 3 + 1) {
      const text = "ñ€😀 lorem ipsum ".repeat(size / 15 + 1).slice(0, size).toWellFormed();
      const answer = next();
      socket.send(text);
      if (await answer === text) same += 1;
    }
    const extensions = socket.extensions;
    socket.onclose = null;
    socket.close();
    return [extensions.split(";")[0], same];
"""


@test
def secure_upgrade(browser, secure):
    """https and wss: polling, upgrade, big messages both ways"""
    equal(script(browser, secure, """
        const socket = io(address, { forceNew: true });
        await once(socket, "connect");
        await until(() => transport(socket) === "websocket", "the upgrade");
        const text = "ñ€😀".repeat(50000);
        const [back] = await socket.timeout(8000).emitWithAck("message-with-ack", text).then((value) => [value]);
        const seen = await socket.timeout(5000).emitWithAck("handshake");
        const result = [address.slice(0, 6), back === text, seen.secure];
        socket.disconnect();
        return result;
    """), ["https:", True, True])


@test
def secure_polling(browser, secure):
    """https: polling alone"""
    equal(script(browser, secure, """
        const socket = await open({ transports: ["polling"] });
        socket.emit("message", "x".repeat(20000), 1);
        const [text, one] = await once(socket, "message-back");
        socket.disconnect();
        return [text.length, one];
    """), [20_000, 1])


@test
def compressed_frames(browser, conformance):
    """permessage-deflate: what Chromium offers is accepted, and every message comes back as it was"""
    window = browser.window(f"{conformance.app}/page")
    equal(window.run_async(ECHO, conformance.echo), ["permessage-deflate", 12])


@test
def compressed_secure_frames(browser, secure):
    """permessage-deflate inside TLS"""
    window = browser.window(f"{secure.app}/page")
    equal(window.run_async(ECHO, secure.echo), ["permessage-deflate", 12])
