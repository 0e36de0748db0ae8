// The connection: stock socket.io-client 4 with a token from the page's fragment.

// It comes in the fragment, which no server and no log sees, and leaves the address bar at once.
const fragment = new URLSearchParams(location.hash.slice(1));
if (fragment.has("token")) {
  sessionStorage.setItem("desk.token", fragment.get("token"));
  history.replaceState(null, "", location.pathname);
}
export const token = sessionStorage.getItem("desk.token");
export const forgetToken = () => sessionStorage.removeItem("desk.token");

/** Not connected yet: without a token nobody is asked. */
export const socket = io({ auth: { token }, autoConnect: false });

export const pause = (ms) => new Promise((resolve) => { setTimeout(resolve, ms); });

/** Emits and resolves with the ack; a missing ack is `{ok: false, error: {code: "timeout"}}`, never an exception. */
export const request = (event, payload) => new Promise((resolve) => {
  socket.timeout(10_000).emit(event, payload, (error, ack) => {
    resolve(error ? { ok: false, error: { code: "timeout" } } : ack);
  });
});
