"""What the widget shows beside messages: an answer while it is being written, and when somebody is there again."""

import datetime

import socketio

from harness import Gateway, check, equal, eventually, test
from pages import Shop


class Writer:
    """A bot that writes when it is told to."""

    def __init__(self, gateway):
        key = gateway.run("apikey", "create", "--name", "scribe", "--scopes", "messaging")
        self.socket = socketio.Client()
        self.turns = {}
        self.socket.on("bot:turn", lambda turn: self.turns.__setitem__(turn["chatId"], turn["turnId"]))
        self.socket.connect(gateway.address, auth={"token": key})

    def call(self, event, **payload):
        ack = self.socket.call(event, payload, timeout=10)
        check(ack["ok"], f"{event}: {ack}")

    def piece(self, chat, index, text):
        self.call("message:delta", chatId=chat, streamId="s", index=index, text=text)


def streaming(shop):
    return shop.window.run("return [...document.querySelectorAll('.chat-stream .chat-text')].map((p) => p.textContent)")


@test
def an_answer_that_is_being_written(browser, gateway):
    """what a bot is writing is there while it writes, is its message in the end, and goes away when no message comes"""
    bot = Writer(gateway)
    try:
        # The demo's bot has its share of the chats; one of the first few is ours.
        for number in range(4):
            shop = Shop(browser, gateway, f"stream-{number}")
            shop.language("en")
            shop.say("hello")
            # The demo's bot greets; ours is told that it has the turn.
            eventually(lambda: shop.theirs or bot.turns, "a bot has the chat")
            if bot.turns:
                break
        shop.shows("talking to scribe")
        chat = shop.window.run("return localStorage.getItem('chat.id')")
        turn = eventually(lambda: bot.turns.get(chat), "the bot has the turn")
        bot.piece(chat, 0, "One mo")
        eventually(lambda: streaming(shop) == ["One mo"], lambda: f"the beginning: {streaming(shop)}")
        bot.piece(chat, 1, "ment <b>")
        eventually(lambda: streaming(shop) == ["One moment <b>"], lambda: f"more of it: {streaming(shop)}")
        bot.call("message:send", chatId=chat, content="One moment, please.", turnId=turn, streamId="s")
        shop.hears("One moment, please.")
        equal(streaming(shop), [], "streams behind the message")
        equal(shop.texts, ["hello", "One moment, please."], "messages")
        # A bot that is gone leaves nothing half said.
        shop.say("and now?")
        eventually(lambda: bot.turns.get(chat) != turn, "the bot has the next turn")
        bot.call("message:delta", chatId=chat, streamId="t", index=0, text="Half a")
        eventually(lambda: streaming(shop) == ["Half a"], lambda: f"the second stream: {streaming(shop)}")
        bot.socket.disconnect()
        eventually(lambda: streaming(shop) == [], "what nobody goes on writing is gone")
        equal(browser.complaints(), [], "the browser's complaints")
    finally:
        bot.socket.disconnect()


@test
def out_of_hours(browser, gateway):
    """out of hours the visitor reads when somebody is there again, also after a reload"""
    closed = Gateway()
    try:
        opens = datetime.datetime.now(datetime.UTC).date() + datetime.timedelta(days=3)
        file = f"{closed.folder}/hours.yaml"
        with open(file, "w") as text:
            text.write("queues:\n  - name: default\n    hours:\n      timezone: UTC\n      weekly:\n"
                       f"        {opens.strftime('%a').lower()}: [\"09:00-10:00\"]\n")
        closed.run("apply", file)
        shop = Shop(browser, closed, "closed")
        for language, words in (("es", "Volvemos el"), ("en", "We are back on")):
            shop.language(language)
            if language == "es":
                shop.say("Quiero hablar con una persona")
            shop.shows(words, patience=20)
            day = shop.window.run("return new Date(arguments[0]).toLocaleString(arguments[1], {day: 'numeric', month: 'long'})",
                                  f"{opens}T09:00:00Z", language)
            check(str(opens.day) in shop.state, f"no {day!r} in {shop.state!r}")
        shop.reload()
        shop.shows("We are back on")
    finally:
        closed.stop()
