// The chat of this shop: how the conversation looks. Texts of messages are always text, never markup.
//
//   <script src="/socket.io/socket.io.js" defer></script>
//   <script src="/widget.js" data-key="demo" type="module"></script>

import {
  askForPerson, chat, earlier, link, markRead, rate, remember, remembered, reopen, screen, start, stopTyping, thisTab, typed,
  unsent, write,
} from "./widget-conversation.js";
import { texts } from "./widget-texts.js";

/** An element; text always becomes a text node, never markup. */
function element(name, attributes = {}, ...children) {
  const made = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) {
    if (value === true) made.setAttribute(key, "");
    else if (value !== false && value != null) made.setAttribute(key, value);
  }
  made.append(...children);
  return made;
}

/** Text with its http, https and mailto addresses as links, and nothing else as anything. */
function linked(text) {
  const parts = [];
  let end = 0;
  for (const match of text.matchAll(/(?:https?:\/\/|mailto:)[^\s<>"'()[\]{}]+/g)) {
    const address = match[0].replace(/[.,;:!?]+$/, "");
    if (!/(^|[\s.,;:!?¡¿-])$/.test(text.slice(0, match.index))) continue;
    parts.push(text.slice(end, match.index));
    parts.push(element("a", { href: address, target: "_blank", rel: "noopener noreferrer nofollow ugc" }, address));
    end = match.index + address.length;
  }
  parts.push(text.slice(end));
  return parts;
}

const input = element("textarea", { id: "chat-input", rows: "1", maxlength: "8000", autocomplete: "off" });
const inputLabel = element("label", { for: "chat-input", class: "chat-hidden" });
const sendButton = element("button", { type: "submit", class: "chat-send" });
const personButton = element("button", { type: "button", class: "chat-person" });
const againButton = element("button", { type: "button", class: "chat-person", hidden: true });
const earlierButton = element("button", { type: "button", class: "chat-person", hidden: true });
const form = element("form", { class: "chat-form" }, inputLabel, input, sendButton);
const state = element("p", { class: "chat-state", role: "status" });
const dot = element("span", { class: "chat-dot", "aria-hidden": "true" });
const title = element("h2", { id: "chat-title" });
const closeButton = element("button", { type: "button", class: "chat-close" }, "×");
const list = element("ol", { class: "chat-list", role: "log", "aria-live": "polite", tabindex: "0" });
const typingLine = element("p", { class: "chat-typing", "aria-live": "polite" });
const scroller = element("div", { class: "chat-scroll" }, earlierButton, list, typingLine);
const question = element("legend", {});
const scores = [1, 2, 3, 4, 5].map((score) => element("button", { type: "button", class: "chat-score", "data-score": score }, String(score)));
const ends = [element("span", { "aria-hidden": "true" }), element("span", { "aria-hidden": "true" })];
const rating = element("fieldset", { class: "chat-rating", hidden: true }, question, ends[0], ...scores, ends[1]);
const thanks = element("p", { class: "chat-thanks", role: "status" });
const panel = element(
  "section", { class: "chat-panel", role: "dialog", "aria-labelledby": "chat-title", hidden: true },
  element("header", { class: "chat-header" }, dot, element("div", {}, title, state), closeButton),
  scroller,
  element("div", { class: "chat-actions" }, rating, thanks, personButton, againButton),
  form,
);
const badge = element("span", { class: "chat-badge", hidden: true });
const launcher = element("button", { type: "button", class: "chat-launcher", "aria-expanded": "false" }, bubble(), badge);

function bubble() {
  const space = "http://www.w3.org/2000/svg";
  const svg = document.createElementNS(space, "svg");
  svg.setAttribute("viewBox", "0 0 32 32");
  svg.setAttribute("aria-hidden", "true");
  const path = document.createElementNS(space, "path");
  path.setAttribute("d", "M5 7h22v15H15l-6 5v-5H5zM11 13h10M11 17h6");
  svg.append(path);
  return svg;
}

/** A day and a time, as one says them. */
function moment(timestamp) {
  const style = { weekday: "long", day: "numeric", month: "long", hour: "2-digit", minute: "2-digit" };
  return new Date(timestamp).toLocaleString(document.documentElement.lang, style);
}

/** The line under the title: who is there, or why nobody is. */
function stateText() {
  const t = texts();
  if (link !== "ready") return t[link];
  switch (chat.status) {
    case "closed": return t.closed;
    case "bot": return t.bot(chat.name ?? chat.owner?.id ?? "bot");
    case "waiting": case "offered": case "offline":
      if (chat.opensAt) return t.opens(moment(chat.opensAt));
      if (chat.nobody || chat.status === "offline") return t.nobody;
      return chat.position ? t.position(chat.position) : t.waiting;
    case null: case undefined: return t.idle;
    default: return chat.owner || chat.name ? t.human(chat.name ?? t.someone) : t.waiting;
  }
}

function renderState() {
  state.textContent = stateText();
  panel.dataset.status = chat.status ?? "";
  panel.dataset.link = link;
  const closed = chat.status === "closed";
  againButton.hidden = !closed;
  rating.hidden = !closed || !chat.question || chat.question === "thanks";
  thanks.textContent = closed && chat.question === "thanks" ? texts().thanks : "";
  personButton.hidden = closed || ["waiting", "offered", "offline"].includes(chat.status) || (chat.status != null && chat.status !== "bot");
}

function bubbleOf(message, note) {
  const own = message.sender?.role === "visitor";
  const t = texts();
  const who = own ? t.you : message.sender?.name ?? message.sender?.id ?? "";
  const automatic = message.sender?.role === "ai" ? ` · ${t.automatic}` : "";
  const time = message.timestamp ? new Date(message.timestamp) : null;
  const meta = element("p", { class: "chat-meta" }, who + automatic);
  if (time && !Number.isNaN(time.getTime())) {
    const shown = time.toLocaleTimeString(document.documentElement.lang, { hour: "2-digit", minute: "2-digit" });
    meta.append(" · ", element("time", { datetime: message.timestamp }, shown));
  }
  if (note) meta.append(" · ", note);
  return element(
    "li", { class: `chat-message ${own ? "chat-own" : "chat-theirs"}`, "data-seq": message.seq },
    element("p", { class: "chat-text", dir: "auto" }, ...linked(String(message.content))),
    meta,
  );
}

function renderMessages(follow = scroller.scrollHeight - scroller.scrollTop - scroller.clientHeight < 80) {
  const t = texts();
  const known = [...chat.messages.values()].sort((a, b) => a.seq - b.seq);
  const lastOwn = known.findLast((message) => message.sender?.role === "visitor")?.seq;
  const items = known.map((message) => {
    const read = message.seq === lastOwn && message.seq <= chat.readByOthers;
    return bubbleOf(message, read ? t.read : null);
  });
  for (const message of unsent) {
    const note = message.failed ? `${t.failed}: ${t.errors[message.failed] ?? message.failed}` : t.sending;
    const item = bubbleOf({ content: message.content, sender: { role: "visitor" } }, note);
    item.classList.add("chat-unsent");
    items.push(item);
  }
  if (chat.stream) {
    const item = bubbleOf({ content: chat.stream.text, sender: chat.stream.sender }, t.writes);
    item.classList.add("chat-stream");
    // Read out once, when it is complete.
    item.setAttribute("aria-hidden", "true");
    items.push(item);
  }
  if (items.length === 0) items.push(element("li", { class: "chat-welcome" }, t.welcome));
  replaceChanged(list, items);
  earlierButton.hidden = !chat.hasEarlier;
  if (follow) scroller.scrollTop = scroller.scrollHeight;
}

/** Replaces only what differs, so that a screen reader hears new messages and not the whole list again. */
function replaceChanged(parent, items) {
  items.forEach((item, index) => {
    const old = parent.children[index];
    if (!old) parent.append(item);
    else if (!old.isEqualNode(item)) old.replaceWith(item);
  });
  while (parent.children.length > items.length) parent.lastChild.remove();
}

let unseen = 0;
function announce() {
  if (!panel.hidden) return;
  unseen += 1;
  badge.textContent = String(unseen);
  badge.hidden = false;
}

function open(now) {
  panel.hidden = !now;
  launcher.setAttribute("aria-expanded", String(now));
  launcher.classList.toggle("chat-launcher-open", now);
  remember(thisTab, "chat.open", now ? "1" : null);
  if (now) {
    unseen = 0;
    badge.hidden = true;
    renderMessages(true);
    markRead();
  }
}

function speak() {
  const t = texts();
  title.textContent = t.title;
  inputLabel.textContent = t.message;
  input.placeholder = t.placeholder;
  sendButton.textContent = t.send;
  personButton.textContent = t.person;
  againButton.textContent = t.again;
  earlierButton.textContent = t.earlier;
  question.textContent = t.rate;
  ends[0].textContent = t.worst;
  ends[1].textContent = t.best;
  scores.forEach((button, index) => button.setAttribute("aria-label", t.score(index + 1)));
  closeButton.setAttribute("aria-label", t.close);
  launcher.setAttribute("aria-label", t.open);
  list.setAttribute("aria-label", t.conversation);
  renderState();
  renderMessages();
}

form.addEventListener("submit", (event) => {
  event.preventDefault();
  const content = input.value;
  if (!content.trim()) return;
  input.value = "";
  stopTyping();
  write(content);
  scroller.scrollTop = scroller.scrollHeight;
  input.focus();
});
input.addEventListener("keydown", (event) => {
  if (event.key === "Enter" && !event.shiftKey && !event.isComposing) {
    event.preventDefault();
    form.requestSubmit();
  }
});
input.addEventListener("input", () => typed(input.value));
input.addEventListener("blur", stopTyping);
personButton.addEventListener("click", async () => {
  personButton.disabled = true;
  await askForPerson();
  personButton.disabled = false;
});
againButton.addEventListener("click", reopen);
for (const button of scores) {
  button.addEventListener("click", async () => {
    rating.disabled = true;
    await rate(Number(button.dataset.score));
    rating.disabled = false;
    if (rating.hidden) againButton.focus();
  });
}
earlierButton.addEventListener("click", earlier);
launcher.addEventListener("click", () => { open(panel.hidden); if (!panel.hidden) input.focus(); });
closeButton.addEventListener("click", () => { open(false); launcher.focus(); });
panel.addEventListener("keydown", (event) => { if (event.key === "Escape") { open(false); launcher.focus(); } });
document.addEventListener("chat:open", () => { open(true); input.focus(); });
document.addEventListener("visibilitychange", markRead);
new MutationObserver(speak).observe(document.documentElement, { attributeFilter: ["lang"] });

screen.state = renderState;
screen.messages = renderMessages;
screen.typing = (name) => { typingLine.textContent = name ? texts().typing(name) : ""; };
screen.announce = announce;
screen.isRead = () => !panel.hidden && !document.hidden;

document.body.append(panel, launcher);
speak();
open(remembered(thisTab, "chat.open") === "1");
start();
