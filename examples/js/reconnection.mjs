// 4. Coming back after a lost connection without losing or repeating a message.
//
// socket.io-client reconnects by itself. `reconnect` and its relatives are events of the Manager (`socket.io`), not of
// the socket. What was missed is asked for by number: `chat:join` with the last `seq` that was seen.
import { ask } from "./ask.mjs";

export function start(socket, { onMessage = () => {} } = {}) {
  const lastSeq = new Map(); // chatId -> the highest seq without a gap below it
  const log = [];

  function take(message) {
    const last = lastSeq.get(message.chatId) ?? 0;
    if (message.private || message.seq <= last) return; // seen before
    lastSeq.set(message.chatId, message.seq);
    onMessage(message);
  }

  async function follow(chatId) {
    for (;;) {
      const ack = await ask(socket, "chat:join", { chatId, afterSeq: lastSeq.get(chatId) ?? 0 });
      if (!ack.ok) return log.push(`could not join ${chatId}: ${ack.error.code}`);
      ack.messages.forEach(take);
      if (!ack.hasMore) return undefined;
    }
  }

  socket.on("message:new", (message) => {
    const last = lastSeq.get(message.chatId) ?? 0;
    if (!message.private && message.seq > last + 1) return follow(message.chatId); // something is missing in between
    return take(message);
  });

  socket.on("disconnect", (reason) => log.push(`disconnected: ${reason}`));
  socket.io.on("reconnect", (attempt) => log.push(`reconnected after ${attempt} attempts`));
  socket.io.on("reconnect_error", (error) => log.push(`still away: ${error.message}`));

  // `session` comes after every connect, the first one and each that follows.
  socket.on("session", ({ chats }) => {
    for (const chatId of new Set([...lastSeq.keys(), ...chats.map((chat) => chat.chatId)])) follow(chatId);
  });

  return { follow, log, lastSeq, report: () => log.splice(0) };
}
