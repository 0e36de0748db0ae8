// What the checks of app_checks.js stand on: stock clients of any generation that remember what they heard.
//
// `runCheck(name, setting)` makes one and throws what does not hold. A setting is
//   address    of the listener
//   options    of the client, which choose the transports
//   transport  that every connection must end with: "polling" or "websocket"
//   msgpack    whether the listener is the one of that name, which has fewer namespaces
//   jsonp      whether requests are scripts, which carry no origin
//   patience   milliseconds that anything but connecting may take
//   without    an event to do without, to see whether the checks notice: the server's answer to it is an empty ack and
//              nothing else, or, where the server emits it, nobody hears it. "*" is all of them.

(() => {
  const checks = new Map();
  const check = (name, body) => checks.set(name, body);

  const pause = (ms) => new Promise((resolve) => setTimeout(resolve, ms));
  const bytes = (...values) => new Uint8Array(values).buffer;
  const isBinary = (value) => value instanceof ArrayBuffer || ArrayBuffer.isView(value);

  // Text that is the same for the same values, whatever the order of keys and the kind of buffer.
  const plain = (value) => JSON.stringify(value, (_, inner) => {
    if (isBinary(inner)) return { bytes: [...new Uint8Array(inner)] };
    if (inner === null || typeof inner !== "object" || Array.isArray(inner)) return inner;
    return Object.fromEntries(Object.entries(inner).sort(([a], [b]) => (a < b ? -1 : 1)));
  });

  const holds = (condition, what) => { if (!condition) throw new Error(what); };
  const same = (found, expected, what = "value") => {
    const [is, should] = [plain(found), plain(expected)];
    holds(is === should, `${what}: expected ${should.slice(0, 300)}, found ${String(is).slice(0, 300)}`);
  };

  /** A socket that keeps what it heard. `said` is the one event that checks make up; each hears only its own. */
  class Client {
    static events = ["auth", "message-back", "answer", "answer-timeout", "room-answers", "burst-item", "unicode-item", "dyn"];

    constructor(socket, bench) {
      this.socket = socket;
      this.bench = bench;
      this.heard = { said: [], connect: [], disconnect: [], refused: [] };
      for (const event of Client.events) this.hear(event, (...values) => this.heard[event].push(values));
      this.hear("said", (tag, ...values) => { if (tag === bench.tag) this.heard.said.push(values); });
      socket.on("connect", () => this.heard.connect.push([]));
      // Newer clients say more of it than the reason.
      socket.on("disconnect", (reason) => this.heard.disconnect.push([reason]));
      // Version 2 calls a refusal `error`, the others `connect_error`.
      for (const event of ["error", "connect_error"]) socket.on(event, (...values) => this.heard.refused.push(values));
    }

    get id() { return this.socket.id; }
    get engine() { return this.socket.io.engine; }

    hear(event, handler) {
      this.heard[event] ??= [];
      if (!this.bench.lacks(event)) this.socket.on(event, handler);
    }

    /** What the server's `question` is answered with: `answer(reply, ...values)`. */
    on(question, answer) {
      this.socket.off(question);
      this.hear(question, (...values) => { const reply = values.pop(); answer(reply, ...values); });
    }

    tell(event, ...values) {
      if (!this.bench.lacks(event)) this.socket.emit(event, ...values);
      else if (typeof values.at(-1) === "function") values.at(-1)();
    }

    ask(event, ...values) {
      return this.bench.within(new Promise((resolve) => this.tell(event, ...values, (...answer) => resolve(answer))), event);
    }

    async next(event, patience) {
      await this.bench.until(() => this.heard[event].length, `${event} arrives`, patience);
      return this.heard[event].shift();
    }

    /** The answer to a later request is here: what was sent before has come. */
    async fence() { same(await this.ask("message-with-ack", "fence"), ["fence"], "fence"); }

    async silent(event) {
      await this.fence();
      same(this.heard[event], [], `no ${event}`);
    }

    async connected() {
      await this.next("connect", 8000);
      return this;
    }

    /** As code and data, which is all that version 2 is told; `message` where there is one. */
    async refusal() {
      const [error] = await this.next("refused");
      return { message: error.message, data: error.data ?? (this.bench.legacy ? error : undefined) };
    }
  }

  class Bench {
    constructor(setting) {
      Object.assign(this, setting);
      this.clients = [];
      this.tag = `tag ${Math.random()}`;
      this.room = `room ${Math.random()}`;
      // Of the protocol, not of the client: 4 is version 2's.
      this.legacy = io.protocol < 5;
      this.namespaces = ["/", "/custom", "/auth", ...(this.msgpack ? [] : ["/slow", "/dyn-12"])];
      for (const name of ["make", "open", "within", "until", "manager", "member"]) this[name] = this[name].bind(this);
    }

    lacks(event) { return this.without === event || this.without === "*"; }

    keep(socket) {
      const client = new Client(socket, this);
      this.clients.push(client);
      return client;
    }

    make(namespace = "/", more = {}) { return this.keep(io(this.address + namespace, { ...this.options, forceNew: true, ...more })); }
    open(...values) { return this.make(...values).connected(); }

    /** One connection; `member` adds a namespace to it. */
    manager(more = {}) { return new io.Manager(this.address, { ...this.options, ...more }); }
    member(manager, namespace, credential) {
      return this.keep(manager.socket(namespace, credential && { auth: credential, query: credential }));
    }

    within(promise, what) {
      return Promise.race([promise, pause(this.patience).then(() => { throw new Error(`never happened: ${what}`); })]);
    }

    async until(probe, what, patience = this.patience) {
      const end = performance.now() + patience;
      for (;;) {
        const value = await probe();
        if (value) return value;
        if (performance.now() > end) throw new Error(`never happened: ${what}`);
        await pause(10);
      }
    }

    /** Whoever is still there uses the transport that the setting is about. */
    async settled() {
      for (const { engine, socket } of this.clients) {
        await this.until(() => !socket.connected || engine.transport.name === this.transport, `the transport is ${this.transport}`);
      }
    }
  }

  window.checkNames = () => [...checks.keys()];
  window.checksThatName = (event) => [...checks].filter(([, body]) => String(body).includes(`"${event}"`)).map(([name]) => name);
  window.runCheck = async (name, setting) => {
    const bench = new Bench({ patience: 8000, ...setting });
    try {
      await checks.get(name)(bench);
      await bench.settled();
    } finally {
      for (const { socket } of bench.clients) socket.close();
    }
  };

  window.appChecks = { check, pause, bytes, holds, same };
})();
