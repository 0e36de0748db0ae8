// The one line that all examples share: an event whose answer is awaited.
// `{ok: false, error: {code}}` is an answer like any other; no answer in time becomes one with the code "timeout".
export const ask = (socket, event, payload) => new Promise((resolve) => {
  socket.timeout(10_000).emit(event, payload, (error, ack) => {
    resolve(error ? { ok: false, error: { code: "timeout" } } : ack);
  });
});
