// Runs one of the examples under Node with the npm package `socket.io-client` (4.x):
//
//   npm install socket.io-client
//   node run.mjs reactive-bot http://127.0.0.1:3000 API_KEY
//
// The API key comes from `gateway apikey create --name my-bot --scopes messaging,analytics,automation`.
import { io } from "socket.io-client";

const [name, url, token] = process.argv.slice(2);
if (!name || !url || !token) {
  console.error("usage: node run.mjs EXAMPLE URL API_KEY");
  process.exit(64);
}
const { start } = await import(`./${name}.mjs`);
const socket = io(url, { auth: { token } });
socket.on("connect", () => console.log("connected"));
socket.on("connect_error", (error) => console.error("refused:", error.message, error.data ?? ""));
const running = start(socket);
setInterval(() => { if (running?.report) console.log(running.report()); }, 10_000);
