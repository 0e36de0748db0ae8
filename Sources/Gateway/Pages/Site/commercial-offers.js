// Offers, where the queue does not accept by itself: a card with the time that is left, accept and pass.

import { socket, request } from "./commercial-link.js";
import { chats, learn, me } from "./commercial-model.js";
import { $, element, problem, replaceChanged, t, visitorName } from "./commercial-view.js";

/** assignmentId -> offer. */
const offers = new Map();
let clock = null;

const secondsLeft = (offer) => Math.max(0, Math.ceil((offer.until - Date.now()) / 1_000));

function card(offer) {
  const chat = chats.get(offer.chatId);
  const say = [offer.summary && t().reason(t().reasons[offer.summary] ?? offer.summary), offer.preview];
  return element(
    "li", { "data-offer": offer.assignmentId },
    element("p", {}, element("strong", {}, chat ? visitorName(chat) : t().visitor), " · ", element("span", { class: "left", "aria-live": "off" })),
    ...say.filter(Boolean).map((text) => element("p", { class: "last", dir: "auto" }, String(text))),
    element(
      "p", { class: "actions" },
      element("button", { type: "button", class: "strong", "data-answer": "accept" }, t().accept),
      element("button", { type: "button", "data-answer": "reject" }, t().reject),
    ),
  );
}

export function renderOffers() {
  for (const item of $("offers").querySelectorAll(".left")) item.textContent = "";
  replaceChanged($("offers"), [...offers.values()].map(card));
  $("offers-section").hidden = offers.size === 0;
  tick();
  if (offers.size > 0) clock ??= setInterval(tick, 1_000);
  else clock = clearInterval(clock) ?? null;
}

/** Only the seconds: a card that were drawn anew would take the focus from its buttons. */
function tick() {
  for (const item of $("offers").children) {
    const offer = offers.get(item.dataset.offer);
    item.querySelector(".left").textContent = t().offerLeft(secondsLeft(offer));
    if (secondsLeft(offer) === 0) return forget(item.dataset.offer);
  }
}

function forget(assignmentId) {
  if (offers.delete(assignmentId)) renderOffers();
}

/** Listens for offers; `accepted(chatId)` is called for a chat that became ours. */
export function followOffers(accepted) {
  socket.on("chat:offer", (offer) => {
    learn(offer.chatId, offer.chat ?? {});
    // What is left is told by the server's clock, not by this machine's.
    const left = new Date(offer.deadline) - new Date(offer.timestamp);
    offers.set(offer.assignmentId, { ...offer, until: Date.now() + left });
    renderOffers();
  });
  socket.on("chat:offer_expired", ({ assignmentId }) => forget(assignmentId));
  socket.on("chat:rescinded", ({ assignmentId }) => forget(assignmentId));
  // After a lost connection the server tells again what still stands.
  socket.on("disconnect", () => { offers.clear(); renderOffers(); });

  $("offers").addEventListener("click", async (event) => {
    const { answer } = event.target.dataset;
    const assignmentId = event.target.closest("[data-offer]")?.dataset.offer;
    const offer = offers.get(assignmentId);
    if (!answer || !offer) return;
    event.target.disabled = true;
    problem(null);
    const ack = await request(`chat:${answer}`, { assignmentId, ...(answer === "reject" ? { reason: "busy" } : {}) });
    if (ack.ok || !["timeout", "unavailable"].includes(ack.error.code)) forget(assignmentId);
    if (!ack.ok) return problem(ack.error);
    if (answer === "reject") return;
    learn(offer.chatId, { status: "active", owner: { role: me.role, id: me.id, name: me.name }, epoch: ack.epoch });
    accepted(offer.chatId);
  });
}
