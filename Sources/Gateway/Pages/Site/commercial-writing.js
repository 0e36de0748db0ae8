// Writing: what is written waits here until it is acknowledged, one message at a time and each with its `clientMsgId`.

import { pause, request, socket } from "./commercial-link.js";
import { chatOf, desk, me, place } from "./commercial-model.js";
import { $, problem, renderMessages } from "./commercial-view.js";

/** Unacknowledged messages of this tab, oldest first: {chatId, clientMsgId, content, type}. */
export const unsent = [];

/** A message that came from elsewhere and is one of ours: its ack was lost, it was not. */
export function settle({ clientMsgId }) {
  const own = unsent.findIndex((waiting) => waiting.clientMsgId === clientMsgId);
  if (clientMsgId && own >= 0) unsent.splice(own, 1);
}

const retryable = new Set(["timeout", "unavailable", "rate_limited"]);
let sending = false;

/** Sends what is unsent, oldest first; `changed(chat)` after each. */
export async function sendUnsent(changed) {
  if (sending) return;
  sending = true;
  while (socket.connected && desk.link === "ready" && unsent.length > 0) {
    const { chatId, clientMsgId, content, type } = unsent[0];
    const chat = chatOf(chatId);
    // Back after a lost line: whoever had stepped in has to do so again first, or the words are refused.
    if (chat.barged && !chat.joined) break;
    const note = type === "note";
    const ack = await request("message:send", { chatId, content, type, clientMsgId, ...(note ? { private: true } : {}) });
    if (ack.ok) {
      const sent = { ...ack, chatId, content, type, clientMsgId, private: note, sender: { role: me.role, id: me.id, name: me.name } };
      place(chat, sent);
      settle(sent);
    } else if (retryable.has(ack.error.code)) {
      await pause(ack.error.retryAfterMs ?? 1_000);
    } else {
      unsent.shift();
      if (chat === desk.current && !$("text").value) $("text").value = content; // nothing written is thrown away
      problem(ack.error);
    }
    changed(chat);
  }
  sending = false;
}

let typingUntil = 0;

function typed() {
  const kind = new FormData($("write")).get("kind");
  if (!desk.current || kind === "note" || desk.link !== "ready") return;
  if (!$("text").value.trim()) return stopTyping();
  if (Date.now() < typingUntil) return;
  typingUntil = Date.now() + 5_000;
  socket.emit("typing:start", { chatId: desk.current.chatId }, () => {});
}

function stopTyping() {
  if (!typingUntil || !desk.current) return;
  typingUntil = 0;
  if (desk.link === "ready") socket.emit("typing:stop", { chatId: desk.current.chatId }, () => {});
}

/** Wires the form; `changed(chat)` is called for what became true. */
export function followWriting(changed) {
  $("write").addEventListener("submit", (event) => {
    event.preventDefault();
    const content = $("text").value;
    if (!content.trim() || !desk.current) return;
    const type = new FormData($("write")).get("kind");
    $("text").value = "";
    stopTyping();
    problem(null);
    const clientMsgId = crypto.randomUUID?.() ?? `${me.id}-${Date.now()}-${unsent.length}`; // only on https and localhost
    unsent.push({ chatId: desk.current.chatId, clientMsgId, content, type });
    renderMessages(desk.current, unsent, true);
    sendUnsent(changed);
  });
  $("text").addEventListener("keydown", (event) => {
    if (event.key === "Enter" && !event.shiftKey && !event.isComposing) {
      event.preventDefault();
      $("write").requestSubmit();
    }
  });
  $("text").addEventListener("input", typed);
}
