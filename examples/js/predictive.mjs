// 8. Acting on what visitors do: page views, carts, forms. Visitors who have not consented send nothing.
//
// A trigger is taken once per visitor and strategy in half an hour; a second one is answered `duplicate: true`.
import { ask } from "./ask.mjs";

const WEIGHTS = { page_view: 0.1, scroll: 0.05, click: 0.1, form_start: 0.3, cart_add: 0.5 };

export function start(socket, { threshold = 0.8 } = {}) {
  const likelihood = new Map(); // visitorId -> 0…1
  const flows = [];

  socket.on("visitor:action", async ({ visitorId, action }) => {
    const before = likelihood.get(visitorId) ?? 0;
    const now = Math.min(1, before + (WEIGHTS[action] ?? 0));
    likelihood.set(visitorId, now);
    if (before >= threshold || now < threshold) return;
    const ack = await ask(socket, "trigger:high_conversion_flow", {
      visitorId, strategy: "premium_attention", probability: now,
    });
    if (ack.ok) flows.push({ visitorId, flowId: ack.flowId, action: ack.action });
  });

  socket.on("visitor:offline", ({ visitorId }) => likelihood.delete(visitorId));

  return { flows, report: () => flows };
}
