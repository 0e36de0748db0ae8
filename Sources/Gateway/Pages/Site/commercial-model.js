// What the desk knows: chats by id, their messages by number, and who sits here. No socket and no DOM.

export const me = { role: null, id: null, name: null };
/** The chat on the screen, and how the connection is: connecting | ready | reconnecting | refused. */
export const desk = { current: null, link: "connecting" };
/** chatId -> chat; see `chatOf`. */
export const chats = new Map();

export const isSupervisor = () => me.role === "supervisor" || me.role === "admin";
export const isMine = (chat) => chat.owner?.id === me.id && chat.owner.role !== "ai" && chat.status !== "closed";
export const isQueued = (chat) => ["waiting", "offered", "offline"].includes(chat.status);

/** Whether a public message of ours would be accepted: one's own chat, or one that waits to be taken. */
export const mayAnswer = (chat) =>
  isMine(chat) || chat.barged || (me.role === "commercial" && (chat.status === "bot" || isQueued(chat)));

export function chatOf(chatId) {
  let chat = chats.get(chatId);
  if (!chat) {
    chat = {
      chatId, status: "waiting", owner: null, assignedTo: null, priority: "normal", tags: [], visitor: null, queue: null,
      position: null, reason: null, joined: false, barged: false, unread: 0, typing: null, preview: "", readByVisitor: 0,
      messages: new Map(), notes: new Map(), lastSeq: null, lastNoteSeq: 0, hasEarlier: false, createdAt: null,
    };
    chats.set(chatId, chat);
  }
  return chat;
}

const KNOWN = ["status", "priority", "queue", "assignedTo", "owner", "epoch", "version", "visitor", "visitorId", "tags", "createdAt", "language"];

/** Takes what an event says about a chat; what it does not say stays. */
export function learn(chatId, news) {
  const chat = chatOf(chatId);
  for (const key of KNOWN) if (news[key] !== undefined) chat[key] = news[key];
  if (!isQueued(chat)) chat.position = null;
  if (isQueued(chat) && news.owner === undefined) chat.owner = null;
  if (news.assignedTo && news.owner === undefined) chat.owner = { role: "commercial", id: news.assignedTo };
  if (news.assignedTo === null && chat.owner?.role === "commercial" && news.owner === undefined) chat.owner = null;
  return chat;
}

/** Takes one message or note, from wherever it came: the same number is the same message. */
export function place(chat, message) {
  if (message.private || message.type === "note") {
    if (!Number.isSafeInteger(message.noteSeq)) return;
    chat.notes.set(message.noteSeq, message);
    chat.lastNoteSeq = Math.max(chat.lastNoteSeq, message.noteSeq);
  } else {
    if (!Number.isSafeInteger(message.seq)) return;
    chat.messages.set(message.seq, message);
    while (chat.lastSeq != null && chat.messages.has(chat.lastSeq + 1)) chat.lastSeq += 1;
    if (message.seq === Math.max(...chat.messages.keys())) chat.preview = message.content;
  }
}

/** Public messages by `seq`, each followed by the notes that were written after it. */
export function timeline(chat) {
  const notes = [...chat.notes.values()].sort((a, b) => a.noteSeq - b.noteSeq);
  const messages = [...chat.messages.values()].sort((a, b) => a.seq - b.seq);
  const firstSeq = messages[0]?.seq ?? 0;
  const all = notes.filter((note) => (note.afterSeq ?? 0) < firstSeq);
  for (const message of messages) all.push(message, ...notes.filter((note) => note.afterSeq === message.seq));
  return messages.length ? all : notes;
}
