// 2. A monitor that listens to every chat of its workspace and raises the alarm.
//
// Tags of an `ai` are added to what is there, its priority may only rise, and the gateway keeps repeated alerts of one
// chat apart from new ones, so nothing here needs a memory.
import { ask } from "./ask.mjs";

/** Stands for a model: how angry a text is, 0 to 1. */
export function anger(text) {
  const words = ["terrible", "unacceptable", "furious", "worst", "inaceptable", "vergüenza", "pésimo", "furioso"];
  const found = words.filter((word) => text.toLowerCase().includes(word)).length;
  return Math.min(1, found * 0.6 + (text.match(/!/g)?.length ?? 0) * 0.1);
}

export function start(socket, { judge = anger, threshold = 0.7 } = {}) {
  const seen = { messages: 0, alerts: 0 };

  socket.on("message:new", async (message) => {
    if (message.sender.role !== "visitor") return;
    seen.messages += 1;
    const score = judge(message.content);
    if (score < threshold) return;
    await ask(socket, "chat:update", {
      chatId: message.chatId,
      updates: { addTags: ["sentiment-monitor"], priority: "high", metadata: { sentimentScore: -score } },
    });
    const alert = await ask(socket, "notification:send", {
      type: "sentiment_alert",
      target: "supervisors",
      severity: "high",
      data: { chatId: message.chatId, score, message: message.content },
    });
    if (alert.ok) seen.alerts += 1;
  });

  return { report: () => seen };
}
