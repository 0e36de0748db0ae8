"""Every program of examples/ against a gateway. Each has a workspace of its own, so that no other bot is in its way."""

import functools
import http.server
import subprocess
import sys
import threading

import socketio

from harness import ROOT, WAITING, Failed, check, equal, eventually, test

PRELUDE = WAITING + """
const { gateway, key, apiKey, tokens, name } = args[0];
const sockets = [];
const connect = (auth) => new Promise((resolve, reject) => {
  const socket = io(gateway, { auth, forceNew: true, reconnectionDelay: 100 });
  sockets.push(socket);
  socket.heard = [];
  socket.onAny((event, payload) => socket.heard.push([event, payload]));
  socket.of = (event) => socket.heard.filter(([name]) => name === event).map(([, payload]) => payload);
  socket.once("session", () => resolve(socket));
  socket.once("connect_error", reject);
});
const ask = (socket, event, payload) => socket.timeout(10000).emitWithAck(event, payload);
const ok = async (promise) => { const ack = await promise; if (!ack.ok) throw new Error(JSON.stringify(ack)); return ack; };
const { start, ...module } = await import(`/js/${name}.mjs`);
// An `ai` is not told of by an event: it is there when its own session has come.
const example = async (options) => {
  const socket = io(gateway, { auth: { token: apiKey }, forceNew: true, reconnectionDelay: 100 });
  sockets.push(socket);
  const running = start(socket, options);
  await new Promise((resolve, reject) => { socket.once("session", resolve); socket.once("connect_error", reject); });
  return { socket, running };
};
const finish = (value) => { sockets.forEach((socket) => socket.disconnect()); return value; };
"""


class Files:
    """examples/ on a port of its own: the site of somebody else."""

    def __init__(self):
        class Handler(http.server.SimpleHTTPRequestHandler):
            extensions_map = {**http.server.SimpleHTTPRequestHandler.extensions_map, ".mjs": "text/javascript"}

            def log_message(self, *_):
                pass

        handler = functools.partial(Handler, directory=str(ROOT / "examples"))
        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler)
        self.address = f"http://127.0.0.1:{self.server.server_address[1]}"
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def stop(self):
        self.server.shutdown()


def credentials(gateway, workspace, roles=(), scopes="messaging,analytics,automation"):
    """Keys and tokens of a new workspace."""
    return {
        "gateway": gateway.address,
        "key": gateway.run("widgetkey", "create", "--workspace", workspace),
        "apiKey": gateway.run("apikey", "create", "--name", "example", "--scopes", scopes, "--workspace", workspace),
        "tokens": {
            subject: gateway.run("token", "--role", role, "--subject", subject, "--name", subject.title(), "--workspace", workspace)
            for subject, role in roles
        },
    }


def run(browser, gateway, name, script, roles=(), scopes="messaging,analytics,automation"):
    """The script in a page of another origin than the gateway's."""
    files = Files()
    try:
        window = browser.window(f"{files.address}/js/")
        window.run_async(
            """
            const script = document.createElement("script");
            script.src = args[0] + "/socket.io/socket.io.min.js";
            await new Promise((resolve, reject) => { script.onload = resolve; script.onerror = reject; document.head.append(script); });
            """, gateway.address)
        given = {**credentials(gateway, f"example-{name}", roles, scopes), "name": name}
        return window.run_async(PRELUDE + script, given)
    finally:
        files.stop()


@test
def reactive_bot(browser, gateway):
    """reactive-bot answers each message once and leaves people's chats alone"""
    result = run(browser, gateway, "reactive-bot", """
        await example({ greeting: "Hello, I am a bot." });
        const visitor = await connect({ key });
        await ok(ask(visitor, "message:send", { content: "one" }));
        const texts = () => visitor.of("message:new").map((message) => message.content);
        await until(() => texts().includes("You said: one"), `an answer: ${texts()}`);
        await Promise.all(["two", "three"].map((content) => ok(ask(visitor, "message:send", { content }))));
        await until(() => texts().length === 4, `an answer to each of two quick messages: ${texts()}`);
        const answered = texts();
        const person = await connect({ token: tokens.ana });
        const { chatId } = visitor.of("message:new")[0];
        await ok(ask(person, "chat:assign", { chatId, commercialId: "ana", reason: "mine" }));
        await ok(ask(visitor, "message:send", { content: "four" }));
        await until(() => person.of("message:new").some((message) => message.content === "four"), "the person reads");
        await pause(500);
        return finish({ answered, after: texts() });
    """, roles=[("ana", "commercial")])
    equal(sorted(result["answered"]), sorted(["Hello, I am a bot.", "You said: one", "You said: two", "You said: three"]), "the bot's words")
    check("You said: four" not in result["after"], "the bot spoke in a person's chat")


@test
def sentiment_monitor(browser, gateway):
    """sentiment-monitor tags the chat and tells the supervisor once"""
    result = run(browser, gateway, "sentiment-monitor", """
        const boss = await connect({ token: tokens.sol });
        const { running } = await example();
        const visitor = await connect({ key });
        await ok(ask(visitor, "message:send", { content: "This stool is terrible, the worst!" }));
        await ok(ask(visitor, "message:send", { content: "Still terrible, the worst of all!" }));
        await until(() => running.report().messages === 2 && boss.of("notification").length > 0, "a notification");
        await pause(300);
        const { chatId } = visitor.of("chat:created")[0];
        const { chat } = await ok(ask(boss, "chat:join", { chatId, mode: "monitor" }));
        return finish({ notifications: boss.of("notification").map((n) => n.type), tags: chat.tags, priority: chat.priority });
    """, roles=[("sol", "supervisor")])
    equal(result["notifications"], ["sentiment_alert"], "notifications")
    check("sentiment-monitor" in result["tags"], f"the tag: {result['tags']}")
    check(result["priority"] in ("high", "urgent"), f"the priority: {result['priority']}")


@test
def load_distributor(browser, gateway):
    """load-distributor gives each chat to the least loaded commercial"""
    result = run(browser, gateway, "load-distributor", """
        const { running } = await example();
        const people = { ana: await connect({ token: tokens.ana }), bea: await connect({ token: tokens.bea }) };
        await until(() => running.commercials.size === 2, "both are known");
        for (let n = 0; n < 4; n += 1) {
          const visitor = await connect({ key });
          await ok(ask(visitor, "message:send", { content: `visitor ${n}` }));
          await until(() => running.assigned.length === n + 1, `chat ${n} is assigned`);
        }
        const count = (id) => running.assigned.filter((one) => one.commercialId === id).length;
        await until(() => people.ana.of("chat:assigned").length + people.bea.of("chat:assigned").length >= 4, "both were told");
        return finish({ ana: count("ana"), bea: count("bea") });
    """, roles=[("ana", "commercial"), ("bea", "commercial")])
    equal(result, {"ana": 2, "bea": 2}, "chats each")


@test
def reconnection(browser, gateway):
    """reconnection sees every message once and in order across lost connections"""
    result = run(browser, gateway, "reconnection", """
        const seen = [];
        const { socket, running } = await example({ onMessage: (message) => seen.push(message.seq) });
        const visitor = await connect({ key });
        let n = 0;
        const say = async () => ok(ask(visitor, "message:send", { content: `message ${n += 1}` }));
        for (let round = 0; round < 3; round += 1) {
          await say();
          await until(() => seen.length === n, `message ${n}: ${seen}`);
          socket.io.engine.close();
          await say(); await say();
          await until(() => seen.length === n, `message ${n} after the loss: ${seen} ${running.log}`);
        }
        return finish({ seen, reconnections: running.log.filter((line) => line.startsWith("reconnected")).length });
    """)
    equal(result, {"seen": list(range(1, 10)), "reconnections": 3})


@test
def metrics(browser, gateway):
    """metrics counts and measures"""
    result = run(browser, gateway, "metrics", """
        const { socket, running } = await example();
        const visitor = await connect({ key });
        await ok(ask(visitor, "message:send", { content: "hello" }));
        running.measure();
        await until(() => running.report().pings >= 2 && running.report().received >= 1, JSON.stringify(running.report()));
        running.stop();
        return finish(running.report());
    """)
    check(result["medianLatency"] is not None and result["medianLatency"] < 5_000, f"latency {result['medianLatency']}")
    equal([result["errors"], result["reconnections"]], [0, 0], "errors and reconnections")


@test
def error_handling(browser, gateway):
    """error-handling: typed errors with and without ack, a refused connection, a harmless second try"""
    result = run(browser, gateway, "error-handling", """
        const visitor = await connect({ key });
        const { running } = { running: start(visitor) };
        const first = await running.send(undefined, "once", "same-id");
        const again = await running.send(first.chatId, "once", "same-id");
        const foreign = await running.send("00000000-0000-4000-8000-000000000000", "hello");
        visitor.emit("message:send", { content: "   " });
        visitor.emit("no:such:event", {});
        await until(() => running.errors.length === 2, JSON.stringify(running.errors));
        const fatal = await new Promise((resolve) => {
          const refused = io(gateway, { auth: { token: "puente_ak_nonsense" }, forceNew: true });
          sockets.push(refused);
          start(refused, { onFatal: resolve });
        });
        return finish({
          same: first.ok && again.ok && again.duplicate && again.messageId === first.messageId,
          foreign: foreign.error.code, errors: running.errors.map(({ event, code }) => [event, code]), fatal,
        });
    """)
    equal(result, {
        "same": True, "foreign": "not_found",
        "errors": [["message:send", "bad_payload"], ["no:such:event", "unknown_event"]], "fatal": "unauthenticated",
    })


@test
def human_and_ai(browser, gateway):
    """human-and-ai: suggestions reach the commercial of the chat and nobody else"""
    result = run(browser, gateway, "human-and-ai", """
        const { running } = await example();
        const ana = await connect({ token: tokens.ana });
        const bea = await connect({ token: tokens.bea });
        const visitor = await connect({ key });
        const { chatId } = await ok(ask(visitor, "message:send", { content: "hello" }));
        await ok(ask(ana, "chat:assign", { chatId, commercialId: "ana", reason: "mine" }));
        await ok(ask(visitor, "message:send", { content: "which stool?" }));
        await until(() => ana.of("assistance:suggestions").length === 1, JSON.stringify(running.report()));
        const { suggestions } = ana.of("assistance:suggestions")[0];
        await ok(ask(ana, "assistance:feedback", { chatId, suggestionId: suggestions[0].id, outcome: "used" }));
        await until(() => running.given.feedback.length === 1, "the feedback");
        return finish({
          text: suggestions[0].text, delivered: running.given.delivered,
          others: bea.of("assistance:suggestions").length + visitor.of("assistance:suggestions").length,
        });
    """, roles=[("ana", "commercial"), ("bea", "commercial")])
    equal(result, {"text": "About “which stool?”: offer the catalogue.", "delivered": 1, "others": 0})


@test
def predictive(browser, gateway):
    """predictive: actions of a consenting visitor trigger one flow"""
    result = run(browser, gateway, "predictive", """
        const { running } = await example();
        const boss = await connect({ token: tokens.sol });
        const visitor = await connect({ key });
        const before = await ask(visitor, "visitor:action", { action: "cart_add", url: "/", title: "Shop" });
        await ok(ask(visitor, "visitor:consent", { tracking: true }));
        for (let n = 0; n < 2; n += 1) {
          await ok(ask(visitor, "visitor:action", { action: "cart_add", url: "/", title: "Shop", data: { item: n } }));
        }
        await until(() => running.flows.length === 1, "a flow");
        await until(() => boss.of("flow:triggered").length === 1, "the supervisor hears of it");
        return finish({ before: before.error?.code, flows: running.flows.length, told: boss.of("flow:triggered")[0].strategy });
    """, roles=[("sol", "supervisor")])
    equal(result, {"before": "forbidden", "flows": 1, "told": "premium_attention"})


@test
def python_bot(gateway):
    """the Python bot answers, and hands over when asked"""
    given = credentials(gateway, "example-python")
    bot = subprocess.Popen(
        [sys.executable, str(ROOT / "examples/python/bot.py"), gateway.address, given["apiKey"]],
        stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    visitor = socketio.Client()
    heard, queued = [], []
    visitor.on("message:new", lambda message: heard.append(message["content"]))
    visitor.on("chat:queued", queued.append)
    try:
        line = bot.stdout.readline()
        check("connected" in line, f"the bot said {line!r}")
        visitor.connect(gateway.address, auth={"key": given["key"]})
        check(eventually(lambda: visitor.call("message:send", {"content": "How ARE you?"}), "an ack")["ok"], "sent")
        eventually(lambda: heard == ["Hello, I am a bot.", "You said: how are you?"], lambda: f"the bot's words: {heard}")
        visitor.call("message:send", {"content": "a person, please"})
        eventually(lambda: queued, "the visitor waits for a person")
    finally:
        visitor.disconnect()
        bot.terminate()
        bot.wait()


@test
def plain_widget(browser, gateway):
    """the plain HTML widget sends, hears, and is the same visitor after a reload"""
    given = credentials(gateway, "example-widget")
    bot = socketio.Client()

    @bot.on("message:new")
    def answer(message):
        if message["sender"]["role"] == "visitor":
            bot.emit("message:send", {"chatId": message["chatId"], "content": "Yes.", "type": "ai-response", "inReplyToSeq": message["seq"]})

    bot.connect(gateway.address, auth={"token": given["apiKey"]})
    files = Files()
    try:
        window = browser.window(f"{files.address}/web/widget.html?server={gateway.address}&key={given['key']}")
        state = lambda: window.run("return document.querySelector('#state').textContent")
        lines = lambda: window.run("return [...document.querySelectorAll('#messages li')].map((i) => i.textContent)")
        eventually(lambda: state() == "Connected", "connected")
        window.run("document.querySelector('#text').value = 'Open today? <b>'; document.querySelector('form').requestSubmit()")
        expected = ["visitor: Open today? <b>", "example: Yes."]
        eventually(lambda: lines() == expected, lambda: f"the conversation: {lines()}")
        window.reload()
        eventually(lambda: lines() == expected, lambda: f"the conversation after a reload: {lines()}")
    finally:
        files.stop()
        bot.disconnect()


@test
def every_example_has_a_test():
    """no example without a test"""
    names = {file.stem for file in (ROOT / "examples" / "js").glob("*.mjs")} - {"ask", "run"}
    tested = {name.replace("_", "-") for name in globals()} | {"puente-client"}  # test_reference.py
    if missing := names - tested:
        raise Failed(f"untested: {sorted(missing)}")
