// 1. A bot that answers visitors.
//
// The gateway makes an `ai` connection with scope `messaging` the owner of new chats. Only the owner may answer in
// public, so two bots never talk over each other; a bot never hears itself, so it never answers itself.
import { ask } from "./ask.mjs";

export function start(socket, { reply = async (text) => `You said: ${text}`, greeting = null } = {}) {
  const turns = new Map(); // chatId -> the answer under way: a chat's messages are answered one after the other

  socket.on("chat:created", async (chat) => {
    if (greeting && chat.status === "bot") {
      await ask(socket, "message:send", { chatId: chat.chatId, type: "ai-response", content: greeting });
    }
  });

  socket.on("message:new", (message) => {
    const fromVisitor = message.sender.role === "visitor";
    const withPerson = message.chat.assignedTo !== null;
    if (!fromVisitor || withPerson) return;
    const before = turns.get(message.chatId) ?? Promise.resolve();
    const turn = before.then(() => answer(message)).catch((error) => console.error("no answer:", error));
    turns.set(message.chatId, turn);
    turn.then(() => { if (turns.get(message.chatId) === turn) turns.delete(message.chatId); });
  });

  async function answer(message) {
    socket.emit("typing:start", { chatId: message.chatId });
    const began = Date.now();
    const content = await reply(message.content, message);
    // A message ends the typing by itself.
    await ask(socket, "message:send", {
      chatId: message.chatId,
      type: "ai-response",
      content,
      inReplyToSeq: message.seq, // one answer per message, however often this is tried
      metadata: { isAutomated: true, processingTime: Date.now() - began },
    });
  }
}
