"""A small TCP proxy for one link, for the ways in which a line can fail."""

import socket
import struct
import threading
import time


class Proxy:
    """Forwards to `port` on this machine.

    `cut()` ends every connection, `reset()` does so rudely, `down()` refuses new ones as well. `trouble` is what happens to
    bytes on their way, in both directions: None; "blackhole" (nothing arrives until it is over); "deaf" (nothing arrives at
    who connected); ("delay", seconds); ("throttle", bytes a second); ("limit", bytes that each connection may still carry
    before it is reset)."""

    def __init__(self, port, host="127.0.0.1"):
        self.target = (host, port)
        self.listener = socket.create_server(("127.0.0.1", 0), backlog=128)
        self.port = self.listener.getsockname()[1]
        self.connections = set()
        self.lock = threading.Lock()
        self.is_down = False
        self.trouble = None
        threading.Thread(target=self._accept, daemon=True).start()

    def _accept(self):
        while True:
            try:
                near, _ = self.listener.accept()
            except OSError:
                return
            try:
                if self.is_down:
                    raise OSError("down")
                far = socket.create_connection(self.target, timeout=5)
                far.settimeout(None)
            except OSError:
                near.close()
                continue
            for end in (near, far):
                end.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            with self.lock:
                self.connections |= {near, far}
            for a, b in ((near, far), (far, near)):
                threading.Thread(target=self._pump, args=(a, b, a is near), daemon=True).start()

    def _pump(self, source, sink, is_upward):
        carried = 0
        try:
            while data := source.recv(65536):
                while self.trouble == "blackhole" or self.trouble == "deaf" and not is_upward:
                    time.sleep(0.02)
                kind, amount = self.trouble if isinstance(self.trouble, tuple) else (None, 0)
                if kind == "delay":
                    time.sleep(amount)
                elif kind == "throttle":
                    time.sleep(len(data) / amount)
                elif kind == "limit":
                    carried += len(data)
                    if carried > amount:
                        sink.sendall(data[:max(0, len(data) - (carried - amount))])
                        self._rudely(source, sink)
                        return
                sink.sendall(data)
        except OSError:
            pass
        finally:
            for end in (source, sink):
                try:
                    end.shutdown(socket.SHUT_RDWR)
                except OSError:
                    pass
                end.close()
            with self.lock:
                self.connections -= {source, sink}

    @staticmethod
    def _rudely(*ends):
        """A reset instead of an end: what was sent and not yet read is lost."""
        for end in ends:
            try:
                end.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
                # Wakes who reads without saying goodbye to the peer.
                end.shutdown(socket.SHUT_RD)
                end.close()
            except OSError:
                pass

    def _ends(self):
        with self.lock:
            return list(self.connections)

    def cut(self):
        for end in self._ends():
            try:
                end.shutdown(socket.SHUT_RDWR)
            except OSError:
                pass

    def reset(self):
        self._rudely(*self._ends())

    def down(self):
        self.is_down = True
        self.cut()

    def up(self):
        self.is_down = False

    def stop(self):
        self.trouble = None
        self.down()
        self.listener.close()
