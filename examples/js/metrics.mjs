// 5. What a client can measure: round trips, counts, time connected.
//
// `ping` here is an event of the gateway (it echoes the timestamp); the heartbeat of Engine.IO is another thing and
// runs by itself.
export function start(socket, { every = 30_000 } = {}) {
  const metrics = { received: 0, sent: 0, reconnections: 0, errors: 0, latencies: [], connectedAt: null };

  const measure = () => { if (socket.connected) socket.emit("ping", { timestamp: Date.now() }); };
  socket.on("connect", () => { metrics.connectedAt = Date.now(); measure(); });
  socket.on("disconnect", () => { metrics.connectedAt = null; });
  socket.on("pong", ({ timestamp }) => metrics.latencies.push(Date.now() - timestamp));
  socket.on("error", () => { metrics.errors += 1; });
  socket.onAny((event) => { if (event.startsWith("message:")) metrics.received += 1; });
  socket.onAnyOutgoing((event) => { if (event.startsWith("message:")) metrics.sent += 1; });
  socket.io.on("reconnect", () => { metrics.reconnections += 1; });
  const timer = setInterval(measure, every);

  function report() {
    const sorted = metrics.latencies.toSorted((a, b) => a - b);
    const { latencies, connectedAt, ...counts } = metrics;
    return {
      ...counts,
      pings: latencies.length,
      medianLatency: sorted[Math.floor(sorted.length / 2)] ?? null,
      connectedFor: connectedAt ? Date.now() - connectedAt : 0,
    };
  }
  return { report, measure, stop: () => clearInterval(timer) };
}
