// A client that does for its user what delivery asks of one: every message of a chat once and in order, whatever happens.
//
//   const client = puente(io(url, { auth }), { onMessage: (message) => show(message) });
//   const ack = await client.send("Hello!");
//
// The ordinary socket.io-client carries it and reconnects; these are the few rules that make its wire exactly once:
//
// - gaps: messages of a chat are numbered 1, 2, 3 …; what is missing below a number is asked for with `chat:history`;
// - doubles: a number that was given to the user is never given again;
// - order: a number that came early waits for those before it;
// - resending: a message without an answer is sent again with the same `clientMsgId`, and is stored once;
// - silence: `ping` tells the server the last numbers; the answer names what is missing, and no answer is a dead line.

// Answers after which the same message may be sent again; any other is the user's to hear.
const PASSING = new Set(["unavailable", "rate_limited", "timeout"]);
const KEPT = 1000; // early messages that wait in memory; what is beyond is asked for again

const pause = (ms) => new Promise((resolve) => setTimeout(resolve, ms));
const newID = () => [...crypto.getRandomValues(new Uint8Array(16))].map((byte) => byte.toString(16).padStart(2, "0")).join("");

export function puente(socket, {
  onMessage, onSession = () => {}, onLost = () => {}, positions = {}, pingEvery = 10_000, patience = 8_000,
}) {
  const chats = new Map(); // chatId -> how far it has been given to the user
  const add = (chatId, last = 0) => {
    if (!chats.has(chatId)) chats.set(chatId, { last, early: new Map(), repairing: false, mode: "normal" });
    return chats.get(chatId);
  };
  for (const [chatId, last] of Object.entries(positions)) add(chatId, last);
  const stats = { doubles: 0, connections: 0 };

  // --- The line ---

  let isReady = false; // a `session` has come over this connection
  let whenReady = [];
  const ready = () => (isReady ? Promise.resolve() : new Promise((resolve) => whenReady.push(resolve)));

  // The ack, or an error with the code `timeout`: no answer in time, or the line is gone.
  const ask = (event, payload) => new Promise((resolve) => {
    const lost = { ok: false, error: { code: "timeout" } };
    // Not into socket.io's own buffer: what is sent again later is decided here.
    if (!socket.connected) { resolve(lost); return; }
    socket.timeout(patience).emit(event, payload, (error, ack) => resolve(error ? lost : ack));
  });

  socket.on("session", (session) => {
    isReady = true;
    stats.connections += 1;
    for (const { chatId } of session.chats ?? []) add(chatId);
    // Before anything that waits to be sent: some modes of joining are a right to post.
    const { id } = socket;
    for (const chatId of chats.keys()) joinAgain(chatId, id);
    const waiting = whenReady;
    whenReady = [];
    for (const resolve of waiting) resolve();
    onSession(session);
  });
  socket.on("disconnect", () => { isReady = false; });

  const timer = setInterval(async () => {
    if (!isReady) return;
    const { id } = socket;
    const known = [...chats].slice(0, 100).map(([chatId, chat]) => [chatId, chat.last]); // at most a hundred in one
    const ack = await ask("ping", { timestamp: Date.now(), chats: Object.fromEntries(known) });
    if (!ack.ok && ack.error.code === "timeout" && socket.id === id) socket.io.engine?.close(); // reconnects
    for (const chatId of Object.keys(ack.missed ?? {})) fill(chatId);
  }, pingEvery);

  // --- Order ---

  function take(message) {
    const chat = chats.get(message.chatId);
    if (!chat || message.seq === undefined) return; // left meanwhile; a note, which has numbers of its own
    if (message.seq <= chat.last || chat.early.has(message.seq)) {
      stats.doubles += 1;
    } else if (message.seq > chat.last + 1) {
      if (chat.early.size < KEPT) chat.early.set(message.seq, message);
      fill(message.chatId);
    } else {
      for (let next = message; next; next = chat.early.get(chat.last + 1)) {
        chat.last += 1;
        chat.early.delete(chat.last);
        onMessage(next);
      }
    }
  }
  socket.on("message:new", take);

  async function fill(chatId) {
    const chat = chats.get(chatId);
    if (!chat || chat.repairing) return;
    chat.repairing = true;
    try {
      while (chats.get(chatId) === chat) {
        await ready();
        const page = await ask("chat:history", { chatId, afterSeq: chat.last });
        if (!page.ok) {
          if (!PASSING.has(page.error.code)) { lose(chatId); return; }
          await pause(300);
          continue;
        }
        for (const message of page.messages) take({ chatId, ...message });
        if (!page.hasMore && chat.early.size === 0) return;
        if (page.messages.length === 0) await pause(100); // what came early was numbered after this page was read
      }
    } finally {
      chat.repairing = false;
    }
  }

  // Whether that was it: joined, or refused for good.
  async function join(chatId) {
    const chat = chats.get(chatId);
    if (!chat) return true;
    const mode = chat.mode === "normal" ? {} : { mode: chat.mode };
    const ack = await ask("chat:join", { chatId, afterSeq: chat.last, ...mode });
    if (!ack.ok) {
      if (PASSING.has(ack.error.code)) return false;
      lose(chatId);
      return true;
    }
    for (const message of ack.messages) take({ chatId, ...message });
    if (ack.hasMore) fill(chatId);
    return true;
  }

  async function joinAgain(chatId, id) {
    while (socket.id === id && !(await join(chatId))) await pause(300);
  }

  function lose(chatId) { // no longer ours to hear
    if (chats.delete(chatId)) onLost(chatId);
  }

  // --- What a user calls ---

  // From now on `onMessage` gets every message of this chat above `after`.
  async function follow(chatId, { after = 0, mode = "normal" } = {}) {
    add(chatId, after).mode = mode;
    for (;;) {
      await ready();
      if (await join(chatId)) return;
      await pause(100);
    }
  }

  function leave(chatId) {
    chats.delete(chatId);
    return ask("chat:leave", { chatId });
  }

  let last = Promise.resolve();

  // Resolves with the ack, however long that takes; rejects with the gateway's error when it will not take the message.
  function send(content, { clientMsgId = newID(), ...fields } = {}) {
    const mine = last.then(() => sendNow({ content, clientMsgId, ...fields }));
    last = mine.catch(() => {}); // one after the other: they keep their order
    return mine;
  }

  async function sendNow(payload) {
    for (let delay = 200; ; delay = Math.min(delay * 2, 2000)) {
      await ready();
      const ack = await ask("message:send", payload);
      if (ack.ok) {
        // An own message comes as its ack: to the sending socket nothing else is sent of it.
        add(ack.chatId);
        take({ ...payload, ...ack, own: true });
        return ack;
      }
      if (!PASSING.has(ack.error.code)) throw Object.assign(new Error(ack.error.message), ack.error);
      await pause(ack.error.retryAfterMs ?? delay * (0.5 + Math.random() / 2));
    }
  }

  return {
    follow, leave, send, stats,
    // The last number given of each chat: keep it, and the next page goes on from there.
    positions: () => Object.fromEntries([...chats].map(([chatId, chat]) => [chatId, chat.last])),
    close() { clearInterval(timer); socket.disconnect(); },
  };
}
