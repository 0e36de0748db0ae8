// The conversation of a chat widget, without its looks: stock socket.io-client 4, as a web developer would write it.
//
// What keeps a conversation whole:
//  - the visitor token from `session` is stored, so a reload is the same visitor in the same chat;
//  - messages are kept by `seq`: ack, push and replay of the same message are one message, in order;
//  - what is written goes into a queue in sessionStorage and is sent, one by one and with its `clientMsgId`,
//    until the gateway acknowledges it: lost connections and restarts neither lose nor double it.

import { texts } from "./widget-texts.js";

/** Set by whoever draws: called when something on the screen may have changed. */
export const screen = {
  /** Who is there, where one stands, how the connection is. */
  state() {},
  /** The messages; `follow`: to the end, or not; absent: as the reader stands. */
  messages(follow) {},
  /** Somebody writes (a name, or nothing known of him), or nobody does (null). */
  typing(name) {},
  /** A message of somebody else came. */
  announce() {},
  /** Whether the visitor can see the messages now. */
  isRead: () => false,
};

const script = document.querySelector("script[data-key]");
const widgetKey = script.dataset.key;
const server = script.dataset.server; // absent: where the page came from

// --- What is remembered -----------------------------------------------------------------------------

export const remembered = (storage, name) => {
  try { return storage().getItem(name); } catch { return null; }
};
export const remember = (storage, name, value) => {
  try {
    if (value == null) storage().removeItem(name); else storage().setItem(name, value);
  } catch { /* a private window forgets; the chat works all the same */ }
};
const lasting = () => localStorage;
export const thisTab = () => sessionStorage;

let token = remembered(lasting, "chat.token");
export const chat = {
  id: remembered(lasting, "chat.id"),
  status: null, owner: null, name: null, position: null, nobody: false,
  opensAt: null,       // when somebody is there again, where that is known
  stream: null,        // what a bot is writing now: {id, next, text, sender}
  messages: new Map(), // seq -> message
  lastSeq: null,       // everything up to here is on the screen; null until the first join
  hasEarlier: false,
  readByOthers: 0,
  question: null,      // the id of the chat about which the shop asks how it was; "thanks" once that is said
};
/** Written, not yet acknowledged: [{clientMsgId, content}], oldest first. */
export let unsent = JSON.parse(remembered(thisTab, "chat.unsent") ?? "[]");
const keepUnsent = () => remember(thisTab, "chat.unsent", JSON.stringify(unsent));

// --- The connection ---------------------------------------------------------------------------------

const options = {
  auth: (give) => give({
    ...(token ? { token } : {}), key: widgetKey, locale: document.documentElement.lang,
    page: { url: location.href, title: document.title, referrer: document.referrer },
  }),
  autoConnect: false,
};
const socket = server ? io(server, options) : io(options);
export let link = "connecting"; // connecting | ready | reconnecting | refused

/** Emits and resolves with the ack; a missing ack is `{ok: false, error: {code: "timeout"}}`, never an exception. */
const request = (event, payload) => new Promise((resolve) => {
  socket.timeout(10_000).emit(event, payload, (error, ack) => {
    resolve(error ? { ok: false, error: { code: "timeout" } } : ack);
  });
});

const pause = (ms) => new Promise((resolve) => { setTimeout(resolve, ms); });

function setLink(now) {
  link = now;
  screen.state();
}

socket.on("session", async (session) => {
  if (session.token) {
    token = session.token;
    remember(lasting, "chat.token", token);
  }
  const open = session.chats?.[0];
  if (open && open.chatId !== chat.id) startView(open.chatId);
  setLink("ready");
  if (chat.id) await join();
  sendUnsent();
});

socket.on("disconnect", (reason) => {
  setTyping(null);
  setStream(null);
  // After the server's own disconnect the client stays away by itself: the identity was revoked.
  setLink(reason === "io server disconnect" ? "refused" : "reconnecting");
});

socket.on("connect_error", (error) => {
  if (error.data?.code === "unauthenticated" && token) {
    token = null; // expired: come back as a new visitor with the widget key
    remember(lasting, "chat.token", null);
    socket.connect();
  } else if (error.data?.retryAfterMs) {
    setLink("reconnecting"); // no room at the moment; after a refusal the client does not come back by itself
    setTimeout(() => socket.connect(), error.data.retryAfterMs);
  } else {
    setLink(socket.active ? "reconnecting" : "refused");
  }
});

socket.on("session:kicked", () => {
  token = null;
  remember(lasting, "chat.token", null);
});

// --- The conversation -------------------------------------------------------------------------------

/** A chat other than the one on the screen. */
function startView(chatId) {
  chat.id = chatId;
  chat.messages.clear();
  chat.lastSeq = null;
  chat.hasEarlier = false;
  chat.readByOthers = 0;
  chat.question = null;
  chat.opensAt = null;
  chat.stream = null;
  marked = 0;
  remember(lasting, "chat.id", chatId);
  screen.messages();
}

/** Puts this socket into the chat and brings everything after `lastSeq`. */
async function join() {
  const chatId = chat.id;
  for (;;) {
    const first = chat.lastSeq == null;
    const ack = await request("chat:join", first ? { chatId } : { chatId, afterSeq: chat.lastSeq });
    if (chatId !== chat.id || !socket.connected) return;
    if (!ack.ok) {
      if (ack.error.code === "not_found" || ack.error.code === "forbidden") {
        startView(null);
        return screen.state();
      }
      await pause(ack.error.retryAfterMs ?? 1_000);
      continue;
    }
    if (first) {
      chat.lastSeq = ack.messages.at(-1)?.seq ?? 0;
      chat.hasEarlier = ack.hasMore;
    }
    for (const message of ack.messages) place(message);
    setChat(ack.chat);
    screen.messages();
    if (first || !ack.hasMore) return markRead();
  }
}

/** Takes one message, from wherever it came: the same `seq` is the same message. */
function place(message) {
  if (message.private || !Number.isSafeInteger(message.seq)) return;
  chat.messages.set(message.seq, message);
  if (message.clientMsgId) unsent = unsent.filter((own) => own.clientMsgId !== message.clientMsgId);
  while (chat.lastSeq != null && chat.messages.has(chat.lastSeq + 1)) chat.lastSeq += 1;
}

socket.on("message:new", (message) => {
  if (message.chatId !== chat.id) {
    if (chat.id && chat.status !== "closed") return;
    startView(message.chatId);
  }
  const gap = chat.lastSeq != null && message.seq > chat.lastSeq + 1;
  place(message);
  keepUnsent();
  if (message.chat) setChat(message.chat);
  if (message.sender?.role !== "visitor") {
    setTyping(null);
    chat.stream = null;
    if (message.sender?.name) chat.name = message.sender.name;
    screen.announce();
  }
  screen.messages();
  if (gap) join();
  markRead();
});

/** What any event says about the chat; only what it says is changed. */
function setChat(news) {
  if (!news) return;
  if (news.status !== undefined) chat.status = news.status;
  if (news.owner !== undefined) {
    if (news.owner?.id !== chat.owner?.id) chat.name = null;
    chat.owner = news.owner;
  }
  if (news.nextOpenAt !== undefined) chat.opensAt = news.nextOpenAt;
  const name = news.owner?.name ?? news.assignedToName ?? news.commercialName;
  if (name) chat.name = name;
  if (!["waiting", "offered", "offline"].includes(chat.status)) {
    chat.position = null;
    chat.nobody = false;
    chat.opensAt = null;
  }
  screen.state();
}

socket.on("chat:created", (news) => {
  if (news.chatId !== chat.id && (!chat.id || chat.status === "closed")) startView(news.chatId);
  if (news.chatId === chat.id) setChat(news);
});

socket.on("chat:assigned", (news) => {
  if (news.chatId !== chat.id) return;
  setChat({ status: "active", owner: { role: "commercial", id: news.commercialId, name: news.commercialName } });
});

socket.on("chat:updated", ({ chatId, changes }) => {
  if (chatId === chat.id) setChat(changes);
});

socket.on("chat:queued", (news) => {
  if (news.chatId !== chat.id) return;
  queued(news);
});

function queued(news) {
  if (chat.status !== "offered") chat.status = "waiting";
  chat.owner = null;
  chat.position = news.position ?? null;
  chat.opensAt = news.nextOpenAt ?? null;
  chat.nobody = news.agentsOnline === 0 || chat.opensAt !== null;
  screen.state();
}

socket.on("chat:closed", (news) => {
  if (news.chatId !== chat.id) return;
  setTyping(null);
  setChat({ status: "closed", owner: null });
});

socket.on("csat:request", ({ chatId }) => {
  if (chatId !== chat.id) return;
  chat.question = chatId;
  screen.state();
});

/** How it was, from 1 to 5. */
export async function rate(score) {
  const ack = await request("csat:submit", { chatId: chat.question, score });
  // Said already, or too late: there is nothing left to ask.
  if (ack.ok || !retryable.has(ack.error.code)) chat.question = ack.ok ? "thanks" : null;
  screen.state();
}

socket.on("message:receipt", (news) => {
  if (news.chatId !== chat.id || news.actor?.role === "visitor") return;
  chat.readByOthers = Math.max(chat.readByOthers, news.readSeq);
  screen.messages();
});

// --- What a bot is writing --------------------------------------------------------------------------
// Pieces are told at most once and nothing of them is stored: what counts is the message that follows.

function setStream(stream) {
  if (!stream && !chat.stream) return;
  chat.stream = stream;
  screen.messages();
}

socket.on("message:delta", ({ chatId, streamId, index, text, sender }) => {
  if (chatId !== chat.id) return;
  const stream = chat.stream;
  if (index === 0) setStream({ id: streamId, next: 1, text, sender });
  // Whoever came in the middle, or missed a piece, waits for the message.
  else if (stream?.id === streamId && stream.next === index) setStream({ ...stream, next: index + 1, text: stream.text + text });
  else if (stream?.id === streamId) setStream(null);
});
socket.on("message:failed", ({ chatId, streamId }) => {
  if (chatId === chat.id && chat.stream?.id === streamId) setStream(null);
});

// --- Sending ----------------------------------------------------------------------------------------

let sending = false;
const retryable = new Set(["timeout", "unavailable", "rate_limited"]);

export function write(content) {
  unsent.push({ clientMsgId: newId(), content });
  keepUnsent();
  screen.messages();
  sendUnsent();
}

/** Sends what is unsent, oldest first, one at a time: order holds over lost connections too. */
async function sendUnsent() {
  if (sending) return;
  sending = true;
  while (socket.connected && link === "ready") {
    const next = unsent.find((message) => !message.failed);
    if (!next) break;
    const { clientMsgId, content } = next;
    const ack = await request("message:send", { chatId: chat.id ?? undefined, content, type: "user", clientMsgId });
    if (ack.ok) {
      await accept(next, ack);
    } else if (retryable.has(ack.error.code)) {
      await pause(ack.error.retryAfterMs ?? 1_000);
    } else if (ack.error.code === "not_found" && chat.id) {
      startView(null); // the chat is gone: the next attempt opens a new one
    } else {
      next.failed = ack.error.code;
      keepUnsent();
      screen.messages();
    }
  }
  sending = false;
}

async function accept({ clientMsgId, content }, ack) {
  const elsewhere = ack.chatId && ack.chatId !== chat.id;
  if (elsewhere) startView(ack.chatId);
  place({
    chatId: chat.id, seq: ack.seq, messageId: ack.messageId, clientMsgId, content, type: "user",
    sender: { role: "visitor" }, timestamp: ack.timestamp,
  });
  keepUnsent();
  screen.messages();
  // A new chat, or one that was closed until now: what it is now, and with whom, comes with the join.
  if (elsewhere || chat.status === "closed" || chat.lastSeq == null) await join();
}

function newId() {
  if (crypto.randomUUID) return crypto.randomUUID(); // only on https and localhost
  return Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => byte.toString(16).padStart(2, "0")).join("");
}

export async function askForPerson() {
  if (!chat.id) return write(texts().person);
  const ack = await request("chat:escalate", { chatId: chat.id, trigger: "visitor" });
  if (ack.ok && ack.status === "queued") queued(ack);
}

export async function reopen() {
  const ack = await request("chat:reopen", { chatId: chat.id });
  if (ack.ok) setChat(ack);
  await join();
}

export async function earlier() {
  const first = Math.min(...chat.messages.keys());
  const ack = await request("chat:history", { chatId: chat.id, beforeSeq: first, limit: 100 });
  if (!ack.ok) return;
  for (const message of ack.messages) place(message);
  chat.hasEarlier = ack.hasMore;
  screen.messages(false);
}

let marked = 0;
export function markRead() {
  if (!screen.isRead() || !chat.id || !chat.lastSeq || chat.lastSeq <= marked || link !== "ready") return;
  marked = chat.lastSeq;
  socket.emit("message:read", { chatId: chat.id, seq: chat.lastSeq }, () => {});
}

// --- Typing -----------------------------------------------------------------------------------------

let typingUntil = 0;
/** The visitor's text changed to this. */
export function typed(text) {
  if (!chat.id || link !== "ready") return;
  if (!text.trim()) return stopTyping();
  if (Date.now() < typingUntil) return; // it stands for 8 s; renew it before that
  typingUntil = Date.now() + 5_000;
  socket.emit("typing:start", { chatId: chat.id });
}
export function stopTyping() {
  if (typingUntil === 0) return;
  typingUntil = 0;
  if (link === "ready") socket.emit("typing:stop", { chatId: chat.id });
}

let typingTimer;
function setTyping(name) {
  clearTimeout(typingTimer);
  screen.typing(name);
  if (name) typingTimer = setTimeout(() => setTyping(null), 8_000);
}
socket.on("typing:start", ({ chatId, actor }) => {
  if (chatId === chat.id && actor?.role !== "visitor") setTyping(actor.name ?? chat.name ?? texts().someone);
});
socket.on("typing:stop", ({ chatId }) => {
  if (chatId === chat.id) setTyping(null);
});

/** Connects: everything that draws is in place. */
export function start() {
  socket.connect();
}
