#!/usr/bin/env python3
"""A visitor and a bot on stock python-socketio 4 clients (Engine.IO 3, Socket.IO 2) against a gateway.

    gateway_eio3.py http://127.0.0.1:3000 WIDGET_KEY BOT_KEY

Such clients have no `auth`: credentials travel in the query. Prints what failed, or `ok`.
"""
import os
import queue
import sys
import time
import traceback

import socketio

PATIENCE = 15


class Client(socketio.Client):
    def __init__(self, url, credential, transports):
        super().__init__(reconnection=False)
        self.arriving = queue.Queue()
        # The stock client starts a thread for each message, which loses their order.
        trigger = self.eio._trigger_event
        self.eio._trigger_event = lambda event, *args, **kwargs: trigger(event, *args, **{**kwargs, "run_async": False})
        self.connect(f"{url}?{credential}", transports=transports)

    def _trigger_event(self, event, namespace, *args):
        self.arriving.put((event, args))

    def wait_for(self, event):
        deadline = time.monotonic() + PATIENCE
        while True:
            try:
                name, args = self.arriving.get(timeout=max(0, deadline - time.monotonic()))
            except queue.Empty:
                raise AssertionError(f"{event} never came") from None
            if name == event:
                return args[0] if args else None

    def ask(self, event, payload):
        return self.call(event, payload, timeout=PATIENCE)


def equal(found, expected):
    assert found == expected, f"found {found!r}, expected {expected!r}"


def conversation(url, widget_key, bot_key, transports):
    bot = Client(url, f"token={bot_key}", transports)
    equal(bot.wait_for("session")["role"], "ai")
    visitor = Client(url, f"key={widget_key}", transports)
    session = visitor.wait_for("session")

    sent = visitor.ask("message:send", {"content": "hola €😀", "clientMsgId": "m1"})
    equal((sent["ok"], sent["seq"]), (True, 1))
    heard = bot.wait_for("message:new")
    equal((heard["content"], heard["sender"]["role"]), ("hola €😀", "visitor"))
    answered = bot.ask("message:send", {"chatId": sent["chatId"], "content": "¿Qué tal? 👋", "inReplyToSeq": 1})
    equal((answered["ok"], answered["seq"]), (True, 2))
    equal(visitor.wait_for("message:new")["content"], "¿Qué tal? 👋")
    equal(visitor.ask("message:send", {"content": 7})["error"]["code"], "bad_payload")

    # The connection is lost without a word; the token brings the visitor back to his chat.
    visitor.eio.disconnect(abort=True)
    bot.ask("message:send", {"chatId": sent["chatId"], "content": "¿Sigue ahí?"})
    visitor = Client(url, f"token={session['token']}", transports)
    equal(visitor.wait_for("session")["chats"][0]["chatId"], sent["chatId"])
    joined = visitor.ask("chat:join", {"chatId": sent["chatId"], "afterSeq": 2})
    equal([message["content"] for message in joined["messages"]], ["¿Sigue ahí?"])
    again = visitor.ask("message:send", {"content": "hola €😀", "clientMsgId": "m1"})
    equal((again["seq"], again["duplicate"]), (1, True))
    for client in (visitor, bot):
        client.disconnect()


def refused(url):
    """Without a credential, or with a wrong one, the namespace is refused; what the client gets is the error's data."""
    for credential in ("", "token=nonsense", "key=puente_wk_nonsense"):
        client = Client(url, credential, ["websocket"])
        equal(client.wait_for("connect_error")["code"], "unauthenticated")
        client.disconnect()


def main(url, widget_key, bot_key):
    for transports in (["polling"], ["websocket"], None):
        conversation(url, widget_key, bot_key, transports)
    refused(url)
    print("ok")


if __name__ == "__main__":
    status = 1
    try:
        main(*sys.argv[1:])
        status = 0
    except Exception:
        traceback.print_exc()
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
        # Not `exit`: threads of clients that were cut off wait for their timers.
        os._exit(status)
