// The commercial's desk: stock socket.io-client 4 and the DOM. A supervisor's token opens the same page, which then
// also shows everybody's chats and lets him step in.
(() => {
  "use strict";

  const $ = (id) => document.getElementById(id);
  document.documentElement.lang = localStorage.getItem("shop.language") ?? (navigator.language.toLowerCase().startsWith("en") ? "en" : "es");
  const language = () => document.documentElement.lang;
  const t = () => TEXTS[language()];

  // --- The token --------------------------------------------------------------------------------------

  // It comes in the fragment, which no server and no log sees, and leaves the address bar at once.
  const fragment = new URLSearchParams(location.hash.slice(1));
  if (fragment.has("token")) {
    sessionStorage.setItem("desk.token", fragment.get("token"));
    history.replaceState(null, "", location.pathname);
  }
  const token = sessionStorage.getItem("desk.token");

  // --- What is known ----------------------------------------------------------------------------------

  const me = { role: null, id: null, name: null };
  /** chatId -> chat; see `chatOf`. */
  const chats = new Map();
  /** Unacknowledged messages of this tab, oldest first: {chatId, clientMsgId, content, type}. */
  const unsent = [];
  const alerts = new Map();
  let current = null;
  let link = "connecting";

  const isSupervisor = () => me.role === "supervisor" || me.role === "admin";

  function chatOf(chatId) {
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
  function learn(chatId, news) {
    const chat = chatOf(chatId);
    for (const key of KNOWN) if (news[key] !== undefined) chat[key] = news[key];
    if (!isQueued(chat)) chat.position = null;
    if (isQueued(chat) && news.owner === undefined) chat.owner = null;
    if (news.assignedTo && news.owner === undefined) chat.owner = { role: "commercial", id: news.assignedTo };
    if (news.assignedTo === null && chat.owner?.role === "commercial" && news.owner === undefined) chat.owner = null;
    return chat;
  }

  const isMine = (chat) => chat.owner?.id === me.id && chat.owner.role !== "ai" && chat.status !== "closed";
  const isQueued = (chat) => ["waiting", "offered", "offline"].includes(chat.status);

  for (const button of document.querySelectorAll("[data-language]")) {
    button.addEventListener("click", () => {
      document.documentElement.lang = button.dataset.language;
      localStorage.setItem("shop.language", button.dataset.language);
      speak();
    });
  }

  // --- The connection ---------------------------------------------------------------------------------

  if (!token) return door(t().doorNone, "doorNone");
  const socket = io({ auth: { token } });

  const request = (event, payload) => new Promise((resolve) => {
    socket.timeout(10_000).emit(event, payload, (error, ack) => {
      resolve(error ? { ok: false, error: { code: "timeout" } } : ack);
    });
  });
  const pause = (ms) => new Promise((resolve) => { setTimeout(resolve, ms); });

  socket.on("session", async (session) => {
    if (session.role === "visitor") {
      socket.disconnect();
      return door(t().doorVisitor, "doorVisitor");
    }
    Object.assign(me, { role: session.role, id: session.subject, name: session.name ?? session.subject });
    for (const chat of chats.values()) chat.joined = false;
    for (const news of session.chats) learn(news.chatId, news);
    link = "ready";
    renderAll();
    await askForChats();
    if (me.role === "commercial") await askForStatus();
    // What was open before, and everything of one's own, is made whole again.
    for (const chat of [...chats.values()]) if (chat === current || isMine(chat)) await join(chat);
    sendUnsent();
  });

  socket.on("disconnect", (reason) => {
    link = reason === "io server disconnect" ? "refused" : "reconnecting";
    renderBar();
  });

  socket.on("connect_error", (error) => {
    if (socket.active) {
      link = "reconnecting";
      return renderBar();
    }
    sessionStorage.removeItem("desk.token");
    door(t().doorRefused, "doorRefused");
    console.warn("refused:", error.message);
  });

  socket.on("session:kicked", () => {
    sessionStorage.removeItem("desk.token");
    door(t().doorRefused, "doorRefused");
  });

  /** The open chats that were there before this page: one look at the REST list, then events keep it true. */
  async function askForChats() {
    try {
      const answer = await fetch("/v1/chats", { headers: { Authorization: `Bearer ${token}` } });
      if (!answer.ok) return;
      const list = await answer.json();
      const listed = new Set(list.chats.map((news) => news.chatId));
      for (const news of list.chats) learn(news.chatId, news);
      for (const chat of chats.values()) if (!listed.has(chat.chatId) && chat !== current) chats.delete(chat.chatId);
      renderLists();
    } catch { /* the events still tell what is new */ }
  }

  async function askForStatus() {
    const ack = await request("commercial:status", {});
    if (ack.ok) takeStatus(ack);
  }

  // --- Events -----------------------------------------------------------------------------------------

  socket.on("chat:created", (news) => {
    const chat = learn(news.chatId, news);
    if (news.firstMessage) chat.preview = news.firstMessage.content ?? String(news.firstMessage);
    renderLists();
  });

  socket.on("chat:updated", ({ chatId, changes }) => {
    const chat = learn(chatId, changes);
    if (changes.escalationReason) chat.reason = changes.escalationReason;
    renderChat(chat);
  });

  socket.on("chat:assigned", (news) => {
    const chat = learn(news.chatId, {
      status: "active", assignedTo: news.commercialId, epoch: news.epoch,
      owner: { role: news.role ?? "commercial", id: news.commercialId, name: news.commercialName },
    });
    chat.reason = news.reason ?? chat.reason;
    if (news.load?.commercialId === me.id) takeStatus({ load: news.load.current, cap: news.load.cap });
    renderChat(chat);
    if (isMine(chat)) {
      if (!chat.joined) join(chat);
      chat.unread += chat === current ? 0 : 1;
    }
  });

  socket.on("chat:queued", (news) => {
    const chat = learn(news.chatId, news);
    chat.position = news.position ?? null;
    if (news.reason) chat.reason = news.reason;
    renderChat(chat);
  });

  socket.on("chat:closed", (news) => {
    const chat = learn(news.chatId, { status: "closed", owner: null, assignedTo: null });
    chat.typing = null;
    if (chat !== current) chats.delete(chat.chatId);
    renderChat(chat);
    if (me.role === "commercial") askForStatus();
  });

  socket.on("message:new", (message) => {
    const chat = message.chat ? learn(message.chatId, message.chat) : chatOf(message.chatId);
    const gap = !message.private && chat.lastSeq != null && message.seq > chat.lastSeq + 1;
    place(chat, message);
    if (message.sender?.role === "visitor") chat.typing = null;
    if (chat !== current || document.hidden) chat.unread += 1;
    renderChat(chat);
    if (gap) join(chat);
    markRead(chat);
  });

  socket.on("message:receipt", (news) => {
    if (news.actor?.role !== "visitor") return;
    const chat = chatOf(news.chatId);
    chat.readByVisitor = Math.max(chat.readByVisitor, news.readSeq);
    renderChat(chat);
  });

  socket.on("typing:start", ({ chatId, actor, preview }) => {
    const chat = chatOf(chatId);
    clearTimeout(chat.typingTimer);
    chat.typing = { name: actor?.name ?? (actor?.role === "visitor" ? visitorName(chat) : t().someone), preview };
    chat.typingTimer = setTimeout(() => { chat.typing = null; renderChat(chat); }, 8_000);
    renderChat(chat);
  });
  socket.on("typing:stop", ({ chatId }) => {
    const chat = chatOf(chatId);
    chat.typing = null;
    renderChat(chat);
  });

  socket.on("commercial:status", (news) => {
    if (news.commercialId === me.id) takeStatus(news);
  });

  function takeStatus(news) {
    if (news.status) $("status").value = news.status;
    if (news.load !== undefined && news.cap !== undefined) me.load = { now: news.load, cap: news.cap };
    if (news.effective !== undefined) me.effective = news.effective;
    renderBar();
  }

  socket.on("notification", (news) => {
    alerts.set(news.notificationId, news);
    renderAlerts();
  });

  // --- One chat ---------------------------------------------------------------------------------------

  function place(chat, message) {
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
    const own = unsent.findIndex((waiting) => waiting.clientMsgId === message.clientMsgId);
    if (message.clientMsgId && own >= 0) unsent.splice(own, 1);
  }

  /** Joins and brings what is missing. */
  async function join(chat, mode) {
    for (;;) {
      const first = chat.lastSeq == null;
      const payload = { chatId: chat.chatId, afterNoteSeq: chat.lastNoteSeq };
      if (!first) payload.afterSeq = chat.lastSeq;
      if (mode ?? chat.barged) payload.mode = "barge";
      const ack = await request("chat:join", payload);
      if (!socket.connected) return false;
      if (!ack.ok) {
        if (ack.error.code !== "timeout" && ack.error.code !== "unavailable") return problem(ack.error);
        await pause(ack.error.retryAfterMs ?? 1_000);
        continue;
      }
      chat.joined = true;
      if (mode === "barge") chat.barged = true;
      learn(chat.chatId, ack.chat ?? {});
      chat.reason = ack.chat?.escalationReason ?? chat.reason;
      if (first) {
        chat.lastSeq = ack.messages.at(-1)?.seq ?? 0;
        chat.hasEarlier = ack.hasMore;
      }
      for (const message of ack.messages) place(chat, message);
      for (const note of ack.notes ?? []) place(chat, note);
      renderChat(chat);
      if (first || !ack.hasMore) {
        markRead(chat);
        return true;
      }
    }
  }

  function choose(chat) {
    current = chat;
    chat.unread = 0;
    document.body.dataset.view = "chat";
    problem(null);
    renderAll();
    $("scroll").scrollTop = $("scroll").scrollHeight;
    if (!chat.joined) join(chat); else markRead(chat);
    if (isMine(chat)) $("text").focus();
  }

  function markRead(chat) {
    if (chat !== current || document.hidden || !chat.joined || !isMine(chat) || !chat.lastSeq || chat.lastSeq <= (chat.marked ?? 0)) return;
    chat.marked = chat.lastSeq;
    socket.emit("message:read", { chatId: chat.chatId, seq: chat.lastSeq }, () => {});
  }

  /** One button's request: the button waits, an error is shown. */
  async function act(button, event, payload) {
    button.disabled = true;
    problem(null);
    const ack = await request(event, payload);
    button.disabled = false;
    if (!ack.ok) problem(ack.error);
    return ack;
  }

  $("take").addEventListener("click", async () => {
    const chat = current;
    const payload = { chatId: chat.chatId, commercialId: me.id, reason: "taken at the desk" };
    if (chat.epoch !== undefined) payload.expectedEpoch = chat.epoch;
    const ack = await act($("take"), "chat:assign", payload);
    if (!ack.ok) return join(chat); // what is true now
    learn(chat.chatId, { status: "active", owner: { role: me.role, id: me.id, name: me.name }, epoch: ack.epoch });
    renderChat(chat);
    if (me.role === "commercial") askForStatus();
    $("text").focus();
  });
  $("barge").addEventListener("click", async () => {
    const chat = current;
    $("barge").disabled = true;
    await join(chat, "barge");
    $("barge").disabled = false;
    renderChat(chat);
    $("text").focus();
  });
  $("release").addEventListener("click", async () => {
    const chat = current;
    const ack = await act($("release"), "chat:escalate", { chatId: chat.chatId, reason: "handed back", trigger: "commercial" });
    if (ack.ok) renderChat(chat);
  });
  $("close").addEventListener("click", async () => {
    const chat = current;
    const ack = await act($("close"), "chat:close", { chatId: chat.chatId, reason: "resolved" });
    if (!ack.ok) return;
    learn(chat.chatId, { status: "closed", owner: null, assignedTo: null });
    renderChat(chat);
    if (me.role === "commercial") askForStatus();
  });
  $("earlier").addEventListener("click", async () => {
    const chat = current;
    const ack = await act($("earlier"), "chat:history", { chatId: chat.chatId, beforeSeq: Math.min(...chat.messages.keys()), limit: 100 });
    if (!ack.ok) return;
    for (const message of ack.messages) place(chat, message);
    chat.hasEarlier = ack.hasMore;
    renderMessages(false);
  });
  $("back").addEventListener("click", () => {
    document.body.dataset.view = "list";
    current = null;
    renderAll();
  });
  $("status").addEventListener("change", async () => {
    const ack = await act($("status"), "commercial:status", { status: $("status").value });
    if (ack.ok) takeStatus(ack); else askForStatus();
  });

  // --- Writing ----------------------------------------------------------------------------------------

  const retryable = new Set(["timeout", "unavailable", "rate_limited"]);
  let sending = false;

  $("write").addEventListener("submit", (event) => {
    event.preventDefault();
    const content = $("text").value;
    if (!content.trim() || !current) return;
    const type = new FormData($("write")).get("kind");
    $("text").value = "";
    stopTyping();
    problem(null);
    unsent.push({ chatId: current.chatId, clientMsgId: crypto.randomUUID?.() ?? `${me.id}-${Date.now()}-${unsent.length}`, content, type });
    renderMessages(true);
    sendUnsent();
  });
  $("text").addEventListener("keydown", (event) => {
    if (event.key === "Enter" && !event.shiftKey && !event.isComposing) {
      event.preventDefault();
      $("write").requestSubmit();
    }
  });

  async function sendUnsent() {
    if (sending) return;
    sending = true;
    while (socket.connected && link === "ready" && unsent.length > 0) {
      const { chatId, clientMsgId, content, type } = unsent[0];
      const note = type === "note";
      const ack = await request("message:send", { chatId, content, type, clientMsgId, ...(note ? { private: true } : {}) });
      const chat = chatOf(chatId);
      if (ack.ok) {
        place(chat, {
          ...ack, chatId, content, type, clientMsgId, private: note, sender: { role: me.role, id: me.id, name: me.name },
        });
      } else if (retryable.has(ack.error.code)) {
        await pause(ack.error.retryAfterMs ?? 1_000);
      } else {
        unsent.shift();
        if (chat === current && !$("text").value) $("text").value = content; // nothing written is thrown away
        problem(ack.error);
      }
      renderChat(chat);
    }
    sending = false;
  }

  let typingUntil = 0;
  $("text").addEventListener("input", () => {
    const kind = new FormData($("write")).get("kind");
    if (!current || kind === "note" || link !== "ready") return;
    if (!$("text").value.trim()) return stopTyping();
    if (Date.now() < typingUntil) return;
    typingUntil = Date.now() + 5_000;
    socket.emit("typing:start", { chatId: current.chatId }, () => {});
  });
  function stopTyping() {
    if (!typingUntil || !current) return;
    typingUntil = 0;
    if (link === "ready") socket.emit("typing:stop", { chatId: current.chatId }, () => {});
  }

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

  function door(reason, key) {
    document.body.dataset.door = key;
    $("desk").hidden = true;
    $("door").hidden = false;
    $("door-reason").textContent = reason;
    link = "refused";
    speak();
  }

  function problem(error) {
    $("problem").textContent = error ? t().errors[error.code] ?? error.message ?? error.code : "";
    return false;
  }

  const visitorName = (chat) => chat.visitor?.name || `${t().visitor} ${String(chat.visitor?.id ?? chat.visitorId ?? chat.chatId).slice(0, 6)}`;

  function renderBar() {
    $("name").textContent = me.name ?? "";
    $("role").textContent = me.role ? t().roles[me.role] ?? me.role : "";
    $("link").textContent = t()[link];
    $("link").dataset.link = link;
    $("availability").hidden = me.role !== "commercial";
    $("load").hidden = !me.load;
    if (me.load) {
      $("load").textContent = t().load(me.load.now, me.load.cap) + (me.effective === false ? ` · ${t().notEffective}` : "");
    }
  }

  function facts(chat) {
    const parts = [t().status[chat.status] ?? chat.status];
    if (chat.position) parts.push(t().queuePlace(chat.position));
    if (chat.priority && chat.priority !== "normal") parts.push(t().priority[chat.priority] ?? chat.priority);
    if (chat.owner && !isMine(chat)) parts.push(t().owner(chat.owner.name ?? chat.owner.id));
    if (chat.queue && chat.queue !== "default") parts.push(chat.queue);
    if (chat.visitor?.verified) parts.push(t().verified);
    return parts.join(" · ");
  }

  function card(chat) {
    const button = element(
      "button", { type: "button", "data-chat": chat.chatId, "aria-current": String(chat === current) },
      element("span", { class: "head" }, element("span", {}, visitorName(chat))),
      element("span", { class: "last" }, chat.preview ?? ""),
      element("span", { class: "facts" }, facts(chat)),
    );
    if (chat.unread) button.querySelector(".head").append(element("span", { class: "unread" }, String(chat.unread)));
    return element("li", {}, button);
  }

  function renderLists() {
    const all = [...chats.values()].filter((chat) => chat.status !== "closed");
    const groups = {
      mine: all.filter(isMine),
      queue: all.filter((chat) => isQueued(chat) && !isMine(chat)).sort((a, b) => (a.position ?? 1e9) - (b.position ?? 1e9)),
      others: all.filter((chat) => !isMine(chat) && !isQueued(chat)),
    };
    for (const [name, list] of Object.entries(groups)) {
      replaceChanged($(name), list.map(card));
      $(`${name}-count`).textContent = String(list.length);
      const empty = $(`${name}-empty`);
      if (empty) empty.hidden = list.length > 0;
    }
  }
  $("chats").addEventListener("click", (event) => {
    const button = event.target.closest("[data-chat]");
    if (button) choose(chatOf(button.dataset.chat));
  });

  function renderChat(chat) {
    renderLists();
    if (chat !== current) return;
    const mine = isMine(chat);
    const closed = chat.status === "closed";
    const may = mine || chat.barged || (me.role === "commercial" && ["bot", "waiting", "offered", "offline"].includes(chat.status));
    $("visitor").textContent = visitorName(chat);
    $("facts").textContent = facts(chat);
    replaceChanged($("tags"), (chat.tags ?? []).map((tag) => element("span", {}, String(tag))));
    $("reason").hidden = !chat.reason || closed;
    $("reason").textContent = chat.reason ? t().reason(t().reasons[chat.reason] ?? chat.reason) : "";
    $("take").hidden = mine || closed || (chat.status === "active" && !isSupervisor());
    $("barge").hidden = !isSupervisor() || mine || closed || chat.barged;
    $("release").hidden = !mine;
    $("close").hidden = closed || !(mine || isSupervisor());
    const answer = $("write").querySelector('[value="agent"]');
    const note = $("write").querySelector('[value="note"]');
    answer.disabled = !may || closed;
    note.disabled = closed;
    if (answer.disabled && answer.checked && !closed) note.checked = true;
    $("typing").textContent = chat.typing ? t().typing(chat.typing.name) + (chat.typing.preview ? ` “${chat.typing.preview}”` : "") : "";
    renderMessages();
  }

  /** Public messages by `seq`, each followed by the notes that were written after it. */
  function timeline(chat) {
    const notes = [...chat.notes.values()].sort((a, b) => a.noteSeq - b.noteSeq);
    const messages = [...chat.messages.values()].sort((a, b) => a.seq - b.seq);
    const firstSeq = messages[0]?.seq ?? 0;
    const all = notes.filter((note) => (note.afterSeq ?? 0) < firstSeq);
    for (const message of messages) all.push(message, ...notes.filter((note) => note.afterSeq === message.seq));
    return messages.length ? all : notes;
  }

  function bubble(chat, message, state) {
    const role = message.sender?.role;
    const own = role !== "visitor" && role !== "ai" && message.sender?.id === me.id;
    const note = message.private || message.type === "note";
    const who = own ? t().you : role === "visitor" ? visitorName(chat) : message.sender?.name ?? message.sender?.id ?? "";
    const meta = element("p", { class: "meta" }, who);
    if (note) meta.append(` · ${t().noteOf}`);
    const time = message.timestamp ? new Date(message.timestamp) : null;
    if (time && !Number.isNaN(time.getTime())) {
      meta.append(" · ", element("time", { datetime: message.timestamp }, time.toLocaleTimeString(language(), { hour: "2-digit", minute: "2-digit" })));
    }
    if (state) meta.append(` · ${state}`);
    const kinds = ["message", own && "own", note && "note", role === "ai" && "ai", state === t().sending && "unsent"].filter(Boolean);
    return element(
      "li", { class: kinds.join(" "), "data-seq": message.seq, "data-note": message.noteSeq },
      element("p", { class: "body", dir: "auto" }, String(message.content)), meta,
    );
  }

  function renderMessages(follow = $("scroll").scrollHeight - $("scroll").scrollTop - $("scroll").clientHeight < 80) {
    if (!current) return;
    const chat = current;
    const items = timeline(chat).map((message) => {
      const read = message.seq && message.sender?.id === me.id && message.seq <= chat.readByVisitor;
      return bubble(chat, message, read ? t().read : null);
    });
    for (const waiting of unsent.filter((message) => message.chatId === chat.chatId)) {
      items.push(bubble(chat, { ...waiting, sender: { role: me.role, id: me.id } }, t().sending));
    }
    replaceChanged($("messages"), items);
    $("earlier").hidden = !chat.hasEarlier;
    if (follow) $("scroll").scrollTop = $("scroll").scrollHeight;
  }

  /** Replaces only what differs, so that focus stays and a screen reader hears only what is new. */
  function replaceChanged(parent, items) {
    items.forEach((item, index) => {
      const old = parent.children[index];
      if (!old) parent.append(item);
      else if (!old.isEqualNode(item)) old.replaceWith(item);
    });
    while (parent.children.length > items.length) parent.lastChild.remove();
  }

  function renderAlerts() {
    replaceChanged($("alerts"), [...alerts.values()].map((alert) => {
      const show = element("button", { type: "button", "data-open": alert.data?.chatId ?? "" }, t().openChat);
      const seen = element("button", { type: "button", "data-seen": alert.notificationId }, t().dismiss);
      const chat = chats.get(alert.data?.chatId);
      const text = [t().alert[alert.type] ?? alert.type, chat && visitorName(chat), alert.data?.mensaje ?? alert.data?.message].filter(Boolean).join(" · ");
      return element("li", {}, element("p", {}, text), ...(alert.data?.chatId ? [show] : []), seen);
    }));
  }
  $("alerts").addEventListener("click", async (event) => {
    const { open, seen } = event.target.dataset;
    if (open) choose(chatOf(open));
    if (seen) {
      alerts.delete(seen);
      renderAlerts();
      await request("notification:ack", { notificationId: seen });
    }
  });

  function renderAll() {
    renderBar();
    renderLists();
    renderAlerts();
    $("nothing").hidden = current != null;
    $("open").hidden = current == null;
    if (current) renderChat(current);
  }

  function speak() {
    for (const node of document.querySelectorAll("[data-text]")) node.textContent = t()[node.dataset.text];
    for (const node of document.querySelectorAll("[data-label]")) node.setAttribute("aria-label", t()[node.dataset.label]);
    for (const button of document.querySelectorAll("[data-language]")) {
      button.setAttribute("aria-pressed", String(button.dataset.language === language()));
    }
    if (document.body.dataset.door) $("door-reason").textContent = t()[document.body.dataset.door];
    renderAll();
  }

  document.addEventListener("visibilitychange", () => { if (current) { current.unread = 0; markRead(current); renderLists(); } });
  document.body.dataset.view = "list";
  speak();
})();
