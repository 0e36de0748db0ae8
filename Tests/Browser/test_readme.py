"""The README's own snippets, as they are written there."""

import functools
import http.server
import re
import tempfile
import threading
from pathlib import Path

from harness import ROOT, check, equal, eventually, test


# Keeps what the snippet logs.
EAR = """<script>
window.logged = [];
console.log = (...values) => logged.push(values.map((v) => typeof v === "string" ? v : JSON.stringify(v)).join(" "));
</script>"""


class Quiet(http.server.SimpleHTTPRequestHandler):
    def log_message(self, *_):
        pass


@test
def the_widget(browser, gateway):
    """the README's widget, on a page of another site, sends and hears"""
    snippet = re.search(r"```html\n(.*?)```", (ROOT / "README.md").read_text(), re.S)
    check(snippet, "the README has an HTML snippet")
    page = snippet[1].replace("http://127.0.0.1:3000", gateway.address)
    check(gateway.address in page, "the snippet names the gateway")
    with tempfile.TemporaryDirectory() as folder:
        Path(folder, "index.html").write_text(f"<!doctype html><meta charset=utf-8><title>another site</title>{EAR}{page}")
        server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), functools.partial(Quiet, directory=folder))
        threading.Thread(target=server.serve_forever, daemon=True).start()
        try:
            window = browser.window(f"http://127.0.0.1:{server.server_address[1]}/index.html")
            token = eventually(lambda: window.run("return localStorage.getItem('visitor')"), "the visitor's token is kept")
            said = eventually(lambda: [line for line in window.run("return logged") if '"ok":true' in line], "the ack is logged")
            equal(len(said), 1, "acks")
            eventually(lambda: len(window.run("return logged")) >= 2, "the bot is heard")
            window.reload()
            eventually(lambda: window.run("return localStorage.getItem('visitor')") == token, "the same visitor after a reload")
        finally:
            server.shutdown()
