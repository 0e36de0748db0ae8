// 3. A distributor: gives chats to the commercial it thinks best.
//
// Its word is a hint with teeth: the gateway still enforces capacity, so two distributors and a busy commercial can't
// overfill a desk. An answer that says `conflict` or `capacity_full` is normal business.
import { ask } from "./ask.mjs";

export function start(socket) {
  const commercials = new Map(); // id -> {status, load, cap}
  const assigned = [];

  socket.on("commercial:status", (news) => commercials.set(news.commercialId, news));

  socket.on("chat:assigned", ({ load }) => {
    const known = load && commercials.get(load.commercialId);
    if (known) Object.assign(known, { load: load.current, cap: load.cap });
  });

  socket.on("chat:created", async (chat) => {
    const free = [...commercials.values()]
      .filter((one) => one.effective && one.status === "available" && one.load < one.cap)
      .sort((a, b) => a.load / a.cap - b.load / b.cap);
    for (const best of free) {
      const ack = await ask(socket, "chat:assign", {
        chatId: chat.chatId,
        commercialId: best.commercialId,
        reason: "least loaded",
        metadata: { algorithm: "least-loaded-example", assignmentScore: 1 - best.load / best.cap },
      });
      if (ack.ok) return assigned.push({ chatId: chat.chatId, commercialId: best.commercialId });
      if (ack.error.code !== "capacity_full" && ack.error.code !== "no_agents") return undefined;
    }
    return undefined; // nobody is free: the gateway's own router keeps the chat in its queue
  });

  return { assigned, commercials, report: () => ({ assigned: assigned.length, commercials: commercials.size }) };
}
