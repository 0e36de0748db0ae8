// How the desk is drawn. Texts become text nodes, never markup; only what differs is replaced.

import { chats, desk, isMine, isQueued, isSupervisor, mayAnswer, me, timeline } from "./commercial-model.js";

export const $ = (id) => document.getElementById(id);
export const language = () => document.documentElement.lang;
export const t = () => TEXTS[language()];

/** An element; text always becomes a text node, never markup. */
export function element(name, attributes = {}, ...children) {
  const made = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) {
    if (value === true) made.setAttribute(key, "");
    else if (value !== false && value != null) made.setAttribute(key, value);
  }
  made.append(...children);
  return made;
}

/** Replaces only what differs, so that focus stays and a screen reader hears only what is new. */
export function replaceChanged(parent, items) {
  items.forEach((item, index) => {
    const old = parent.children[index];
    if (!old) parent.append(item);
    else if (!old.isEqualNode(item)) old.replaceWith(item);
  });
  while (parent.children.length > items.length) parent.lastChild.remove();
}

export function problem(error) {
  $("problem").textContent = error ? t().errors[error.code] ?? error.message ?? error.code : "";
  return false;
}

export const visitorName = (chat) => chat.visitor?.name || `${t().visitor} ${String(chat.visitor?.id ?? chat.visitorId ?? chat.chatId).slice(0, 6)}`;

export function renderBar() {
  $("name").textContent = me.name ?? "";
  $("role").textContent = me.role ? t().roles[me.role] ?? me.role : "";
  $("link").textContent = t()[desk.link];
  $("link").dataset.link = desk.link;
  $("availability").hidden = me.role !== "commercial";
  $("load").hidden = !me.load;
  if (me.load) {
    $("load").textContent = t().load(me.load.now, me.load.cap) + (me.effective === false ? ` · ${t().notEffective}` : "");
  }
}

function facts(chat) {
  const parts = [t().status[chat.status] ?? chat.status];
  if (chat.position) parts.push(t().queuePlace(chat.position));
  if (chat.priority && chat.priority !== "normal") parts.push(t().priority[chat.priority] ?? chat.priority);
  if (chat.owner && !isMine(chat)) parts.push(t().owner(chat.owner.name ?? chat.owner.id));
  if (chat.queue && chat.queue !== "default") parts.push(chat.queue);
  if (chat.visitor?.verified) parts.push(t().verified);
  return parts.join(" · ");
}

function card(chat) {
  const button = element(
    "button", { type: "button", "data-chat": chat.chatId, "aria-current": String(chat === desk.current) },
    element("span", { class: "head" }, element("span", {}, visitorName(chat))),
    element("span", { class: "last" }, chat.preview ?? ""),
    element("span", { class: "facts" }, facts(chat)),
  );
  if (chat.unread) button.querySelector(".head").append(element("span", { class: "unread" }, String(chat.unread)));
  return element("li", {}, button);
}

export function renderLists() {
  const all = [...chats.values()].filter((chat) => chat.status !== "closed");
  const groups = {
    mine: all.filter(isMine),
    queue: all.filter((chat) => isQueued(chat) && !isMine(chat)).sort((a, b) => (a.position ?? 1e9) - (b.position ?? 1e9)),
    others: all.filter((chat) => !isMine(chat) && !isQueued(chat)),
  };
  for (const [name, list] of Object.entries(groups)) {
    replaceChanged($(name), list.map(card));
    $(`${name}-count`).textContent = String(list.length);
    const empty = $(`${name}-empty`);
    if (empty) empty.hidden = list.length > 0;
  }
}

/** What is above and around the messages of the chat on the screen. */
export function renderHead(chat) {
  const mine = isMine(chat);
  const closed = chat.status === "closed";
  $("visitor").textContent = visitorName(chat);
  $("facts").textContent = facts(chat);
  replaceChanged($("tags"), (chat.tags ?? []).map((tag) => element("span", {}, String(tag))));
  $("reason").hidden = !chat.reason || closed;
  $("reason").textContent = chat.reason ? t().reason(t().reasons[chat.reason] ?? chat.reason) : "";
  $("take").hidden = mine || closed || (chat.status === "active" && !isSupervisor());
  $("barge").hidden = !isSupervisor() || mine || closed || chat.barged;
  $("release").hidden = !mine;
  $("close").hidden = closed || !(mine || isSupervisor());
  const answer = $("write").querySelector('[value="agent"]');
  const note = $("write").querySelector('[value="note"]');
  answer.disabled = closed || !mayAnswer(chat);
  note.disabled = closed;
  if (answer.disabled && answer.checked && !closed) note.checked = true;
  $("typing").textContent = chat.typing ? t().typing(chat.typing.name) + (chat.typing.preview ? ` “${chat.typing.preview}”` : "") : "";
}

function bubble(chat, message, state) {
  const role = message.sender?.role;
  const own = role !== "visitor" && role !== "ai" && message.sender?.id === me.id;
  const whisper = message.type === "whisper";
  const note = !whisper && (message.private || message.type === "note");
  const who = own ? t().you : role === "visitor" ? visitorName(chat) : message.sender?.name ?? message.sender?.id ?? "";
  const meta = element("p", { class: "meta" }, who);
  if (note) meta.append(` · ${t().noteOf}`);
  if (whisper) meta.append(` · ${t().whisperOf}`);
  const time = message.timestamp ? new Date(message.timestamp) : null;
  if (time && !Number.isNaN(time.getTime())) {
    meta.append(" · ", element("time", { datetime: message.timestamp }, time.toLocaleTimeString(language(), { hour: "2-digit", minute: "2-digit" })));
  }
  if (state) meta.append(` · ${state}`);
  const kinds = ["message", own && "own", note && "note", whisper && "whisper", role === "ai" && "ai", state === t().sending && "unsent"].filter(Boolean);
  return element(
    "li", { class: kinds.join(" "), "data-seq": message.seq, "data-note": message.noteSeq },
    element("p", { class: "body", dir: "auto" }, String(message.content)), meta,
  );
}

const atTheEnd = () => $("scroll").scrollHeight - $("scroll").scrollTop - $("scroll").clientHeight < 80;

/** The chat's messages, then those of `unsent` that wait; keeps to the end where the reader is there. */
export function renderMessages(chat, unsent, follow = atTheEnd()) {
  const items = timeline(chat).map((message) => {
    const read = message.seq && message.sender?.id === me.id && message.seq <= chat.readByVisitor;
    return bubble(chat, message, read ? t().read : null);
  });
  for (const waiting of unsent.filter((message) => message.chatId === chat.chatId)) {
    items.push(bubble(chat, { ...waiting, sender: { role: me.role, id: me.id } }, t().sending));
  }
  replaceChanged($("messages"), items);
  $("earlier").hidden = !chat.hasEarlier;
  if (follow) $("scroll").scrollTop = $("scroll").scrollHeight;
}

