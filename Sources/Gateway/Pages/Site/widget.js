// The chat of this shop, as a web developer would write it: stock socket.io-client 4 and the DOM.
//
//   <script src="/socket.io/socket.io.js" defer></script>
//   <script src="/widget.js" data-key="demo" defer></script>
//
// What keeps a conversation whole:
//  - the visitor token from `session` is stored, so a reload is the same visitor in the same chat;
//  - messages are kept by `seq`: ack, push and replay of the same message are one message, in order;
//  - what is written goes into a queue in sessionStorage and is sent, one by one and with its `clientMsgId`,
//    until the gateway acknowledges it: lost connections and restarts neither lose nor double it.
(() => {
  "use strict";

  const TEXTS = {
    es: {
      title: "Chat", open: "Abrir el chat", close: "Cerrar el chat", placeholder: "Escribe tu mensaje…", send: "Enviar",
      message: "Tu mensaje", conversation: "Conversación", person: "Hablar con una persona", again: "Seguir con esta conversación",
      earlier: "Mensajes anteriores", welcome: "¡Hola! Pregúntanos lo que quieras.",
      connecting: "Conectando…", reconnecting: "Sin conexión. Volvemos a intentarlo…", refused: "El chat no está disponible ahora.",
      idle: "Contestamos en un momento", bot: (n) => `Hablas con ${n}, un asistente automático`,
      human: (n) => `Hablas con ${n}`, someone: "una persona del equipo", waiting: "Buscamos a una persona para ti…",
      position: (n) => `Esperas a una persona. Tu puesto: ${n}`, nobody: "Ahora mismo no hay nadie. Escríbenos: te contestaremos aquí.",
      closed: "Conversación terminada", typing: (n) => `${n} está escribiendo…`, sending: "Enviando…", failed: "No se ha enviado",
      read: "Leído", you: "Tú", automatic: "automático", newChat: "Nueva conversación",
      errors: { rate_limited: "demasiado deprisa", too_large: "es demasiado largo", conflict: "ya se envió otro texto" },
    },
    en: {
      title: "Chat", open: "Open the chat", close: "Close the chat", placeholder: "Write your message…", send: "Send",
      message: "Your message", conversation: "Conversation", person: "Talk to a person", again: "Go on with this conversation",
      earlier: "Earlier messages", welcome: "Hello! Ask us anything.",
      connecting: "Connecting…", reconnecting: "No connection. Trying again…", refused: "The chat is not available right now.",
      idle: "We answer in a moment", bot: (n) => `You are talking to ${n}, an automatic assistant`,
      human: (n) => `You are talking to ${n}`, someone: "one of the team", waiting: "Looking for a person for you…",
      position: (n) => `Waiting for a person. Your place: ${n}`, nobody: "Nobody is here right now. Write to us: the answer will be here.",
      closed: "Conversation closed", typing: (n) => `${n} is writing…`, sending: "Sending…", failed: "Not sent",
      read: "Read", you: "You", automatic: "automatic", newChat: "New conversation",
      errors: { rate_limited: "too fast", too_large: "it is too long", conflict: "another text was sent" },
    },
  };

  const script = document.currentScript;
  const widgetKey = script.dataset.key;
  const server = script.dataset.server; // absent: where the page came from

  const texts = () => TEXTS[document.documentElement.lang] ?? TEXTS.en;

  // --- What is remembered -----------------------------------------------------------------------------

  const remembered = (storage, name) => {
    try { return storage().getItem(name); } catch { return null; }
  };
  const remember = (storage, name, value) => {
    try {
      if (value == null) storage().removeItem(name); else storage().setItem(name, value);
    } catch { /* a private window forgets; the chat works all the same */ }
  };
  const lasting = () => localStorage;
  const thisTab = () => sessionStorage;

  let token = remembered(lasting, "chat.token");
  const chat = {
    id: remembered(lasting, "chat.id"),
    status: null, owner: null, name: null, position: null, nobody: false,
    messages: new Map(), // seq -> message
    lastSeq: null,       // everything up to here is on the screen; null until the first join
    hasEarlier: false,
    readByOthers: 0,
  };
  /** Written, not yet acknowledged: [{clientMsgId, content}], oldest first. */
  let unsent = JSON.parse(remembered(thisTab, "chat.unsent") ?? "[]");
  const keepUnsent = () => remember(thisTab, "chat.unsent", JSON.stringify(unsent));

  // --- The connection ---------------------------------------------------------------------------------

  const options = {
    auth: (give) => give(token ? { token, key: widgetKey } : { key: widgetKey }),
  };
  const socket = server ? io(server, options) : io(options);
  let link = "connecting"; // connecting | ready | reconnecting | refused

  /** Emits and resolves with the ack; a missing ack is `{ok: false, error: {code: "timeout"}}`, never an exception. */
  const request = (event, payload) => new Promise((resolve) => {
    socket.timeout(10_000).emit(event, payload, (error, ack) => {
      resolve(error ? { ok: false, error: { code: "timeout" } } : ack);
    });
  });

  const pause = (ms) => new Promise((resolve) => { setTimeout(resolve, ms); });

  function setLink(now) {
    link = now;
    renderState();
  }

  socket.on("session", async (session) => {
    if (session.token) {
      token = session.token;
      remember(lasting, "chat.token", token);
    }
    const open = session.chats?.[0];
    if (open && open.chatId !== chat.id) startView(open.chatId);
    setLink("ready");
    if (chat.id) await join();
    sendUnsent();
  });

  socket.on("disconnect", (reason) => {
    setTyping(null);
    // After the server's own disconnect the client stays away by itself: the identity was revoked.
    setLink(reason === "io server disconnect" ? "refused" : "reconnecting");
  });

  socket.on("connect_error", (error) => {
    if (error.data?.code === "unauthenticated" && token) {
      token = null; // expired: come back as a new visitor with the widget key
      remember(lasting, "chat.token", null);
      socket.connect();
    } else {
      setLink(socket.active ? "reconnecting" : "refused");
    }
  });

  socket.on("session:kicked", () => {
    token = null;
    remember(lasting, "chat.token", null);
  });

  // --- The conversation -------------------------------------------------------------------------------

  /** A chat other than the one on the screen. */
  function startView(chatId) {
    chat.id = chatId;
    chat.messages.clear();
    chat.lastSeq = null;
    chat.hasEarlier = false;
    chat.readByOthers = 0;
    marked = 0;
    remember(lasting, "chat.id", chatId);
    renderMessages();
  }

  /** Puts this socket into the chat and brings everything after `lastSeq`. */
  async function join() {
    const chatId = chat.id;
    for (;;) {
      const first = chat.lastSeq == null;
      const ack = await request("chat:join", first ? { chatId } : { chatId, afterSeq: chat.lastSeq });
      if (chatId !== chat.id || !socket.connected) return;
      if (!ack.ok) {
        if (ack.error.code === "not_found" || ack.error.code === "forbidden") {
          startView(null);
          return renderState();
        }
        await pause(ack.error.retryAfterMs ?? 1_000);
        continue;
      }
      if (first) {
        chat.lastSeq = ack.messages.at(-1)?.seq ?? 0;
        chat.hasEarlier = ack.hasMore;
      }
      for (const message of ack.messages) place(message);
      setChat(ack.chat);
      renderMessages();
      if (first || !ack.hasMore) return markRead();
    }
  }

  /** Takes one message, from wherever it came: the same `seq` is the same message. */
  function place(message) {
    if (message.private || !Number.isSafeInteger(message.seq)) return;
    chat.messages.set(message.seq, message);
    if (message.clientMsgId) unsent = unsent.filter((own) => own.clientMsgId !== message.clientMsgId);
    while (chat.lastSeq != null && chat.messages.has(chat.lastSeq + 1)) chat.lastSeq += 1;
  }

  socket.on("message:new", (message) => {
    if (message.chatId !== chat.id) {
      if (chat.id && chat.status !== "closed") return;
      startView(message.chatId);
    }
    const gap = chat.lastSeq != null && message.seq > chat.lastSeq + 1;
    place(message);
    keepUnsent();
    if (message.chat) setChat(message.chat);
    if (message.sender?.role !== "visitor") {
      setTyping(null);
      if (message.sender?.name) chat.name = message.sender.name;
      announce();
    }
    renderMessages();
    if (gap) join();
    markRead();
  });

  /** What any event says about the chat; only what it says is changed. */
  function setChat(news) {
    if (!news) return;
    if (news.status !== undefined) chat.status = news.status;
    if (news.owner !== undefined) {
      if (news.owner?.id !== chat.owner?.id) chat.name = null;
      chat.owner = news.owner;
    }
    const name = news.owner?.name ?? news.assignedToName ?? news.commercialName;
    if (name) chat.name = name;
    if (!["waiting", "offered", "offline"].includes(chat.status)) {
      chat.position = null;
      chat.nobody = false;
    }
    renderState();
  }

  socket.on("chat:created", (news) => {
    if (news.chatId !== chat.id && (!chat.id || chat.status === "closed")) startView(news.chatId);
    if (news.chatId === chat.id) setChat(news);
  });

  socket.on("chat:assigned", (news) => {
    if (news.chatId !== chat.id) return;
    setChat({ status: "active", owner: { role: "commercial", id: news.commercialId, name: news.commercialName } });
  });

  socket.on("chat:updated", ({ chatId, changes }) => {
    if (chatId === chat.id) setChat(changes);
  });

  socket.on("chat:queued", (news) => {
    if (news.chatId !== chat.id) return;
    queued(news);
  });

  function queued(news) {
    if (chat.status !== "offered") chat.status = "waiting";
    chat.owner = null;
    chat.position = news.position ?? null;
    chat.nobody = news.agentsOnline === 0 || news.nobody === true;
    renderState();
  }

  socket.on("chat:closed", (news) => {
    if (news.chatId !== chat.id) return;
    setTyping(null);
    setChat({ status: "closed", owner: null });
  });

  socket.on("message:receipt", (news) => {
    if (news.chatId !== chat.id || news.actor?.role === "visitor") return;
    chat.readByOthers = Math.max(chat.readByOthers, news.readSeq);
    renderMessages();
  });

  // --- Sending ----------------------------------------------------------------------------------------

  let sending = false;
  const retryable = new Set(["timeout", "unavailable", "rate_limited"]);

  function write(content) {
    unsent.push({ clientMsgId: newId(), content });
    keepUnsent();
    renderMessages();
    sendUnsent();
  }

  /** Sends what is unsent, oldest first, one at a time: order holds over lost connections too. */
  async function sendUnsent() {
    if (sending) return;
    sending = true;
    while (socket.connected && link === "ready") {
      const next = unsent.find((message) => !message.failed);
      if (!next) break;
      const { clientMsgId, content } = next;
      const ack = await request("message:send", { chatId: chat.id ?? undefined, content, type: "user", clientMsgId });
      if (ack.ok) {
        await accept(next, ack);
      } else if (retryable.has(ack.error.code)) {
        await pause(ack.error.retryAfterMs ?? 1_000);
      } else if (ack.error.code === "not_found" && chat.id) {
        startView(null); // the chat is gone: the next attempt opens a new one
      } else {
        next.failed = ack.error.code;
        keepUnsent();
        renderMessages();
      }
    }
    sending = false;
  }

  async function accept({ clientMsgId, content }, ack) {
    const elsewhere = ack.chatId && ack.chatId !== chat.id;
    if (elsewhere) startView(ack.chatId);
    place({
      chatId: chat.id, seq: ack.seq, messageId: ack.messageId, clientMsgId, content, type: "user",
      sender: { role: "visitor" }, timestamp: ack.timestamp,
    });
    keepUnsent();
    renderMessages();
    // A new chat, or one that was closed until now: what it is now comes with the join.
    if (elsewhere || chat.status === "closed" || chat.status == null) await join();
  }

  function newId() {
    if (crypto.randomUUID) return crypto.randomUUID(); // only on https and localhost
    return Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => byte.toString(16).padStart(2, "0")).join("");
  }

  async function askForPerson() {
    if (!chat.id) return write(texts().person);
    personButton.disabled = true;
    const ack = await request("chat:escalate", { chatId: chat.id, trigger: "visitor" });
    personButton.disabled = false;
    if (ack.ok && ack.status === "queued") queued(ack);
  }

  async function reopen() {
    const ack = await request("chat:reopen", { chatId: chat.id });
    if (ack.ok) setChat(ack);
    await join();
  }

  async function earlier() {
    const first = Math.min(...chat.messages.keys());
    const ack = await request("chat:history", { chatId: chat.id, beforeSeq: first, limit: 100 });
    if (!ack.ok) return;
    for (const message of ack.messages) place(message);
    chat.hasEarlier = ack.hasMore;
    renderMessages(false);
  }

  let marked = 0;
  function markRead() {
    if (panel.hidden || document.hidden || !chat.id || !chat.lastSeq || chat.lastSeq <= marked || link !== "ready") return;
    marked = chat.lastSeq;
    socket.emit("message:read", { chatId: chat.id, seq: chat.lastSeq }, () => {});
  }

  // --- Typing -----------------------------------------------------------------------------------------

  let typingUntil = 0;
  function typed() {
    if (!chat.id || link !== "ready") return;
    if (!input.value.trim()) return stopTyping();
    if (Date.now() < typingUntil) return; // it stands for 8 s; renew it before that
    typingUntil = Date.now() + 5_000;
    socket.emit("typing:start", { chatId: chat.id });
  }
  function stopTyping() {
    if (typingUntil === 0) return;
    typingUntil = 0;
    if (link === "ready") socket.emit("typing:stop", { chatId: chat.id });
  }

  let typingTimer;
  function setTyping(name) {
    clearTimeout(typingTimer);
    typingLine.textContent = name ? texts().typing(name) : "";
    if (name) typingTimer = setTimeout(() => setTyping(null), 8_000);
  }
  socket.on("typing:start", ({ chatId, actor }) => {
    if (chatId === chat.id && actor?.role !== "visitor") setTyping(actor.name ?? chat.name ?? texts().someone);
  });
  socket.on("typing:stop", ({ chatId }) => {
    if (chatId === chat.id) setTyping(null);
  });

  // --- What is seen -----------------------------------------------------------------------------------

  /** An element; text always becomes a text node, never markup. */
  function element(name, attributes = {}, ...children) {
    const made = document.createElement(name);
    for (const [key, value] of Object.entries(attributes)) {
      if (value === true) made.setAttribute(key, "");
      else if (value !== false && value != null) made.setAttribute(key, value);
    }
    made.append(...children);
    return made;
  }

  /** Text with its http, https and mailto addresses as links, and nothing else as anything. */
  function linked(text) {
    const parts = [];
    let end = 0;
    for (const match of text.matchAll(/(?:https?:\/\/|mailto:)[^\s<>"'()[\]{}]+/g)) {
      const address = match[0].replace(/[.,;:!?]+$/, "");
      if (!/(^|[\s.,;:!?¡¿-])$/.test(text.slice(0, match.index))) continue;
      parts.push(text.slice(end, match.index));
      parts.push(element("a", { href: address, target: "_blank", rel: "noopener noreferrer nofollow ugc" }, address));
      end = match.index + address.length;
    }
    parts.push(text.slice(end));
    return parts;
  }

  const input = element("textarea", { id: "chat-input", rows: "1", maxlength: "8000", autocomplete: "off" });
  const inputLabel = element("label", { for: "chat-input", class: "chat-hidden" });
  const sendButton = element("button", { type: "submit", class: "chat-send" });
  const personButton = element("button", { type: "button", class: "chat-person" });
  const againButton = element("button", { type: "button", class: "chat-person", hidden: true });
  const earlierButton = element("button", { type: "button", class: "chat-person", hidden: true });
  const form = element("form", { class: "chat-form" }, inputLabel, input, sendButton);
  const state = element("p", { class: "chat-state", role: "status" });
  const dot = element("span", { class: "chat-dot", "aria-hidden": "true" });
  const title = element("h2", { id: "chat-title" });
  const closeButton = element("button", { type: "button", class: "chat-close" }, "×");
  const list = element("ol", { class: "chat-list", role: "log", "aria-live": "polite", tabindex: "0" });
  const typingLine = element("p", { class: "chat-typing", "aria-live": "polite" });
  const scroller = element("div", { class: "chat-scroll" }, earlierButton, list, typingLine);
  const panel = element(
    "section", { class: "chat-panel", role: "dialog", "aria-labelledby": "chat-title", hidden: true },
    element("header", { class: "chat-header" }, dot, element("div", {}, title, state), closeButton),
    scroller,
    element("div", { class: "chat-actions" }, personButton, againButton),
    form,
  );
  const badge = element("span", { class: "chat-badge", hidden: true });
  const launcher = element("button", { type: "button", class: "chat-launcher", "aria-expanded": "false" }, bubble(), badge);

  function bubble() {
    const space = "http://www.w3.org/2000/svg";
    const svg = document.createElementNS(space, "svg");
    svg.setAttribute("viewBox", "0 0 32 32");
    svg.setAttribute("aria-hidden", "true");
    const path = document.createElementNS(space, "path");
    path.setAttribute("d", "M5 7h22v15H15l-6 5v-5H5zM11 13h10M11 17h6");
    svg.append(path);
    return svg;
  }

  /** The line under the title: who is there, or why nobody is. */
  function stateText() {
    const t = texts();
    if (link !== "ready") return t[link];
    switch (chat.status) {
      case "closed": return t.closed;
      case "bot": return t.bot(chat.name ?? chat.owner?.id ?? "bot");
      case "waiting": case "offered": case "offline":
        if (chat.nobody || chat.status === "offline") return t.nobody;
        return chat.position ? t.position(chat.position) : t.waiting;
      case null: case undefined: return t.idle;
      default: return chat.owner || chat.name ? t.human(chat.name ?? t.someone) : t.waiting;
    }
  }

  function renderState() {
    state.textContent = stateText();
    panel.dataset.status = chat.status ?? "";
    panel.dataset.link = link;
    const closed = chat.status === "closed";
    againButton.hidden = !closed;
    personButton.hidden = closed || ["waiting", "offered", "offline"].includes(chat.status) || (chat.status != null && chat.status !== "bot");
  }

  function bubbleOf(message, note) {
    const own = message.sender?.role === "visitor";
    const t = texts();
    const who = own ? t.you : message.sender?.name ?? message.sender?.id ?? "";
    const automatic = message.sender?.role === "ai" ? ` · ${t.automatic}` : "";
    const time = message.timestamp ? new Date(message.timestamp) : null;
    const meta = element("p", { class: "chat-meta" }, who + automatic);
    if (time && !Number.isNaN(time.getTime())) {
      const shown = time.toLocaleTimeString(document.documentElement.lang, { hour: "2-digit", minute: "2-digit" });
      meta.append(" · ", element("time", { datetime: message.timestamp }, shown));
    }
    if (note) meta.append(" · ", note);
    return element(
      "li", { class: `chat-message ${own ? "chat-own" : "chat-theirs"}`, "data-seq": message.seq },
      element("p", { class: "chat-text", dir: "auto" }, ...linked(String(message.content))),
      meta,
    );
  }

  function renderMessages(follow = scroller.scrollHeight - scroller.scrollTop - scroller.clientHeight < 80) {
    const t = texts();
    const known = [...chat.messages.values()].sort((a, b) => a.seq - b.seq);
    const lastOwn = known.findLast((message) => message.sender?.role === "visitor")?.seq;
    const items = known.map((message) => {
      const read = message.seq === lastOwn && message.seq <= chat.readByOthers;
      return bubbleOf(message, read ? t.read : null);
    });
    for (const message of unsent) {
      const note = message.failed ? `${t.failed}: ${t.errors[message.failed] ?? message.failed}` : t.sending;
      const item = bubbleOf({ content: message.content, sender: { role: "visitor" } }, note);
      item.classList.add("chat-unsent");
      items.push(item);
    }
    if (items.length === 0) items.push(element("li", { class: "chat-welcome" }, t.welcome));
    replaceChanged(list, items);
    earlierButton.hidden = !chat.hasEarlier;
    if (follow) scroller.scrollTop = scroller.scrollHeight;
  }

  /** Replaces only what differs, so that a screen reader hears new messages and not the whole list again. */
  function replaceChanged(parent, items) {
    items.forEach((item, index) => {
      const old = parent.children[index];
      if (!old) parent.append(item);
      else if (!old.isEqualNode(item)) old.replaceWith(item);
    });
    while (parent.children.length > items.length) parent.lastChild.remove();
  }

  let unseen = 0;
  function announce() {
    if (!panel.hidden) return;
    unseen += 1;
    badge.textContent = String(unseen);
    badge.hidden = false;
  }

  function open(now) {
    panel.hidden = !now;
    launcher.setAttribute("aria-expanded", String(now));
    launcher.classList.toggle("chat-launcher-open", now);
    remember(thisTab, "chat.open", now ? "1" : null);
    if (now) {
      unseen = 0;
      badge.hidden = true;
      renderMessages(true);
      markRead();
    }
  }

  function speak() {
    const t = texts();
    title.textContent = t.title;
    inputLabel.textContent = t.message;
    input.placeholder = t.placeholder;
    sendButton.textContent = t.send;
    personButton.textContent = t.person;
    againButton.textContent = t.again;
    earlierButton.textContent = t.earlier;
    closeButton.setAttribute("aria-label", t.close);
    launcher.setAttribute("aria-label", t.open);
    list.setAttribute("aria-label", t.conversation);
    renderState();
    renderMessages();
  }

  form.addEventListener("submit", (event) => {
    event.preventDefault();
    const content = input.value;
    if (!content.trim()) return;
    input.value = "";
    stopTyping();
    write(content);
    scroller.scrollTop = scroller.scrollHeight;
    input.focus();
  });
  input.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && !event.shiftKey && !event.isComposing) {
      event.preventDefault();
      form.requestSubmit();
    }
  });
  input.addEventListener("input", typed);
  input.addEventListener("blur", stopTyping);
  personButton.addEventListener("click", askForPerson);
  againButton.addEventListener("click", reopen);
  earlierButton.addEventListener("click", earlier);
  launcher.addEventListener("click", () => { open(panel.hidden); if (!panel.hidden) input.focus(); });
  closeButton.addEventListener("click", () => { open(false); launcher.focus(); });
  panel.addEventListener("keydown", (event) => { if (event.key === "Escape") { open(false); launcher.focus(); } });
  document.addEventListener("chat:open", () => { open(true); input.focus(); });
  document.addEventListener("visibilitychange", markRead);
  new MutationObserver(speak).observe(document.documentElement, { attributeFilter: ["lang"] });

  document.body.append(panel, launcher);
  speak();
  open(remembered(thisTab, "chat.open") === "1");
})();
