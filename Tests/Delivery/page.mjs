// The same clients in a browser: users of the reference client, and bare socket.io-client. What they did and heard is
// drained by the harness, with this page's clock.
import { puente } from "/examples/js/puente-client.mjs";

const pause = (ms) => new Promise((resolve) => setTimeout(resolve, ms));
const events = [];
const clients = {};
let goesOn = true;

const words = (cmid) => `El paquete ${cmid} es azul`; // call for nothing, and nobody else says them
const newID = () => crypto.randomUUID().replaceAll("-", "");

function scribe(proc, who, kind, { may, joins = false } = {}) {
  const write = (op, fields) => events.push({ p: performance.now(), proc, op, ...fields });
  write("client", { who, kind, joins });
  if (may) write("may", { chats: may });
  return {
    write,
    heard(message, via) {
      if (message.seq === undefined) return;
      write("recv", {
        chat: message.chatId, seq: message.seq, id: message.messageId, via, cmid: message.clientMsgId ?? null,
        content: message.content,
      });
    },
  };
}

const options = (auth) => ({ auth, forceNew: true, transports: ["websocket"], reconnectionDelay: 100, reconnectionDelayMax: 1000, timeout: 5000 });

window.reference = async ({ proc, who, url, auth, may, mode = "normal" }) => {
  const { write, heard } = scribe(proc, who, "reference", { may });
  let credential = auth;
  const known = {};
  const socket = io(url, options((give) => give(credential)));
  const first = new Promise((resolve) => socket.once("session", resolve));
  const client = puente(socket, {
    onMessage: (message) => heard(message, message.own ? "own" : "live"),
    onSession: ({ token }) => { if (token) credential = { ...credential, token }; },
    pingEvery: 2000, patience: 4000,
  });
  clients[proc] = {
    client, known,
    async follow(chatId) {
      write("joining", { chat: chatId, after: 0 });
      await client.follow(chatId, { mode });
      write("join", { chat: chatId, seq: 0 });
    },
    async send(chatId, fields = {}) {
      const cmid = newID();
      write("send", { cmid, content: words(cmid) });
      try {
        const ack = await client.send(words(cmid), { clientMsgId: cmid, ...(chatId ? { chatId } : {}), ...fields });
        write("ack", { cmid, chat: ack.chatId, seq: ack.seq, id: ack.messageId });
        return ack.chatId;
      } catch (error) {
        write("nack", { cmid, code: error.code ?? String(error) });
        return null;
      }
    },
  };
  const { token, subject } = await first;
  return { token, subject };
};

window.firstMessage = (proc) => clients[proc].send();
window.follow = (proc, chat) => clients[proc].follow(chat);

// Sends to one of these chats now and then, until all stop.
window.talk = (proc, chats, fields, least, most) => {
  clients[proc].talking = (async () => {
    while (goesOn) {
      await clients[proc].send(chats[Math.floor(Math.random() * chats.length)], fields);
      await pause(least + Math.random() * (most - least));
    }
  })();
};

// Joins whenever it has a session, and does nothing else.
window.stock = ({ proc, who, url, auth, chats, may }) => {
  const { write, heard } = scribe(proc, who, "stock", { may });
  const socket = io(url, options(auth));
  clients[proc] = { socket };
  const join = (chat) => {
    const { id } = socket;
    write("joining", { chat });
    socket.timeout(6000).emit("chat:join", { chatId: chat }, (error, ack) => {
      if (error || !ack.ok) {
        if (socket.connected && socket.id === id) setTimeout(() => { if (socket.id === id) join(chat); }, 300);
        return;
      }
      write("join", { chat, seq: ack.lastSeq, first: ack.messages[0]?.seq ?? ack.lastSeq + 1 });
      for (const message of ack.messages) heard({ chatId: chat, ...message }, "replay");
    });
  };
  socket.on("connect", () => write("begin"));
  socket.on("disconnect", () => write("end"));
  socket.on("session", () => chats.forEach(join));
  socket.on("message:new", (message) => heard(message, "live"));
};

window.stopTalking = async () => {
  goesOn = false;
  await Promise.all(Object.values(clients).map((one) => one.talking));
};
window.drain = () => ({ now: performance.now(), events: events.splice(0) });
window.doubles = () => Object.values(clients).reduce((sum, one) => sum + (one.client?.stats.doubles ?? 0), 0);
window.isLoaded = true;
