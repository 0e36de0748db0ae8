"""What the client and browser tests stand on: servers as processes, one Chromium, and a list of tests."""

import contextlib
import os
import queue
import random
import re
import shutil
import signal
import socket
import subprocess
import tempfile
import threading
import time
from pathlib import Path

import socketio
from selenium import webdriver
from selenium.webdriver.chrome.service import Service

ROOT = Path(__file__).resolve().parent.parent.parent
BIN = Path(os.environ.get("TEST_BIN", ROOT / ".build" / "debug"))
PATIENCE = float(os.environ.get("TEST_PATIENCE", "20"))  # seconds that a condition may take

TESTS = []


class Failed(Exception):
    """A test's expectation that does not hold."""


def test(function):
    """Registers a test. Its fixtures are the names of its parameters, as `run.py` gives them."""
    TESTS.append(function)
    return function


def check(condition, message):
    if not condition:
        raise Failed(message)


def equal(found, expected, what=""):
    if found != expected:
        raise Failed(f"{what or 'value'}\n      expected {expected!r}\n      found    {found!r}")


def eventually(probe, what, patience=None):
    """Waits until `probe()` gives something true and returns it; what it raises counts as not yet.

    `what` may be a function, which is asked only when the waiting has been in vain."""
    deadline = time.monotonic() + (patience or PATIENCE)
    error = None
    while True:
        try:
            value = probe()
            if value:
                return value
            error = f"last value {value!r}"
        except Failed as failure:
            error = str(failure)
        except Exception as failure:  # a page that is being rendered, a server that is not up yet
            error = f"{type(failure).__name__}: {str(failure).splitlines()[0] if str(failure) else ''}"
        if time.monotonic() > deadline:
            raise Failed(f"never happened: {what() if callable(what) else what} ({error})")
        time.sleep(0.03)


# --- Processes ----------------------------------------------------------------------------------------------


class Server:
    """A server process that says `ready` on stdout. Its stderr goes to a file that is shown when a test fails."""

    def __init__(self, name, arguments, environment=None):
        self.log = tempfile.NamedTemporaryFile("w+", prefix=f"puente-{name}-", suffix=".log", delete=False)
        self.output = []
        self._lines = queue.Queue()
        self.process = subprocess.Popen(
            [str(BIN / name), *map(str, arguments)],
            stdout=subprocess.PIPE, stderr=self.log, text=True,
            # A busy machine is not what a test is about.
            env={**os.environ, "PUENTE_LIMITS_QUEUE_DELAY": "1m", "PUENTE_LIMITS_LOOP_LAG": "1m", **(environment or {})},
            start_new_session=True,
        )
        threading.Thread(target=self._read, daemon=True).start()

    def _read(self):
        for line in self.process.stdout:
            self._lines.put(line.rstrip("\n"))
        self._lines.put(None)

    def line(self, pattern, patience=60):
        """The next line of output that matches, and its match."""
        deadline = time.monotonic() + patience
        while True:
            try:
                line = self._lines.get(timeout=max(0.01, deadline - time.monotonic()))
            except queue.Empty:
                raise Failed(f"no line like {pattern!r} from {self.process.args[0]}; see {self.log.name}") from None
            if line is None:
                raise Failed(f"{self.process.args[0]} ended with {self.process.wait()}: {self.tail()}")
            self.output.append(line)
            match = re.search(pattern, line)
            if match:
                return match

    def kill(self):
        """As a power cut would: only this process, at once."""
        self.process.send_signal(signal.SIGKILL)
        self.process.wait()

    def stop(self):
        """Asks politely and returns the exit status."""
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
            try:
                self.process.wait(40)
            except subprocess.TimeoutExpired:
                self.kill()
        return self.process.returncode

    def tail(self, lines=15):
        with open(self.log.name) as log:
            return "".join(log.readlines()[-lines:])


def free_ports(count):
    """The first of `count` consecutive ports that were free a moment ago, below the ephemeral range."""
    for _ in range(200):
        first = random.randrange(12_000, 30_000)
        try:
            with contextlib.ExitStack() as sockets:
                for port in range(first, first + count):
                    made = sockets.enter_context(socket.socket())
                    made.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
                    made.bind(("127.0.0.1", port))
            return first
        except OSError:
            continue
    raise Failed(f"no {count} free ports in a row")


class Conformance:
    """The conformance executable; `app` and `msgpack` are the listeners for real clients, `echo` the one of plain WebSockets."""

    base = "http://127.0.0.1"
    options = ()

    def __init__(self):
        first = free_ports(7)
        self.server = Server("conformance", ["--host", "127.0.0.1", "--port", first, *self.options])
        self.server.line("ready")
        self.app = f"{self.base}:{first + 2}"
        self.msgpack = f"{self.base}:{first + 3}"
        self.echo = f"{self.base.replace('http', 'ws')}:{first + 6}"

    def stop(self):
        self.server.stop()


CERTIFICATES = ROOT / "Tests" / "Certificates"


class SecureConformance(Conformance):
    """The same over TLS."""

    base = "https://localhost"
    options = ("--tls-cert", CERTIFICATES / "first.pem", "--tls-key", CERTIFICATES / "first.key")


class Gateway:
    """A gateway with its demo on a data directory of its own. `address` is the same after a restart."""

    def __init__(self, *options, environment=None):
        self.folder = tempfile.mkdtemp(prefix="puente-test-")
        os.chmod(self.folder, 0o755)
        self.options = list(options)
        self.environment = environment
        self.port = 0
        self.start()
        self.janitor = Janitor(self)

    def start(self):
        self.server = Server(
            "gateway",
            ["serve", "--demo", "--port", self.port, "--data-dir", f"{self.folder}/data", *self.options],
            self.environment,
        )
        self.address = self.server.line(r"ready (http://\S+)")[1]
        self.port = int(self.address.rsplit(":", 1)[1])

    def run(self, *arguments):
        """One of the gateway's other commands, on the same data."""
        done = subprocess.run(
            [str(BIN / "gateway"), *arguments, "--data-dir", f"{self.folder}/data"],
            capture_output=True, text=True, timeout=60,
        )
        check(done.returncode == 0, f"gateway {arguments[0]} failed: {done.stderr[-400:]}")
        return done.stdout.strip()

    def token(self, role, subject, name):
        return self.run("token", "--role", role, "--subject", subject, "--name", name)

    def tidy(self):
        self.janitor.close_chats()

    def stop(self):
        self.janitor.leave()
        self.server.stop()
        shutil.rmtree(self.folder, ignore_errors=True)


class Janitor:
    """A supervisor who hears of every chat and closes what a test left open, so that the next one finds empty queues."""

    def __init__(self, gateway):
        self.open = set()
        self.socket = socketio.Client(reconnection_delay=0.2, reconnection_delay_max=1)
        self.socket.on("chat:created", lambda chat: self.open.add(chat["chatId"]))
        self.socket.connect(gateway.address, auth={"token": gateway.token("supervisor", "janitor", "Janitor")})

    def close_chats(self):
        # Closed chats are opened again by their visitors' words, so that they are tried as well.
        for chat in list(self.open):
            ack = eventually(lambda: self.socket.connected and self.socket.call("chat:close", {"chatId": chat}, timeout=5), "chats are closed")
            check(ack["ok"], f"the janitor could not close {chat}: {ack}")

    def leave(self):
        self.socket.disconnect()


# What the scripts of the tests wait with: `once` for an event, `until` for a condition, which it returns.
WAITING = """
const pause = (ms) => new Promise((resolve) => setTimeout(resolve, ms));
const within = (ms, promise, what) => Promise.race([
  promise, pause(ms).then(() => { throw new Error(`never happened: ${what}`); }),
]);
const once = (emitter, event) => within(8000, new Promise((resolve) => emitter.once(event, (...values) => resolve(values))), event);
const until = async (probe, what) => {
  for (let i = 0; i < 500; i += 1) { const value = await probe(); if (value) return value; await pause(20); }
  throw new Error(`never happened: ${what}`);
};
"""


# --- The browser --------------------------------------------------------------------------------------------


class Browser:
    """One headless Chromium. Every name under `.test` is this machine, so that each visitor has an origin, and with
    it a storage, of his own."""

    def __init__(self):
        options = webdriver.ChromeOptions()
        chromium = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
        check(chromium, "no Chromium found")
        options.binary_location = chromium
        for argument in (
            "--headless=new", "--no-sandbox", "--disable-dev-shm-usage", "--disable-gpu", "--window-size=1200,860",
            "--disable-background-timer-throttling", "--disable-renderer-backgrounding",
            "--disable-backgrounding-occluded-windows", "--host-resolver-rules=MAP *.test 127.0.0.1", "--no-proxy-server",
            "--lang=es",
            # The certificate of SecureConformance, whose authority nobody knows.
            f"--ignore-certificate-errors-spki-list={(CERTIFICATES / 'first.spki').read_text().strip()}",
        ):
            options.add_argument(argument)
        options.set_capability("goog:loggingPrefs", {"browser": "ALL"})
        self.driver = webdriver.Chrome(options=options, service=Service(shutil.which("chromedriver")))
        self.driver.set_script_timeout(60)

    def window(self, address):
        """A window of its own at this address."""
        self.driver.switch_to.new_window("window")
        window = Window(self.driver, self.driver.current_window_handle)
        window.go(address)
        return window

    def close_windows(self):
        """All but one blank one."""
        handles = self.driver.window_handles
        for handle in handles[1:]:
            self.driver.switch_to.window(handle)
            self.driver.close()
        self.driver.switch_to.window(handles[0])
        self.driver.get("about:blank")

    def complaints(self):
        """What the console says of broken policy or broken scripts."""
        words = ("Content Security Policy", "TrustedScript", "TrustedHTML", "Uncaught")
        return [entry["message"] for entry in self.driver.get_log("browser") if any(w in entry["message"] for w in words)]

    def stop(self):
        self.driver.quit()


class Window:
    """One window of the browser; every call makes it the current one first."""

    def __init__(self, driver, handle):
        self.driver = driver
        self.handle = handle

    def go(self, address):
        self.driver.switch_to.window(self.handle)
        self.driver.get(address)

    def reload(self):
        self.driver.switch_to.window(self.handle)
        self.driver.refresh()

    def close(self):
        self.driver.switch_to.window(self.handle)
        self.driver.close()

    def run(self, script, *arguments):
        """A JavaScript function body."""
        self.driver.switch_to.window(self.handle)
        return self.driver.execute_script(script, *arguments)

    def run_async(self, body, *arguments):
        """The body of an async JavaScript function, with `args`; what it throws fails the test."""
        self.driver.switch_to.window(self.handle)
        script = (
            "const args = [...arguments]; const done = args.pop();"
            "(async () => {" + body + "})().then((value) => done({ value }), (error) => done({ error: String(error) }));"
        )
        answer = self.driver.execute_async_script(script, *arguments)
        if "error" in answer:
            raise Failed(answer["error"])
        return answer.get("value")

    def screenshot(self, path):
        self.driver.switch_to.window(self.handle)
        self.driver.save_screenshot(str(path))

    def size(self, width, height):
        """The size of the page as the page sees it, whatever a window's least size is."""
        self.driver.switch_to.window(self.handle)
        self.driver.execute_cdp_cmd(
            "Emulation.setDeviceMetricsOverride",
            {"width": width, "height": height, "deviceScaleFactor": 1, "mobile": False},
        )
