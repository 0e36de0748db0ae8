"""The checks of app_checks.js, and what they are about: the events of `conformance`'s listeners for real clients."""

import re
from pathlib import Path

from harness import ROOT, check

BENCH, SCRIPT = (Path(__file__).with_name(name).read_text() for name in ("app_bench.js", "app_checks.js"))
NAMES = re.findall(r'^  check\("([^"]+)"', SCRIPT, re.MULTILINE)

# How a connection is made, and what it must be in the end.
TRANSPORTS = {
    "polling": {"options": {"transports": ["polling"]}, "transport": "polling"},
    "websocket": {"options": {"transports": ["websocket"]}, "transport": "websocket"},
    "upgrade": {"options": {"transports": ["polling", "websocket"]}, "transport": "websocket"},
}

# What only version 2 has besides.
OLD_TRANSPORTS = {
    "base64": {"options": {"transports": ["polling"], "forceBase64": True}, "transport": "polling"},
    "jsonp": {"options": {"transports": ["polling"], "forceJSONP": True}, "transport": "polling", "jsonp": True, "patience": 30000},
}


def elsewhere(address):
    """The same server under another name than the page's: what a widget on somebody's site talks to."""
    return address.replace("127.0.0.1", "elsewhere.test")


def load(window):
    """Puts the checks into a page that has `io`."""
    window.run("for (const script of arguments) (0, eval)(script)", BENCH, SCRIPT)
    found = window.run("return checkNames()")
    check(found == NAMES, f"the checks of the page are others than those of the file: {found}")


def run(window, name, setting):
    window.run_async("await runCheck(args[0], args[1]);", name, setting)


def server_events():
    """The events that the server's sources handle, and those that they emit by themselves."""
    folder = ROOT / "Sources" / "ConformanceServer"
    files = [file for file in sorted(folder.glob("*Events.swift")) if file.stem != "BenchEvents"]
    # The dynamic namespaces' own event is emitted where they are made.
    sources = "\n".join(file.read_text() for file in [*files, folder / "Listener.swift"])
    handled = set(re.findall(r'(?:\.on|\bforward|^\s*emit)\("([a-z-]+)"\)', sources, re.MULTILINE))
    emitted = set(re.findall(r'\.emit\(\s*"([a-z-]+)"', sources))
    check({"message", "to-room", "volatile-me", "never-ack"} <= handled, f"events that are handled: {sorted(handled)}")
    check({"auth", "question", "dyn", "room-answers"} <= emitted, f"events that are emitted: {sorted(emitted)}")
    return handled, emitted


def server_namespaces():
    source = (ROOT / "Sources" / "ConformanceServer" / "Listener.swift").read_text()
    application = source[source.index("func registerApplication"):source.index("// MARK: WebSocket")]
    names = set(re.findall(r'"(/[a-z]*)"', application)) | {"/dyn-" for _ in re.findall(r"#/\\/dyn-", application)}
    check({"/", "/auth", "/slow", "/dyn-"} <= names, f"namespaces: {sorted(names)}")
    return names
