// Every event and namespace of `conformance`'s listeners for real clients, as checks that a stock JavaScript client of any
// generation makes in a page: Socket.IO 2 (Engine.IO 3), 3 and 4, and 4 with the msgpack parser. After app_bench.js.

(() => {
  const { check, pause, bytes, holds, same } = window.appChecks;

  // --- Who is there ---------------------------------------------------------------------------------------------

  check("who one is", async ({ open, until, transport, legacy }) => {
    for (const namespace of ["/", "/custom"]) {
      const client = await open(namespace);
      await until(() => client.engine.transport.name === transport, "the transport");
      const expected = { id: client.id, nsp: namespace, transport, protocol: legacy ? 3 : 4, recovered: false, rooms: [client.id] };
      same(await client.ask("whoami"), [expected]);
      // Version 2's ids are made of the session's, the others' say nothing about it.
      if (legacy) same(client.id, (namespace === "/" ? "" : "/custom#") + client.engine.id);
      else holds(client.id.length === 20 && client.id !== client.engine.id, `id ${client.id}`);
    }
  });

  check("the handshake", async ({ open, legacy, jsonp, address }) => {
    const client = await open("/", { query: { lang: "é ñ", n: 1 }, auth: { token: "x" } });
    const [seen] = await client.ask("handshake");
    same([seen.query.EIO, seen.query.lang, seen.query.n], [legacy ? "3" : "4", "é ñ", "1"], "query");
    same(seen.auth, legacy ? {} : { token: "x" }, "auth");
    same([seen.headers.host, seen.headers["user-agent"]], [new URL(address).host, navigator.userAgent], "headers");
    // These checks run on a page of another origin than the server's, which only scripts do not say.
    same([seen.xdomain, seen.headers.origin ?? null], jsonp ? [false, null] : [true, location.origin], "origin");
    same([seen.address, seen.secure, seen.url.startsWith("/socket.io/?")], ["127.0.0.1", false, true], "address");
    holds(Math.abs(Date.now() - seen.issued) < 60000 && Math.abs(new Date(seen.time) - seen.issued) < 1000, `issued ${seen.issued}, ${seen.time}`);
  });

  check("credentials arrive", async ({ open, legacy }) => {
    same(await (await open()).next("auth"), [{}], "none");
    if (legacy) {
      same(await (await open("/custom?token=x&word=%C3%A9")).next("auth"), [{ token: "x", word: "é" }], "the query of a namespace");
      return;
    }
    const auth = { token: "x", deep: { list: [1, null, "é"] } };
    same(await (await open("/", { auth })).next("auth"), [auth], "an object");
    same(await (await open("/custom", { auth: (done) => done(auth) })).next("auth"), [auth], "a function");
  });

  // --- Messages and acks ----------------------------------------------------------------------------------------

  check("messages come back", async ({ open }) => {
    const client = await open();
    const all = [["a"], [1, 2.5, null, true, -7], [{ k: [{}, []] }], [bytes(0, 1, 255)],
      [{ a: bytes(1), b: [bytes(), bytes(2)] }, "x"], ["てすと", "Я Б Г", "😀👩‍👩‍👧‍👦🏳️‍🌈", "𝒳𐍈"], ["\u0000\u001e\u2028\u2029\ufeff", "\"\\n\n</script>", "%+&="]];
    for (const values of all) {
      client.tell("message", ...values);
      same(await client.next("message-back"), values);
    }
  });

  check("acks from the server", async ({ open }) => {
    const client = await open();
    for (const values of [["x"], [], [1, { b: bytes(1) }, bytes(9, 8)]]) same(await client.ask("message-with-ack", ...values), values);
  });

  check("acks to the server", async ({ open }) => {
    const client = await open();
    client.on("question", (reply, ...values) => reply("because", ...values, bytes(7)));
    client.tell("ask", "why?", bytes(5));
    same(await client.next("answer"), ["because", "why?", bytes(5), bytes(7)]);
  });

  check("acks to the server in time and too late", async ({ open }) => {
    const client = await open();
    client.on("question", () => {});
    client.tell("ask-timeout", 100);
    same(await client.next("answer-timeout"), [true]);
    client.on("question", (reply) => reply("soon", 1));
    client.tell("ask-timeout", 5000);
    same(await client.next("answer-timeout"), [false, "soon", 1]);
  });

  check("an ack that never comes", async ({ open }) => {
    const client = await open();
    let answered = 0;
    client.tell("never-ack", () => { answered += 1; });
    client.tell("message-with-ack", "counted", () => { answered += 10; });
    await client.fence();
    same(answered, 10, "acks");
  });

  // --- Rooms and broadcasts -------------------------------------------------------------------------------------

  check("rooms", async ({ open, tag, room }) => {
    const [ana, bob, eve] = await Promise.all([open(), open(), open()]);
    for (const client of [ana, bob]) await client.ask("join", room);
    same(await eve.ask("sockets-in", room), [[ana.id, bob.id].sort()], "members");
    await ana.ask("to-room", room, "said", tag, "hello", bytes(1));
    same(await bob.next("said"), ["hello", bytes(1)]);
    for (const client of [ana, eve]) await client.silent("said");
    await eve.ask("in-room", room, "said", tag, "from outside");
    for (const client of [ana, bob]) same(await client.next("said"), ["from outside"]);
    await ana.ask("in-room", [room, ana.id], "said", tag, "once");
    for (const client of [ana, bob]) same(await client.next("said"), ["once"]);
    await ana.silent("said");
    await ana.ask("except-room", room, "said", tag, { n: 1 });
    same(await eve.next("said"), [{ n: 1 }]);
    for (const client of [ana, bob]) await client.silent("said");
    await bob.ask("leave", room);
    same(await ana.ask("sockets-in", room), [[ana.id]], "members");
    await eve.ask("in-room", room, "said", tag, "left");
    same(await ana.next("said"), ["left"]);
    for (const client of [bob, eve]) await client.silent("said");
  });

  check("broadcasts", async ({ open, tag }) => {
    const [ana, bob] = await Promise.all([open(), open()]);
    await ana.ask("broadcast", "said", tag, "to others");
    same(await bob.next("said"), ["to others"]);
    await ana.silent("said");
    await ana.ask("emit-all", "said", tag, "to all", bytes(2));
    for (const client of [ana, bob]) same(await client.next("said"), ["to all", bytes(2)]);
  });

  // What is volatile may be lost, as while a polling client is between two polls: it is said until it is heard.
  check("volatile events", async ({ open, until, tag }) => {
    const [ana, bob] = await Promise.all([open(), open()]);
    await until(async () => {
      await ana.ask("volatile-all", "said", tag, "all");
      return ana.heard.said.length && bob.heard.said.length;
    }, "both hear it");
    for (const client of [ana, bob]) {
      await client.fence();
      same([...new Set(client.heard.said.splice(0).map(String))], ["all"]);
    }
    await until(async () => {
      await ana.ask("volatile-me", "said", tag, "me");
      return ana.heard.said.length;
    }, "the sender hears it");
    same(await ana.next("said"), ["me"]);
    await bob.silent("said");
  });

  check("events that come later", async ({ open, tag, room }) => {
    const [ana, bob] = await Promise.all([open(), open()]);
    await bob.ask("join", room);
    const begin = performance.now();
    await ana.ask("emit-later", 200, room, "said", tag, "to the room");
    await ana.ask("emit-later", 300, bob.id, "said", tag, "to one");
    ana.socket.close();
    same(await bob.next("said"), ["to the room"]);
    holds(performance.now() - begin >= 190, "too early");
    same(await bob.next("said"), ["to one"]);
  });

  check("rooms that others manage", async ({ open, make, manager, member, room }) => {
    const ana = await open("/custom");
    const line = manager();
    const [root, bob] = await Promise.all([member(line, "/").connected(), member(line, "/custom").connected()]);
    await ana.ask("room-join-room", bob.id, room);
    same((await bob.ask("whoami"))[0].rooms, [bob.id, room].sort(), "rooms");
    await ana.ask("room-leave-room", room, room);
    same((await bob.ask("whoami"))[0].rooms, [bob.id], "rooms");
    // Out of one namespace, and out of all.
    await bob.ask("join", room);
    await ana.ask("kick-room", room, false);
    same(await bob.next("disconnect"), ["io server disconnect"]);
    await root.silent("disconnect");
    bob.socket.connect();
    await bob.connected();
    await bob.ask("join", room);
    await ana.ask("kick-room", room, true);
    for (const client of [bob, root]) await client.next("disconnect");
    await ana.silent("disconnect");
  });

  check("answers of a room", async ({ open, room }) => {
    const [ana, bob] = await Promise.all([open(), open()]);
    for (const [name, client] of [["A", ana], ["B", bob]]) {
      client.on("question", (reply, word) => reply(name + word));
      await client.ask("join", room);
    }
    ana.tell("ask-room", room, 5000, "?");
    const [error, answers] = await ana.next("room-answers");
    same([error, answers.sort()], [false, ["A?", "B?"]]);
    bob.on("question", () => {});
    ana.tell("ask-room", room, 200, "!");
    same(await ana.next("room-answers"), [true, ["A!"]], "one is silent");
    ana.tell("ask-room", "nobody", 200, "!");
    same(await ana.next("room-answers"), [false, []], "nobody is there");
  });

  // --- Namespaces -----------------------------------------------------------------------------------------------

  check("namespaces on one connection", async ({ namespaces, manager, member, legacy, room, until }) => {
    const line = manager();
    const clients = {};
    for (const name of namespaces) {
      const begin = performance.now();
      clients[name] = await member(line, name, name === "/auth" ? { token: "secret" } : undefined).connected();
      holds(name !== "/slow" || performance.now() - begin >= 190, "its middleware was not waited for");
    }
    for (const [name, client] of Object.entries(clients)) {
      same(await client.ask("message-with-ack", name), [name]);
      same((await client.ask("whoami"))[0].nsp, name);
      await client.ask("join", `${room} of ${name}`);
      client.tell("message", bytes(1), name);
      same(await client.next("message-back"), [bytes(1), name]);
    }
    if (clients["/dyn-12"]) same(await clients["/dyn-12"].next("dyn"), ["/dyn-12"]);
    same(await clients["/custom"].ask("sockets-in", `${room} of /`), [[]], "rooms of another namespace");
    same(new Set(Object.values(clients).map((client) => client.id)).size, namespaces.length, "ids");
    same(new Set(Object.values(clients).map((client) => client.engine.id)).size, 1, "connections");
    if (legacy) for (const [name, client] of Object.entries(clients)) holds(client.id.endsWith(client.engine.id), `id in ${name}`);
  });

  check("unknown namespaces are refused, and nothing else is", async ({ manager, member }) => {
    const line = manager();
    const root = await member(line, "/").connected();
    for (const name of ["/nope", "/dyn-", "/dyn-1x", "/custom/", "/Custom"]) {
      same((await member(line, name).refusal()).message, "Invalid namespace", name);
    }
    await root.fence();
  });

  check("a middleware decides", async ({ open, manager, member, legacy }) => {
    const line = manager();
    const root = await member(line, "/").connected();
    const refused = await member(line, "/auth", { token: "guess" }).refusal();
    same(refused.data, { code: 401, hint: "réessayez" });
    if (!legacy) same(refused.message, "not authorized");
    await root.fence();
    const byCredential = await open(legacy ? "/auth?token=secret" : "/auth", { auth: { token: "secret" } });
    same(await byCredential.ask("message-with-ack", 1), [1]);
    const byQuery = await member(manager({ query: { token: "secret" } }), "/auth").connected();
    same(await byQuery.ask("message-with-ack", 2), [2]);
    same((await byQuery.ask("handshake"))[0].query.token, "secret");
  });

  // --- Much, and long -------------------------------------------------------------------------------------------

  check("big things", async ({ open }) => {
    const client = await open();
    const [text] = await client.ask("big-text", 300000);
    holds(text === "x".repeat(300000), "big-text");
    const [binary] = await client.ask("big-binary", 300000);
    holds(binary.byteLength === 300000 && new Uint8Array(binary).every((byte) => byte === 7), "big-binary");
    const mine = "é😀".repeat(50000);
    const [back] = await client.ask("message-with-ack", mine);
    holds(back === mine, "my text");
  });

  check("bursts keep their order", async ({ open, until }) => {
    const client = await open();
    client.tell("burst", 200);
    await until(() => client.heard["burst-item"].length >= 200, "200 items");
    await client.fence();
    same(client.heard["burst-item"].flat(), [...Array(200).keys()]);
  });

  check("the server's texts", async ({ open, until }) => {
    const client = await open();
    client.tell("unicode");
    await until(() => client.heard["unicode-item"].length >= 7, "seven texts");
    same(client.heard["unicode-item"].flat(), ["てすと", "Я Б Г Д Ж Й", "Ä ä Ü ü ß", "utf8 — string",
      "😀\u{1F469}\u200D\u{1F469}\u200D\u{1F467}\u200D\u{1F466}\u{1F3F3}\uFE0F\u200D\u{1F308}", "\u0000\u001e\u2028\u2029\ufeff", "𝒳𐍈"]);
  });

  // From the first moment of the connection, so that the upgrade happens amid them.
  check("messages around the upgrade", async ({ open, until }) => {
    const client = await open();
    let sent = 0;
    for (let i = 0; i < 20; i += 1) {
      for (let j = 0; j < 50; j += 1) client.tell("message", sent++);
      await pause(3);
    }
    await until(() => client.heard["message-back"].length >= sent, "all come back");
    await client.fence();
    same(client.heard["message-back"].flat(), [...Array(sent).keys()]);
  });

  check("many binary values, and numbers", async ({ open, msgpack }) => {
    const client = await open();
    // The text form has a limit of ten attachments, which MessagePack has not.
    const many = Array.from({ length: msgpack ? 100 : 10 }, (_, n) => bytes(...Array(n).fill(n)));
    same(await client.ask("message-with-ack", { many }, [null, many.length]), [{ many }, [null, many.length]]);
    const numbers = [2 ** 53 - 1, -(2 ** 53) + 1, 0.1, -1.5];
    same(await client.ask("message-with-ack", ...numbers), numbers);
  });

  // --- The end --------------------------------------------------------------------------------------------------

  check("reasons of an end, on both sides", async ({ open, manager, member, until }) => {
    const observer = await open();
    const reasonOf = (id) => until(async () => (await observer.ask("last-disconnect", id))[0], "the server knows why");
    same(await observer.ask("last-disconnect", observer.id), [null], "who is there");

    const line = manager();
    const [root, custom] = [await member(line, "/").connected(), await member(line, "/custom").connected()];
    const left = custom.id;
    custom.socket.disconnect();
    same([await custom.next("disconnect"), await reasonOf(left)], [["io client disconnect"], "client namespace disconnect"]);
    await root.fence();

    custom.socket.connect();
    await custom.connected();
    const sent = custom.id;
    custom.tell("disconnect-me", false);
    same([await custom.next("disconnect"), await reasonOf(sent)], [["io server disconnect"], "server namespace disconnect"]);
    await root.fence();

    const closed = await open();
    const { id } = closed;
    closed.tell("disconnect-me", true);
    same([await closed.next("disconnect"), await reasonOf(id)], [["io server disconnect"], "server namespace disconnect"]);

    const gone = await open("/", { reconnection: false });
    const goner = gone.id;
    gone.engine.close();
    same(await reasonOf(goner), "transport close");
  });

  check("a lost connection comes back", async ({ open, until }) => {
    const observer = await open();
    const client = await open("/", { reconnectionDelay: 50, reconnectionDelayMax: 100, randomizationFactor: 0 });
    const first = client.id;
    client.tell("close-transport");
    same(await client.next("disconnect"), ["transport close"]);
    client.tell("message", "written while away");
    same(await client.next("message-back"), ["written while away"]);
    holds(client.id !== first, "another id");
    same(await until(async () => (await observer.ask("last-disconnect", first))[0], "the server knows why"), "forced close");
  });
})();
