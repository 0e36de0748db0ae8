#!/usr/bin/env python3
"""make bench-gateway: what a visitor and an event cost the gateway itself, beside the bench listener in the same run.

The same small client opens the same number of WebSockets on both: visitors with a widget key on the gateway, plain clients on
`conformance`. Counted are processor time and memory of the server's process, PostgreSQL not among them: to connect, to hold,
and to tell three sockets of a chat something. On the gateway that is a replayed event: rows of `message:new` are put into the
outbox, as another node would, so that no use case runs; on the listener an event to a room of three.
"""
import argparse
import importlib.util
import json
import os
import re
import selectors
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
UPGRADE = (
    "GET /socket.io/?EIO=4&transport=websocket HTTP/1.1\r\nHost: localhost\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
    "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n"
).encode()
CHAT_SIZE = 3


def durable():
    """The script that starts a gateway on a private PostgreSQL."""
    spec = importlib.util.spec_from_file_location("durable", ROOT / "scripts" / "bench-durable.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


class Client:
    """A WebSocket that is in the root namespace."""

    def __init__(self, port, auth=None):
        self.socket = socket.create_connection(("127.0.0.1", port))
        self.socket.settimeout(30)
        self.buffer = b""
        self.socket.sendall(UPGRADE)
        self.until(b'"maxPayload":', b"}")
        self.send("40" + (json.dumps(auth) if auth else ""))
        self.until(b'40{"sid":', b"}")

    def send(self, text):
        data = text.encode()
        head = bytes([0x81, 0x80 | len(data)]) if len(data) < 126 else bytes([0x81, 0xFE]) + len(data).to_bytes(2, "big")
        # Masked with zeros, which changes nothing and is allowed.
        self.socket.sendall(head + bytes(4) + data)

    def until(self, mark, end=b""):
        """Reads until the mark, and behind it the end, have come; what stands between them. Forgets all up to there."""
        while True:
            at = self.buffer.find(mark)
            stop = self.buffer.find(end, at + len(mark)) if at >= 0 else -1
            if stop >= 0:
                found, self.buffer = self.buffer[at + len(mark) : stop], self.buffer[stop:]
                return found.decode()
            more = self.socket.recv(65536)
            if not more:
                raise SystemExit(f"bench-gateway: hung up on: {self.buffer[-300:]!r}")
            self.buffer += more


class Crowd:
    """Clients that are read together: pings are answered, what they are told is counted."""

    def __init__(self, clients):
        self.selector = selectors.DefaultSelector()
        for client in clients:
            client.tail = b""
            self.selector.register(client.socket, selectors.EVENT_READ, client)

    def read(self, seconds, mark=b"\0", wanted=None):
        """-> how often the mark came."""
        count, end = 0, time.monotonic() + seconds
        while time.monotonic() < end and (wanted is None or count < wanted):
            for key, _ in self.selector.select(0.1):
                client = key.data
                data = client.tail + client.socket.recv(65536)
                if not data:
                    raise SystemExit("bench-gateway: the server hung up")
                count += data.count(mark) - client.tail.count(mark)
                if b"\x81\x012" in data[len(client.tail) - 2 if client.tail else 0 :]:
                    client.send("3")
                client.tail = data[-(len(mark) - 1) :] if len(mark) > 1 else b""
        return count


class Server:
    def __init__(self, process):
        self.id = process.pid

    def processor(self):
        """Seconds on a processor, all threads."""
        total = 0
        for task in os.listdir(f"/proc/{self.id}/task"):
            try:
                total += int(Path(f"/proc/{self.id}/task/{task}/schedstat").read_text().split()[0])
            except FileNotFoundError:
                pass
        return total / 1e9

    def resident(self):
        return int(re.search(r"Rss:\s+(\d+)", Path(f"/proc/{self.id}/smaps_rollup").read_text())[1]) * 1024


def measure(server, options, connect, fan_out):
    """-> {figure: value}."""
    crowd = [connect() for _ in range(50)]
    idle = server.processor()
    time.sleep(options.hold / 2)
    idle = (server.processor() - idle) / (options.hold / 2)
    processor, memory = server.processor(), server.resident()
    crowd = [connect() for _ in range(options.connections)]
    figures = {"connect, us": (server.processor() - processor) * 1e6 / options.connections}
    held = Crowd(crowd)
    held.read(3)
    figures["bytes a connection"] = (server.resident() - memory) / options.connections
    processor = server.processor()
    held.read(options.hold)
    used = (server.processor() - processor) / options.hold
    figures["idle server, us a second"] = idle * 1e6
    figures["hold, us a connection and second"] = (used - idle) * 1e6 / options.connections
    figures["delivery, us"] = fan_out(server)
    return figures


def replay(gateway, options):
    """-> a function that measures the delivery of events that were put into the outbox."""

    def run(server):
        chats, clients = [], []
        for number in range(options.chats):
            first = Client(gateway.port, {"key": gateway.key})
            token = first.until(b'"token":"', b'"')
            first.send(f'421["message:send",{{"content":"replayed","clientMsgId":"replay-{number}-{os.getpid()}"}}]')
            chat = first.until(b'"chatId":"', b'"')
            # The first message is part of the event of the new chat.
            again = {"chatId": chat, "content": "replayed", "clientMsgId": f"replay-{number}-{os.getpid()}-2"}
            first.send("423" + json.dumps(["message:send", again]))
            first.until(b"433[", b"]")
            members = [first] + [Client(gateway.port, {"token": token}) for _ in range(CHAT_SIZE - 1)]
            for member in members:
                member.send(f'422["chat:join",{{"chatId":"{chat}"}}]')
                member.until(b"432[", b"]")
            chats.append(chat)
            clients += members
        crowd = Crowd(clients)
        crowd.read(3)
        wanted = options.chats * options.events * CHAT_SIZE
        ids = ",".join(f"'{chat}'::uuid" for chat in chats)
        processor, begin = server.processor(), time.monotonic()
        # In parts, as they would come: the relay reads pages, not everything at once.
        count = 0
        for part in range(options.events // 10):
            gateway.sql(f"""
                with c as (
                    update chats set event_no = event_no + 10 where id in ({ids}) returning workspace_id, id, event_no - 10 as last
                )
                insert into outbox (workspace_id, chat_id, event_no, kind, data, message_id, node)
                select c.workspace_id, c.id, c.last + n, o.kind, o.data, o.message_id, 'replay'
                from c join lateral (
                    select kind, data, message_id from outbox
                    where chat_id = c.id and kind = 'messagePosted' order by event_no limit 1
                ) o on true, generate_series(1, 10) n;""")
            count += crowd.read(30, b'"message:new"', wanted // (options.events // 10))
        if count < wanted:
            raise SystemExit(f"bench-gateway: {count} of {wanted} deliveries")
        return (server.processor() - processor) * 1e6 / count

    return run


def say(port, options):
    def run(server):
        clients = []
        for number in range(options.chats):
            for _ in range(CHAT_SIZE):
                client = Client(port)
                client.send(f'421["join","r{number}"]')
                client.until(b"431[", b"]")
                clients.append(client)
        crowd = Crowd(clients)
        # As long as what the gateway tells.
        text = "x" * 500
        processor, count = server.processor(), 0
        for _ in range(options.events):
            for number in range(options.chats):
                clients[number * CHAT_SIZE].send(f'42["say","r{number}","{text}"]')
            count += crowd.read(30, b'42["said"', options.chats * CHAT_SIZE)
        return (server.processor() - processor) * 1e6 / count

    return run


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--connections", type=int, default=1000, help="held at a time (1000)")
    parser.add_argument("--hold", type=float, default=30, help="seconds to hold them (30)")
    parser.add_argument("--chats", type=int, default=100, help="chats of three (100)")
    parser.add_argument("--events", type=int, default=50, help="events of each (50)")
    parser.add_argument("--port", type=int, default=21600, help="of the gateway, and before those of conformance")
    parser.add_argument("--no-build", action="store_true", help="use what is in .build-release")
    options = parser.parse_args()
    module = durable()

    def product(name):
        return ROOT / ".build-release" / "release" / name if options.no_build else module.build(name)

    binaries = {name: product(name) for name in ("gateway", "conformance")}
    results = {}
    ports = ["--port", str(options.port + 1), "--loops", "1"]
    listener = subprocess.Popen([binaries["conformance"], *ports], stdout=subprocess.PIPE, text=True)
    try:
        listener.stdout.readline()
        port = options.port + 6
        results["bench listener"] = measure(Server(listener), options, lambda: Client(port), say(port, options))
    finally:
        listener.terminate()
        listener.wait()
    directory = tempfile.mkdtemp(prefix="puente-bench-")
    # PostgreSQL runs as another user where root starts it, and has to pass through.
    os.chmod(directory, 0o711)
    gateway = module.Gateway(binaries["gateway"], directory, options.port, None)
    try:
        results["gateway"] = measure(
            Server(gateway.process), options, lambda: Client(gateway.port, {"key": gateway.key}), replay(gateway, options))
    finally:
        gateway.end()
        shutil.rmtree(directory, ignore_errors=True)
    for name in results["gateway"]:
        least, most = results["bench listener"][name], results["gateway"][name]
        print(f"{name:34} {least:12,.1f} {most:12,.1f} {most / least if least else 0:8.2f}x")
    return 0


if __name__ == "__main__":
    sys.exit(main())
