// 6. What can go wrong, and what to do about each.
//
//  - An ack says `{ok: false, error: {code, message, retryAfterMs?}}`. Without an ack, the same comes as event `error`.
//  - A refused connection is `connect_error` with `data.code`; the client does not try again by itself, since only
//    something on our side can mend it; with `data.retryAfterMs` all it takes is time. Everything else it retries on its own.
//  - `clientMsgId` makes a second try harmless: the same id is the same message.
const RETRYABLE = new Set(["timeout", "unavailable", "rate_limited"]);

export function start(socket, { onFatal = () => {} } = {}) {
  const errors = [];

  socket.on("error", ({ event, code, message }) => errors.push({ event, code, message }));
  socket.on("connect_error", (error) => {
    errors.push({ event: "connect", code: error.data?.code ?? "network", message: error.message });
    const pause = error.data?.retryAfterMs;
    if (pause) setTimeout(() => socket.connect(), pause);
    else if (!socket.active) onFatal(error.data?.code ?? error.message);
  });

  /** Sends until it is known to be stored, or known to be impossible. */
  async function send(chatId, content, clientMsgId = crypto.randomUUID()) {
    for (let attempt = 1; ; attempt += 1) {
      const ack = await socket.timeout(5_000)
        .emitWithAck("message:send", { chatId, content, clientMsgId })
        .catch(() => ({ ok: false, error: { code: "timeout" } }));
      if (ack.ok || !RETRYABLE.has(ack.error.code) || attempt === 20) return ack;
      const pause = ack.error.retryAfterMs ?? Math.min(5_000, 100 * 2 ** attempt);
      await new Promise((resolve) => { setTimeout(resolve, pause); });
    }
  }

  return { send, errors, report: () => errors };
}
