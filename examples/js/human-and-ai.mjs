// 7. A person and a model in the same chat: the model whispers, the person speaks.
//
// Suggestions go to that commercial's sockets and to nobody else. `forSeq` says which message they are for: when the
// visitor has written again meanwhile, they are dropped instead of confusing anybody.
import { ask } from "./ask.mjs";

const ideas = async (text) => [{ id: "idea-1", text: `About “${text}”: offer the catalogue.`, confidence: 0.8 }];

export function start(socket, { suggest = ideas } = {}) {
  const given = { delivered: 0, stale: 0, feedback: [] };

  socket.on("message:new", async (message) => {
    const commercialId = message.chat.assignedTo;
    if (message.sender.role !== "visitor" || commercialId === null) return;
    const ack = await ask(socket, "assistance:suggestions", {
      chatId: message.chatId,
      commercialId,
      forSeq: message.seq,
      suggestions: await suggest(message.content, message),
      private: true,
    });
    if (ack.ok && ack.stale) given.stale += 1;
    else if (ack.ok) given.delivered += 1;
  });

  socket.on("assistance:feedback", ({ suggestionId, outcome }) => given.feedback.push({ suggestionId, outcome }));

  return { given, report: () => given };
}
