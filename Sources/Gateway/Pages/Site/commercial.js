// The commercial's desk: stock socket.io-client 4 and the DOM. A supervisor's token opens the same page, which then
// also shows everybody's chats and lets him step in.

import { forgetToken, pause, request, socket, token } from "./commercial-link.js";
import { chatOf, chats, desk, isMine, learn, me, place } from "./commercial-model.js";
import { followOffers, renderOffers } from "./commercial-offers.js";
import {
  $, element, language, problem, renderBar, renderHead, renderLists, renderMessages, replaceChanged, t, visitorName,
} from "./commercial-view.js";
import { followWriting, sendUnsent, settle, unsent } from "./commercial-writing.js";

const alerts = new Map();

// --- The connection -----------------------------------------------------------------------------------

socket.on("session", async (session) => {
  if (session.role === "visitor") {
    socket.disconnect();
    return door("doorVisitor");
  }
  Object.assign(me, { role: session.role, id: session.subject, name: session.name ?? session.subject });
  for (const chat of chats.values()) chat.joined = false;
  for (const news of session.chats) learn(news.chatId, news);
  desk.link = "ready";
  renderAll();
  await askForChats();
  if (me.role === "commercial") await askForStatus();
  // What was open before, and everything of one's own, is made whole again.
  for (const chat of [...chats.values()]) if (chat === desk.current || isMine(chat) || chat.barged) await join(chat);
  sendUnsent(renderChat);
});

socket.on("disconnect", (reason) => {
  desk.link = reason === "io server disconnect" ? "refused" : "reconnecting";
  renderBar();
});

socket.on("connect_error", (error) => {
  // No room at the moment: the token is good, and the client does not come back by itself.
  const pause = error.data?.retryAfterMs;
  if (pause) setTimeout(() => socket.connect(), pause);
  if (socket.active || pause) {
    desk.link = "reconnecting";
    return renderBar();
  }
  forgetToken();
  door("doorRefused");
  console.warn("refused:", error.message);
});

socket.on("session:kicked", () => {
  forgetToken();
  door("doorRefused");
});

/** The open chats that were there before this page: one look at the REST list, then events keep it true. */
async function askForChats() {
  try {
    const answer = await fetch("/v1/chats", { headers: { Authorization: `Bearer ${token}` } });
    if (!answer.ok) return;
    const list = await answer.json();
    const listed = new Set(list.chats.map((news) => news.chatId));
    for (const news of list.chats) learn(news.chatId, news);
    for (const chat of chats.values()) if (!listed.has(chat.chatId) && chat !== desk.current) chats.delete(chat.chatId);
    renderLists();
  } catch { /* the events still tell what is new */ }
}

async function askForStatus() {
  const ack = await request("commercial:status", {});
  if (ack.ok) takeStatus(ack);
}

// --- Events -------------------------------------------------------------------------------------------

socket.on("chat:created", (news) => {
  const chat = learn(news.chatId, news);
  if (news.firstMessage) chat.preview = news.firstMessage.content ?? String(news.firstMessage);
  renderLists();
});

socket.on("chat:updated", ({ chatId, changes }) => {
  const chat = learn(chatId, changes);
  if (changes.escalationReason) chat.reason = changes.escalationReason;
  renderChat(chat);
});

socket.on("chat:assigned", (news) => {
  const chat = learn(news.chatId, {
    status: "active", assignedTo: news.commercialId, epoch: news.epoch,
    owner: { role: news.role ?? "commercial", id: news.commercialId, name: news.commercialName },
  });
  chat.reason = news.reason ?? chat.reason;
  if (news.load?.commercialId === me.id) takeStatus({ load: news.load.current, cap: news.load.cap });
  renderChat(chat);
  if (isMine(chat)) {
    if (!chat.joined) join(chat);
    chat.unread += chat === desk.current ? 0 : 1;
  }
});

socket.on("chat:queued", (news) => {
  const chat = learn(news.chatId, news);
  chat.position = news.position ?? null;
  if (news.reason) chat.reason = news.reason;
  renderChat(chat);
});

socket.on("chat:closed", (news) => {
  const chat = learn(news.chatId, { status: "closed", owner: null, assignedTo: null });
  chat.typing = null;
  if (chat !== desk.current) chats.delete(chat.chatId);
  renderChat(chat);
  if (me.role === "commercial") askForStatus();
});

socket.on("message:new", (message) => {
  const chat = message.chat ? learn(message.chatId, message.chat) : chatOf(message.chatId);
  const gap = !message.private && chat.lastSeq != null && message.seq > chat.lastSeq + 1;
  place(chat, message);
  settle(message);
  if (message.sender?.role === "visitor") chat.typing = null;
  if (chat !== desk.current || document.hidden) chat.unread += 1;
  renderChat(chat);
  if (gap) join(chat);
  markRead(chat);
});

socket.on("message:receipt", (news) => {
  if (news.actor?.role !== "visitor") return;
  const chat = chatOf(news.chatId);
  chat.readByVisitor = Math.max(chat.readByVisitor, news.readSeq);
  renderChat(chat);
});

socket.on("typing:start", ({ chatId, actor, preview }) => {
  const chat = chatOf(chatId);
  clearTimeout(chat.typingTimer);
  chat.typing = { name: actor?.name ?? (actor?.role === "visitor" ? visitorName(chat) : t().someone), preview };
  chat.typingTimer = setTimeout(() => { chat.typing = null; renderChat(chat); }, 8_000);
  renderChat(chat);
});
socket.on("typing:stop", ({ chatId }) => {
  const chat = chatOf(chatId);
  chat.typing = null;
  renderChat(chat);
});

socket.on("commercial:status", (news) => {
  if (news.commercialId === me.id) takeStatus(news);
});

function takeStatus(news) {
  if (news.status) $("status").value = news.status;
  if (news.load !== undefined && news.cap !== undefined) me.load = { now: news.load, cap: news.cap };
  if (news.effective !== undefined) me.effective = news.effective;
  renderBar();
}

socket.on("notification", (news) => {
  alerts.set(news.notificationId, news);
  renderAlerts();
});

// --- One chat -----------------------------------------------------------------------------------------

/** Joins and brings what is missing. */
async function join(chat, mode) {
  for (;;) {
    const first = chat.lastSeq == null;
    const payload = { chatId: chat.chatId, afterNoteSeq: chat.lastNoteSeq };
    if (!first) payload.afterSeq = chat.lastSeq;
    if (mode ?? chat.barged) payload.mode = "barge";
    const ack = await request("chat:join", payload);
    if (!socket.connected) return false;
    if (!ack.ok) {
      if (ack.error.code !== "timeout" && ack.error.code !== "unavailable") {
        chat.barged = false;
        return problem(ack.error);
      }
      await pause(ack.error.retryAfterMs ?? 1_000);
      continue;
    }
    chat.joined = true;
    if (mode === "barge") chat.barged = true;
    learn(chat.chatId, ack.chat ?? {});
    chat.reason = ack.chat?.escalationReason ?? chat.reason;
    if (first) {
      chat.lastSeq = ack.messages.at(-1)?.seq ?? 0;
      chat.hasEarlier = ack.hasMore;
    }
    for (const message of [...ack.messages, ...(ack.notes ?? [])]) {
      place(chat, message);
      settle(message);
    }
    renderChat(chat);
    if (first || !ack.hasMore) {
      markRead(chat);
      return true;
    }
  }
}

function choose(chat) {
  desk.current = chat;
  chat.unread = 0;
  document.body.dataset.view = "chat";
  problem(null);
  renderAll();
  $("scroll").scrollTop = $("scroll").scrollHeight;
  if (!chat.joined) join(chat); else markRead(chat);
  if (isMine(chat)) $("text").focus();
}

function markRead(chat) {
  if (chat !== desk.current || document.hidden || !chat.joined || !isMine(chat) || !chat.lastSeq || chat.lastSeq <= (chat.marked ?? 0)) return;
  chat.marked = chat.lastSeq;
  socket.emit("message:read", { chatId: chat.chatId, seq: chat.lastSeq }, () => {});
}

/** One button's request: the button waits, an error is shown. */
async function act(button, event, payload) {
  button.disabled = true;
  problem(null);
  const ack = await request(event, payload);
  button.disabled = false;
  if (!ack.ok) problem(ack.error);
  return ack;
}

$("take").addEventListener("click", async () => {
  const chat = desk.current;
  const payload = { chatId: chat.chatId, commercialId: me.id, reason: "taken at the desk" };
  if (chat.epoch !== undefined) payload.expectedEpoch = chat.epoch;
  const ack = await act($("take"), "chat:assign", payload);
  if (!ack.ok) return join(chat); // what is true now
  learn(chat.chatId, { status: "active", owner: { role: me.role, id: me.id, name: me.name }, epoch: ack.epoch });
  renderChat(chat);
  if (me.role === "commercial") askForStatus();
  $("text").focus();
});
$("barge").addEventListener("click", async () => {
  const chat = desk.current;
  $("barge").disabled = true;
  await join(chat, "barge");
  $("barge").disabled = false;
  renderChat(chat);
  $("text").focus();
});
$("release").addEventListener("click", async () => {
  const chat = desk.current;
  const ack = await act($("release"), "chat:escalate", { chatId: chat.chatId, reason: "handed back", trigger: "commercial" });
  if (ack.ok) renderChat(chat);
});
$("close").addEventListener("click", async () => {
  const chat = desk.current;
  const ack = await act($("close"), "chat:close", { chatId: chat.chatId, reason: "resolved" });
  if (!ack.ok) return;
  learn(chat.chatId, { status: "closed", owner: null, assignedTo: null });
  renderChat(chat);
  if (me.role === "commercial") askForStatus();
});
$("earlier").addEventListener("click", async () => {
  const chat = desk.current;
  const ack = await act($("earlier"), "chat:history", { chatId: chat.chatId, beforeSeq: Math.min(...chat.messages.keys()), limit: 100 });
  if (!ack.ok) return;
  for (const message of ack.messages) place(chat, message);
  chat.hasEarlier = ack.hasMore;
  renderMessages(chat, unsent, false);
});
$("back").addEventListener("click", () => {
  document.body.dataset.view = "list";
  desk.current = null;
  renderAll();
});
$("status").addEventListener("change", async () => {
  const ack = await act($("status"), "commercial:status", { status: $("status").value });
  if (ack.ok) takeStatus(ack); else askForStatus();
});

/** Draws what is on the screen of this chat, and its card in the lists. */
function renderChat(chat) {
  renderLists();
  if (chat !== desk.current) return;
  renderHead(chat);
  renderMessages(chat, unsent);
}

$("chats").addEventListener("click", (event) => {
  const button = event.target.closest("[data-chat]");
  if (button) choose(chatOf(button.dataset.chat));
});

// --- The page -----------------------------------------------------------------------------------------

/** Nobody comes in: `key` names the text that says why. */
function door(key) {
  document.body.dataset.door = key;
  $("desk").hidden = true;
  $("door").hidden = false;
  desk.link = "refused";
  speak();
}

function renderAlerts() {
  replaceChanged($("alerts"), [...alerts.values()].map((alert) => {
    const show = element("button", { type: "button", "data-open": alert.data?.chatId ?? "" }, t().openChat);
    const seen = element("button", { type: "button", "data-seen": alert.notificationId }, t().dismiss);
    const chat = chats.get(alert.data?.chatId);
    const text = [t().alert[alert.type] ?? alert.type, chat && visitorName(chat), alert.data?.mensaje ?? alert.data?.message].filter(Boolean).join(" · ");
    return element("li", {}, element("p", {}, text), ...(alert.data?.chatId ? [show] : []), seen);
  }));
}
$("alerts").addEventListener("click", async (event) => {
  const { open, seen } = event.target.dataset;
  if (open) choose(chatOf(open));
  if (seen) {
    alerts.delete(seen);
    renderAlerts();
    await request("notification:ack", { notificationId: seen });
  }
});

function renderAll() {
  renderBar();
  renderLists();
  renderAlerts();
  renderOffers();
  $("nothing").hidden = desk.current != null;
  $("open").hidden = desk.current == null;
  if (desk.current) renderChat(desk.current);
}

function speak() {
  for (const node of document.querySelectorAll("[data-text]")) node.textContent = t()[node.dataset.text];
  for (const node of document.querySelectorAll("[data-label]")) node.setAttribute("aria-label", t()[node.dataset.label]);
  for (const button of document.querySelectorAll("[data-language]")) {
    button.setAttribute("aria-pressed", String(button.dataset.language === language()));
  }
  if (document.body.dataset.door) $("door-reason").textContent = t()[document.body.dataset.door];
  renderAll();
}

for (const button of document.querySelectorAll("[data-language]")) {
  button.addEventListener("click", () => {
    document.documentElement.lang = button.dataset.language;
    localStorage.setItem("shop.language", button.dataset.language);
    speak();
  });
}

document.addEventListener("visibilitychange", () => {
  if (!desk.current) return;
  desk.current.unread = 0;
  markRead(desk.current);
  renderLists();
});

document.documentElement.lang = localStorage.getItem("shop.language") ?? (navigator.language.toLowerCase().startsWith("en") ? "en" : "es");
document.body.dataset.view = "list";
followWriting(renderChat);
followOffers((chatId) => choose(chatOf(chatId)));
speak();
if (token) socket.connect();
else door("doorNone");
